/** Each trouble once, its richest reading, what only follows from another under it. Pure. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Finding } from './finding.ts';

/** What is usually left behind by a failure before it: the download failed, so a requirement or a line is missing. */
const CONSEQUENCES: ReadonlySet<Cause> = new Set(['gosum-missing-entry', 'outside-module', 'env-overridden']);

/** What follows from the rest comes last. */
export function rank({ cause, confidence }: Pick<Finding, 'cause' | 'confidence'>): number {
  if (cause === 'unknown') return 3;
  if (CONSEQUENCES.has(cause)) return 1;
  return confidence < 0.5 ? 2 : 0;
}

/** One problem reported twice: the same cause of the same host, or of one that a reading does not name. */
export function isSameTrouble(a: Finding, b: Finding): boolean {
  const sameCause = a.cause === b.cause || a.underlying === b.cause || a.cause === b.underlying;
  return sameCause && (a.host === b.host || a.host === undefined || b.host === undefined);
}

/** The findings of a text, the decisive first. Those that no rule reads count only when nothing else was found. */
export function fold(findings: readonly Finding[]): readonly Finding[] {
  const merged: Finding[] = [];
  for (const finding of findings) {
    const i = merged.findIndex((one) => isSameTrouble(one, finding));
    const known = merged[i];
    if (known === undefined) merged.push(finding);
    else merged[i] = richer(known, finding);
  }
  const ordered = merged.toSorted((a, b) => rank(a) - rank(b));
  const read = ordered.filter(({ cause }) => cause !== 'unknown');
  if (read.length === 0) return ordered.toSorted((a, b) => b.confidence - a.confidence).slice(0, 1);
  return lessSure(read);
}

/** The reading that says more, with what only the other knows. */
function richer(a: Finding, b: Finding): Finding {
  const isWrapped = a.underlying === undefined && b.underlying !== undefined;
  const [best, other] = isWrapped || (a.confidence < 0.5 && b.confidence >= 0.5) ? [b, a] : [a, b];
  const sameHost = best.host === undefined || other.host === undefined || best.host === other.host;
  return {
    ...best,
    host: best.host ?? other.host,
    module: best.module ?? (sameHost ? other.module : undefined),
    url: best.url ?? other.url,
    httpStatus: best.httpStatus ?? other.httpStatus,
    underlying: best.underlying ?? (other.cause === best.cause ? other.underlying : undefined),
    confidence: Math.max(best.confidence, other.cause === best.cause ? other.confidence : 0),
  };
}

/** Of several different troubles the first is mostly the one that matters, not always. */
const SEVERAL = 0.85;

function lessSure(findings: readonly Finding[]): readonly Finding[] {
  const [first, second] = findings;
  if (first === undefined || second === undefined || rank(second) > 0 || first.cause === second.cause) return findings;
  return [{ ...first, confidence: Math.min(first.confidence, SEVERAL) }, ...findings.slice(1)];
}
