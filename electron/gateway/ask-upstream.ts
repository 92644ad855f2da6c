/** Requests to one upstream and what its answers mean for a race: small files in one piece, zips into a file. */
import { escapeModule } from '../../shared/domain/module-path.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import { retryAfterMs } from '../probe/retry-after.ts';
import type { Clock } from '../system/clock.ts';
import type { HttpAnswer, HttpClient, HttpHead, HttpRequest } from '../system/http-client.ts';
import { judgeAnswer } from './judge-answer.ts';
import type { Attempted } from './race.ts';
import type { ModuleRoute } from './route.ts';
import type { Upstream } from './upstream.ts';

/** What asking needs. */
export interface Asking {
  readonly client: HttpClient;
  readonly clock: Clock;
}

/** An upstream that fetches from the origin may take a minute; beyond that nothing has ever come. */
export const HEADER_MS = 60_000;
const BODY_IDLE_MS = 30_000;
/** `go` bounds go.mod at 16 MiB (cmd/go/internal/modfetch/codehost, MaxGoMod); lists of 100,000 versions have 2 MB. */
const MAX_SMALL_BYTES = 16 * 1024 * 1024;
/** As `go` does (codehost.MaxZipFile). */
export const MAX_ZIP_BYTES = 500 * 1024 * 1024;
/** A size is a courtesy: nobody waits long for one. */
const SIZE_MS = 5_000;
/** What of an error's text is passed on. */
const MAX_TEXT = 2_000;
/** A module that cannot exist: only an upstream that refuses everybody refuses it (RFC 6761 §6.4). */
const CONTROL = 'gopherbar.invalid/control/@v/list';

/** Asks for a small file and judges the answer. */
export async function askSmall(
  asking: Asking,
  upstream: Upstream,
  route: Exclude<ModuleRoute, { kind: 'zip' }>,
  cachedOnly: boolean,
  signal: AbortSignal,
): Promise<Attempted<HttpAnswer>> {
  const { clock } = asking;
  const began = clock.monotonic();
  const result = await asking.client.fetch(requestFor(upstream, routePath(route), cachedOnly, MAX_SMALL_BYTES, signal));
  if (result.outcome === 'cancelled') return CANCELLED;
  const now = clock.monotonic();
  if (result.outcome === 'failed') {
    upstream.failed(now, null);
    return { kind: 'failed', reason: `${result.failure.cause} (${result.failure.message})` };
  }
  const { answer } = result;
  if (answer.status !== 200) return notOk(asking, upstream, answer, answer.body, now - began);
  const objection = judgeAnswer(route, answer.headers['content-type'] ?? '', answer.body);
  if (objection !== null) {
    upstream.failed(now, null);
    return { kind: 'failed', reason: objection };
  }
  upstream.succeeded(now, now - began);
  return { kind: 'have', value: answer };
}

/** Bytes of a zip as an upstream announces them, which fetches nothing for it; null when it does not say. */
export async function askSize(
  asking: Asking,
  upstream: Upstream,
  route: Extract<ModuleRoute, { kind: 'zip' | 'mod' }>,
  signal: AbortSignal,
): Promise<number | null> {
  const request = requestFor(upstream, routePath(route), true, MAX_SMALL_BYTES, signal);
  const result = await asking.client.fetch({ ...request, method: 'HEAD', limits: { totalMs: SIZE_MS } });
  // Such an upstream is not asked for the next size; a refusal of HEAD says nothing about its health.
  if (result.outcome === 'failed') upstream.failed(asking.clock.monotonic(), null);
  if (result.outcome !== 'ok' || result.answer.status !== 200) return null;
  const bytes = Number(result.answer.headers['content-length'] ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes > 0 && bytes <= MAX_ZIP_BYTES ? bytes : null;
}

/** What an answer other than 200 or 206 means. */
export async function notOk(
  asking: Asking,
  upstream: Upstream,
  { status, headers }: HttpHead,
  body: Buffer,
  tookMs: DurationMs,
): Promise<Attempted<never>> {
  const now = asking.clock.monotonic();
  if (status === 404 || status === 410) {
    upstream.succeeded(now, tookMs);
    return { kind: 'absent', status, text: plainText(headers, body) ?? 'not found' };
  }
  if (status === 403 || status === 451) {
    if (upstream.hasServed(now) || (await servesOthers(asking, upstream, new AbortController().signal))) {
      return { kind: 'blocked', status, text: plainText(headers, body) ?? 'forbidden' };
    }
    upstream.failed(asking.clock.monotonic(), null);
    return { kind: 'failed', reason: `status ${status} for everything`, isFinal: true };
  }
  const rest = status === 429 || status === 503 ? retryAfterMs(headers['retry-after'], asking.clock.now()) : null;
  upstream.failed(now, status === 429 ? (rest ?? DEFAULT_REST_MS) : rest);
  const isFinal = status >= 400 && status < 500 && status !== 429 && status !== 408 && status !== 425;
  return { kind: 'failed', reason: `status ${status}`, isFinal };
}

/** Of a 429 that names no time. */
const DEFAULT_REST_MS = 250;

export const CANCELLED: Attempted<never> = { kind: 'failed', reason: 'cancelled', isFinal: true, isSilent: true };

/** A request for a path below an upstream's base; the path is escaped already. */
export function requestFor(
  upstream: Upstream,
  path: string,
  cachedOnly: boolean,
  maxBytes: number,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    url: `${upstream.base}/${path}`,
    // As proxy.golang.org has it: answer from your cache, fetch nothing.
    headers: { ...upstream.headers, ...headers, ...(cachedOnly ? { 'disable-module-fetch': 'true' } : {}) },
    maxBytes,
    limits: { headerMs: HEADER_MS, bodyIdleMs: BODY_IDLE_MS, totalMs: 0 },
    signal,
  };
}

/** The path of a file below an upstream's base, percent-encoded as `go` does it (net/url, PathEscape). */
export function routePath(route: ModuleRoute): string {
  return treePath(route).split('/').map(pathEscape).join('/');
}

/** The path of a file in a GOPROXY tree: escaped for file systems, not for URLs. */
export function treePath(route: ModuleRoute): string {
  const path = escapeModule(route.path);
  if (route.kind === 'latest') return `${path}/@latest`;
  return `${path}/@v/${route.kind === 'list' ? 'list' : `${escapeModule(route.version)}.${route.kind}`}`;
}

function pathEscape(segment: string): string {
  return encodeURIComponent(segment).replaceAll('!', '%21').replaceAll('%40', '@').replaceAll('%2B', '+');
}

/** Whether an upstream answers anything but a refusal to a module that cannot exist. */
export async function servesOthers({ client }: Asking, upstream: Upstream, signal: AbortSignal): Promise<boolean> {
  const request = requestFor(upstream, CONTROL, true, MAX_SMALL_BYTES, signal);
  const result = await client.fetch({ ...request, limits: { totalMs: 5_000 } });
  return (
    result.outcome === 'ok' &&
    (result.answer.status === 404 || result.answer.status === 410 || result.answer.status === 200)
  );
}

function plainText(headers: HttpHead['headers'], body: Buffer): string | null {
  if (!/^text\/plain\b/i.test(headers['content-type'] ?? '')) return null;
  const text = body.toString('utf8', 0, MAX_TEXT).trim();
  return text === '' ? null : text;
}
