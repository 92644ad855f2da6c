/** What an update server publishes, and what of it is accepted. Pure. */
import semver from 'semver';
import type { Cause } from '../../shared/domain/cause.ts';
import { statusCause } from '../../shared/domain/http-status.ts';
import type { FeedFailure } from '../../shared/domain/update.ts';

/** Larger update information is not read, bytes. Ours has 1 kB and the release notes. */
export const MAX_FEED_BYTES = 200_000;

/** Characters of the release notes that are shown. */
const MAX_NOTES = 8_000;

/** Base64 of 64 bytes. */
const SHA512 = /^[A-Za-z0-9+/]{86}==$/;

/** Update information as a server sent it. */
export interface FeedText {
  /** Where it was requested. */
  readonly url: string;
  readonly text: string;
}

/** Update information, or why there is none. */
export type FeedReading =
  | { readonly ok: true; readonly feed: FeedText }
  | { readonly ok: false; readonly failure: FeedFailure; readonly cause: Cause | null; readonly detail: string };

/** The part of electron-updater's update information that is judged here. */
export interface UpdateFiles {
  readonly version: string;
  readonly files?: readonly { readonly url: string; readonly sha512?: string | null }[] | null;
}

/**
 * The URL of the update information below a server's base URL. The names are electron-builder's: `latest-mac.yml` for the
 * universal app, `latest-linux.yml` and `latest-linux-arm64.yml`.
 */
export function feedUrl(base: string, platform: NodeJS.Platform, arch: string): string {
  const suffix = platform === 'darwin' ? '-mac' : arch === 'x64' ? '-linux' : `-linux-${arch}`;
  return `${base.replace(/\/+$/, '')}/latest${suffix}.yml`;
}

/** Judges a response of an update server. */
export function judgeResponse(url: string, status: number, text: string): FeedReading {
  if (status === 404 || status === 410) return unusable(`HTTP ${status}`);
  if (status !== 200) {
    return { ok: false, failure: 'unreachable', cause: statusCause(status), detail: `HTTP ${status}` };
  }
  if (/^\s*(?:<!doctype html|<html)/i.test(text)) {
    return { ok: false, failure: 'unreachable', cause: 'captive-portal', detail: 'HTML' };
  }
  return /^version: /m.test(text) ? { ok: true, feed: { url, text } } : unusable(text.slice(0, 80));
}

/**
 * Why an offer must not be downloaded; null = it may be. Every file needs a SHA-512 and must lie on the server that offers
 * it: electron-updater alone would take a SHA-256, and a file from anywhere.
 */
export function offerProblem({ version, files }: UpdateFiles, url: string): string | null {
  if (semver.valid(version) === null) return `version ${version}`;
  if (files === undefined || files === null || files.length === 0) return 'no files';
  const { origin } = new URL(url);
  for (const file of files) {
    if (!SHA512.test(file.sha512 ?? '')) return `no SHA-512 of ${file.url}`;
    if (new URL(file.url, url).origin !== origin) return `a file elsewhere: ${file.url}`;
  }
  return null;
}

/** Whether a version is newer than another. */
export function isNewer(version: string, than: string): boolean {
  return semver.gt(version, than);
}

/** Release notes as text; electron-updater gives one text, or one for each version. */
export function notesOf(notes: string | readonly { readonly note: string | null }[] | null | undefined): string {
  const text = typeof notes === 'string' ? notes : (notes ?? []).map(({ note }) => note ?? '').join('\n\n');
  return text.trim().slice(0, MAX_NOTES);
}

function unusable(detail: string): FeedReading {
  return { ok: false, failure: 'not-a-feed', cause: null, detail };
}
