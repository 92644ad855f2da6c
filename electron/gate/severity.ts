/** The severity of a vulnerability from its CVSS vectors. */
import cvss from 'ae-cvss-calculator';
import type { OsvEntry } from './osv.ts';

/** Newest first: a later version of the standard corrects the earlier. */
const TYPES = ['CVSS_V4', 'CVSS_V3', 'CVSS_V2'];

/** The score 0…10 of the newest vector that can be read, of the entry or of what it says of one module; null = none. */
export function scoreOf(entry: OsvEntry, module: string): number | null {
  const own = entry.affected.flatMap((one) => (one.package.name === module ? one.severity : []));
  const vectors = [...own, ...entry.severity].toSorted((a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type));
  for (const { type, score } of vectors) {
    const value = TYPES.includes(type) ? scoreOfVector(score) : null;
    if (value !== null) return value;
  }
  return null;
}

/** Metrics as `AV:N`, after the version of the standard from 3.0 on. */
const VECTOR = /^(?:CVSS:\d\.\d\/)?[A-Za-z]{1,3}:[A-Za-z]{1,5}(?:\/[A-Za-z]{1,3}:[A-Za-z]{1,5}){0,60}$/;

/** The base score of a vector such as `CVSS:3.1/AV:N/…`; null = not a complete vector. */
export function scoreOfVector(vector: string): number | null {
  // The calculator prints what it cannot read, and throws on some of it.
  if (!VECTOR.test(vector)) return null;
  try {
    const score = cvss.fromVector(vector)?.calculateScores().base;
    return typeof score === 'number' && Number.isFinite(score) ? score : null;
  } catch {
    return null;
  }
}
