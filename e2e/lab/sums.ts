/** Hashes of go.sum and of RFC 6962, implemented independently: the product must not be tested with its own code. */
import { createHash } from 'node:crypto';

/** golang.org/x/mod/sumdb/dirhash, Hash1, over names and texts. */
export function h1(files: readonly (readonly [name: string, text: string])[]): string {
  const sorted = [...files].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const lines = sorted.map(([name, text]) => `${createHash('sha256').update(text).digest('hex')}  ${name}\n`);
  return `h1:${createHash('sha256').update(lines.join('')).digest('base64')}`;
}

/** RFC 6962 §2.1: a leaf. */
export function leafOf(record: string): Buffer {
  return createHash('sha256').update('\0').update(record).digest();
}

/** RFC 6962 §2.1: the root over leaves, at least one. */
export function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  const [one, two] = [rootOf(leaves.slice(0, left)), rootOf(leaves.slice(left))];
  return createHash('sha256').update(Buffer.of(1)).update(one).update(two).digest();
}
