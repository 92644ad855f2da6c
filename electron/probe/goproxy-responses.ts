/**
 * What answers of the GOPROXY protocol must look like (https://go.dev/ref/mod#goproxy-protocol). Pure; each reader
 * returns null for a good answer or the cause of a bad one.
 */
import * as v from 'valibot';
import type { Cause } from '../../shared/domain/cause.ts';
import type { ModuleVersion } from '../../shared/domain/endpoint.ts';
import { classifyStatus } from './classify.ts';

/** Bytes that no healthy answer exceeds: a list of 100,000 versions has 2 MB; `go` itself bounds go.mod at 16 MiB. */
export const MAX_BYTES = {
  info: 64 * 1024,
  latest: 64 * 1024,
  list: 8 * 1024 * 1024,
  mod: 16 * 1024 * 1024,
  zip: 64 * 1024,
  'sumdb-relay': 64 * 1024,
  missing: 64 * 1024,
  'other-module': 64 * 1024,
} as const;

/** A version that tags a release, in canonical form: `go` insists on getting exactly that one back. */
const CANONICAL = /^v\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+incompatible)?$/;

/** Pseudo-versions name commits; no list has them (https://go.dev/ref/mod#pseudo-versions). */
const PSEUDO = /[-.]\d{14}-[0-9a-f]{12}(?:\+incompatible)?$/;

/** RFC 3339, as encoding/json reads a time.Time. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** `Time` may be missing, as for `go`. Like encoding/json, keys are taken whatever their case. */
const info = v.pipe(
  v.string(),
  v.parseJson(),
  v.record(v.string(), v.unknown()),
  v.transform((fields) => Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]))),
  v.object({ version: v.pipe(v.string(), v.nonEmpty()), time: v.nullish(v.pipe(v.string(), v.regex(TIME))) }),
);

/** `.info`: JSON that names the version asked for. */
export function checkInfo(body: Buffer, module: ModuleVersion): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  const parsed = v.safeParse(info, text);
  if (!parsed.success) return 'not-a-goproxy';
  return parsed.output.version === module.version || !CANONICAL.test(module.version) ? null : 'not-a-goproxy';
}

/** `@latest`: the same JSON, for whatever version is newest. */
export function checkLatest(body: Buffer): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  return v.is(info, text) ? null : 'not-a-goproxy';
}

/** The beginning of a `.zip`: a local file header, or the end record of an empty archive (APPNOTE.TXT §4.3). */
export function checkZip(body: Buffer): Cause | null {
  if (looksLikeHtml(body.toString('utf8'))) return 'captive-portal';
  const signature = body.toString('latin1', 0, 4);
  return signature === 'PK\x03\x04' || signature === 'PK\x05\x06' ? null : 'zip-corrupt';
}

/** `list`: versions, one a line, each perhaps followed by a time; must have the version asked for if it is a tag. */
export function checkList(body: Buffer, { version }: ModuleVersion): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  if (!CANONICAL.test(version) || PSEUDO.test(version)) return null;
  return text.split('\n').some((line) => line.split(/\s/, 1)[0] === version) ? null : 'not-a-goproxy';
}

/** `.mod`: a go.mod that declares the module asked for. */
export function checkMod(body: Buffer, module: ModuleVersion): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  const declared = /^[ \t]*module[ \t]+(?:"([^"\n]+)"|`([^`\n]+)`|(\S+))/m.exec(text);
  const path = declared?.[1] ?? declared?.[2] ?? declared?.[3];
  return path === module.path ? null : 'not-a-goproxy';
}

/** A name that cannot exist must be answered with 404 or 410: a server that has it answers every path, or none, for real. */
export function checkMissing(status: number, body: Buffer): Cause | null {
  if (status === 404 || status === 410) return null;
  if (status === 200) return looksLikeHtml(body.toString('utf8')) ? 'captive-portal' : 'not-a-goproxy';
  return classifyStatus(status, '');
}

/** Whether a body is a web page. */
export function looksLikeHtml(text: string): boolean {
  return /^[\s\uFEFF]*<(?:!doctype|html|head|body|script|meta|\?xml|!--|title|h1|p|div|center|a)\b/i.test(
    text.slice(0, 2_000),
  );
}

/** The first characters of a body for a person: one line, printable, bounded. */
export function bodyStart(body: Buffer): string {
  const text = body.subarray(0, 1_000).toString('utf8');
  return text
    .replace(/[\s\p{Cc}\ufffd]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
