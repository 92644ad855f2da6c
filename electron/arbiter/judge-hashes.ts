/**
 * On a SECURITY ERROR: whose copy of a module is wrong. The database's record is what everyone was given first, signed and
 * never rewritten; it wins over any copy. Without it no copy counts for more than another. Pure.
 */
import type { Cause } from '../../shared/domain/cause.ts';

export const ARBITER_VERDICTS = [
  'all-agree',
  'go-sum-wrong',
  'bad-mirror',
  'retagged-upstream',
  'tampering',
  'no-record-copies-agree',
  'no-record-copies-differ',
  'cannot-tell',
] as const;
export type ArbiterVerdict = (typeof ARBITER_VERDICTS)[number];

/** A copy that one source serves. */
export interface Copy {
  /** A proxy's URL without password, or `direct`. */
  readonly from: string;
  /** `h1:…`; null when it could not be had. */
  readonly hash: string | null;
  readonly cause: Cause | null;
}

export interface Hashes {
  /** The hash in go.sum; null without one. */
  readonly goSum: string | null;
  /** null when the database has no record, or could not be asked. */
  readonly record: string | null;
  readonly copies: readonly Copy[];
}

export interface Arbitration {
  readonly verdict: ArbiterVerdict;
  /** Who serves something else than the record, or than the others. */
  readonly wrong: readonly string[];
}

/** Judges. */
export function judgeHashes({ goSum, record, copies }: Hashes): Arbitration {
  const served = copies.filter((one): one is Copy & { hash: string } => one.hash !== null);
  if (record === null) return withoutRecord(goSum, served);
  const wrong = served.filter(({ hash }) => hash !== record);
  const origin = served.find(({ from }) => from === 'direct');
  const proxies = served.filter(({ from }) => from !== 'direct');
  if (origin !== undefined && origin.hash !== record) {
    // The source itself changed after it was recorded; proxies that fetched it since have the new one.
    return { verdict: 'retagged-upstream', wrong: wrong.map(({ from }) => from) };
  }
  if (wrong.length > 0) {
    const isEverywhere = proxies.length > 1 && wrong.length === proxies.length;
    // One bad cache is an accident; the same wrong copy from everyone, while the source is right or silent, is not.
    const isOne = new Set(wrong.map(({ hash }) => hash)).size === 1;
    return { verdict: isEverywhere && isOne ? 'tampering' : 'bad-mirror', wrong: wrong.map(({ from }) => from) };
  }
  if (goSum !== null && goSum !== record) return { verdict: 'go-sum-wrong', wrong: ['go.sum'] };
  return served.length === 0 ? { verdict: 'cannot-tell', wrong: [] } : { verdict: 'all-agree', wrong: [] };
}

function withoutRecord(goSum: string | null, served: readonly (Copy & { readonly hash: string })[]): Arbitration {
  const hashes = new Set(served.map(({ hash }) => hash));
  if (served.length === 0) return { verdict: 'cannot-tell', wrong: [] };
  if (hashes.size > 1) {
    const wrong = goSum === null ? [] : served.filter(({ hash }) => hash !== goSum).map(({ from }) => from);
    return { verdict: 'no-record-copies-differ', wrong };
  }
  const [only] = hashes;
  return { verdict: 'no-record-copies-agree', wrong: goSum !== null && goSum !== only ? ['go.sum'] : [] };
}

/** The hash of a module's zip in a go.sum; null when no line has it. */
export function hashInGoSum(text: string, module: { readonly path: string; readonly version: string }): string | null {
  for (const line of text.split('\n')) {
    const [path, version, hash] = line.trim().split(/\s+/);
    if (path === module.path && version === module.version && hash?.startsWith('h1:')) return hash;
  }
  return null;
}
