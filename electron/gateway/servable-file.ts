/** What the gateway serves. */
import { createHash } from 'node:crypto';
import type { EpochMs } from '../../shared/domain/units.ts';

/** A file that can be served: from memory, or from disk. */
export interface ServableFile {
  readonly body: Buffer | null;
  /** Absolute; of a file on disk. */
  readonly file: string | null;
  readonly bytes: number;
  readonly sha256: string;
  readonly modifiedAt: number;
  readonly verified: boolean;
}

/** Bytes that are served as they are and kept nowhere; `now` is UTC. */
export function unstoredBytes(body: Buffer, now: EpochMs): ServableFile {
  const sha256 = createHash('sha256').update(body).digest('base64url');
  return { body, file: null, bytes: body.length, sha256, modifiedAt: Math.floor(now / 1_000) * 1_000, verified: false };
}
