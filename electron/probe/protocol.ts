/**
 * What answers of the GOPROXY protocol must look like (https://go.dev/ref/mod#goproxy-protocol). Pure; each reader
 * returns null for a good answer or the cause of a bad one.
 */
import * as v from 'valibot';
import type { Cause } from '../../shared/domain/cause.ts';
import type { ModuleVersion } from '../../shared/domain/endpoint.ts';

/** Bytes that no healthy answer exceeds: a list of 100,000 versions has 2 MB; `go` itself bounds go.mod at 16 MiB. */
export const MAX_BYTES = { info: 64 * 1024, list: 8 * 1024 * 1024, mod: 16 * 1024 * 1024, missing: 64 * 1024 } as const;

const info = v.object({ Version: v.string(), Time: v.optional(v.string()) });

/** `.info`: JSON that names the version asked for. */
export function checkInfo(body: Buffer, module: ModuleVersion): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), info), text);
  return parsed.success && parsed.output.Version === module.version ? null : 'not-a-goproxy';
}

/** `list`: versions, one a line, each perhaps followed by a time; may be empty. */
export function checkList(body: Buffer): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.every((line) => /^v\d+\.\d+\.\d+\S*(\s|$)/.test(line)) ? null : 'not-a-goproxy';
}

/** `.mod`: a go.mod that declares the module asked for. */
export function checkMod(body: Buffer, module: ModuleVersion): Cause | null {
  const text = body.toString('utf8');
  if (looksLikeHtml(text)) return 'captive-portal';
  const declared = /^[ \t]*module[ \t]+(?:"([^"\n]+)"|`([^`\n]+)`|(\S+))/m.exec(text);
  const path = declared?.[1] ?? declared?.[2] ?? declared?.[3];
  return path === module.path ? null : 'not-a-goproxy';
}

/** A name that cannot exist must be answered with 404 or 410: whoever has it, has everything, or nothing. */
export function checkMissing(status: number, body: Buffer): Cause | null {
  if (status === 404 || status === 410) return null;
  if (status === 200) return looksLikeHtml(body.toString('utf8')) ? 'captive-portal' : 'not-a-goproxy';
  return status === 511 ? 'captive-portal' : null;
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
