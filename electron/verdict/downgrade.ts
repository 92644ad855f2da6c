/** A connection that is less than it was: evidence of something new on the path. Pure. */
import type { FailedResult, Note, OkResult } from '../../shared/domain/result.ts';

/** The best that an endpoint has agreed on so far. */
export interface BestConnection {
  /** Such as `TLSv1.3`; later versions sort later. */
  readonly tlsVersion: string;
  readonly isHttp2: boolean;
}

/** What this result lacks compared with the best before it. */
export function downgradeNotes(
  best: BestConnection | null,
  { tls, protocol }: OkResult | FailedResult,
): readonly Note[] {
  if (best === null || tls === undefined) return [];
  const notes: Note[] = [];
  if (tls.version < best.tlsVersion) notes.push('tls-downgraded');
  if (best.isHttp2 && protocol === 'http/1.1') notes.push('http2-lost');
  return notes;
}

/** The best of what was and what is. */
export function bestOf(best: BestConnection | null, { tls, protocol }: OkResult | FailedResult): BestConnection | null {
  if (tls === undefined) return best;
  const isHttp2 = protocol === 'h2' || best?.isHttp2 === true;
  const known = best?.tlsVersion ?? '';
  return { tlsVersion: tls.version > known ? tls.version : known, isHttp2 };
}
