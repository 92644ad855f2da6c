/** One request and its answer over a ready connection, whichever HTTP it speaks. Bounded in bytes and time. */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { ConnectionRecord } from './connection.ts';
import { type Bounds, PhaseError } from './phase-error.ts';

export interface ExchangeRequest {
  /** Path and query. */
  readonly path: string;
  /** Host, with its port unless it is the scheme's own. */
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBodyBytes: number;
  /** Limit of the phase `response`. */
  readonly headerMs: DurationMs;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What an exchange notes as it goes. */
export interface ExchangeRecord extends ConnectionRecord {
  status?: number;
  contentType?: string;
  bodyBytes?: number;
}

/** A header section above this is no healthy answer (llhttp's and most servers' limit is 16 KiB). */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Sends requests over one connection, one after the other; `close` ends it. */
export interface HttpSession {
  send(request: ExchangeRequest, bounds: Bounds, record: ExchangeRecord): Promise<Answer>;
  close(): void;
}

/** Gathers a body; tells when it grows beyond what is allowed. */
export class BodyCollector {
  readonly #chunks: Buffer[] = [];
  readonly #limit: number;
  readonly #record: ExchangeRecord;
  #size = 0;

  constructor(limit: number, record: ExchangeRecord) {
    this.#limit = limit;
    this.#record = record;
  }

  /** Adds a chunk; false when the body is too large and reading must stop. */
  add(chunk: Buffer): boolean {
    this.#size += chunk.length;
    this.#record.bodyBytes = this.#size;
    if (this.#size > this.#limit) return false;
    this.#chunks.push(chunk);
    return true;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  tooLarge(): PhaseError {
    return new PhaseError('body', 'response-too-large', `more than ${this.#limit} bytes`);
  }
}

/** The error of a phase that ran out of time. */
export function lateError(phase: 'response' | 'body', limitMs: DurationMs): PhaseError {
  const what = phase === 'response' ? 'no response' : 'the response did not end';
  return new PhaseError(phase, 'response-timeout', `${what} within ${Math.round(limitMs)} ms`);
}
