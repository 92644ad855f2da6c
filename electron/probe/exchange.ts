/** One request and its answer over a ready connection, whichever HTTP it speaks. Bounded in bytes and time. */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { PhaseError } from './phase-error.ts';

export interface ExchangeRequest {
  /** Path and query. */
  readonly path: string;
  /** Host, with its port unless it is the scheme's own. */
  readonly authority: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of a 200; any other body is only a hint for a person and read up to MAX_HINT_BYTES. */
  readonly maxBodyBytes: number;
  /** Reading stops here with what has come: the beginning is enough. */
  readonly enoughBytes?: number | undefined;
  /** Limit of the phase `response`. */
  readonly headerMs: DurationMs;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What an exchange notes as it goes. */
export interface ExchangeRecord extends ConnectionRecord {
  status?: number;
  contentType?: string;
  /** As the server wrote it. */
  retryAfter?: string;
  bodyBytes?: number;
  /** Monotonic instant of the last byte, or of the failure. */
  endedAt?: DurationMs;
}

/** The error of headers beyond every measure. */
export function tooLarge(): PhaseError {
  return new PhaseError('response', 'response-too-large', 'more headers than any healthy answer has');
}

/** What is read of a body whose status already decides. */
export const MAX_HINT_BYTES = 64 * 1024;

/** Sends requests over one connection, one after the other; `close` ends it. */
export interface HttpSession {
  send(request: ExchangeRequest, deadline: Deadline, record: ExchangeRecord): Promise<ExchangeAnswer>;
  close(): void;
}

/**
 * What happens to one exchange, as its transport reports it: instants are stamped, the phases derived from them, and the
 * limits kept. `request` lasts from the ready connection until the request was written, `response` until the first byte
 * of the answer, `body` until the last. An exchange that ends inside its headers failed in `response`.
 */
export class Exchange {
  readonly #clock: Clock;
  readonly #request: ExchangeRequest;
  readonly #record: ExchangeRecord;
  readonly #began: DurationMs;
  #written: DurationMs | null = null;
  #firstByte: DurationMs | null = null;
  #ended: DurationMs | null = null;
  #status: number | null = null;
  #headers: Readonly<Record<string, string>> = {};
  #error: PhaseError | null = null;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #wake: () => void = () => {};

  constructor(clock: Clock, request: ExchangeRequest, record: ExchangeRecord) {
    this.#clock = clock;
    this.#request = request;
    this.#record = record;
    this.#began = record.readyAt ?? clock.monotonic();
  }

  /** Where an end would fall now. */
  get phase(): 'response' | 'body' {
    return this.#status === null ? 'response' : 'body';
  }

  /** Whether anything of an answer came. */
  get begun(): boolean {
    return this.#firstByte !== null;
  }

  get ended(): boolean {
    return this.#ended !== null;
  }

  written(): void {
    this.#written ??= this.#clock.monotonic();
  }

  firstByte(): void {
    if (this.#firstByte !== null) return;
    this.#firstByte = this.#clock.monotonic();
    this.#wake();
  }

  answered(status: number, headers: Readonly<Record<string, string>>): void {
    this.firstByte();
    this.#status = status;
    this.#headers = headers;
    this.#record.status = status;
    const type = headers['content-type'];
    if (type !== undefined) this.#record.contentType = type;
    const retryAfter = headers['retry-after'];
    if (retryAfter !== undefined) this.#record.retryAfter = retryAfter;
  }

  /** Adds a piece of the body; false when reading must stop (the exchange has ended then). */
  add(chunk: Buffer): boolean {
    this.#size += chunk.length;
    this.#record.bodyBytes = this.#size;
    const decides = this.#status === 200 || this.#status === 206;
    const { maxBodyBytes, enoughBytes = Number.POSITIVE_INFINITY } = this.#request;
    const limit = decides ? maxBodyBytes : MAX_HINT_BYTES;
    if (this.#size <= limit) {
      this.#chunks.push(chunk);
      if (!decides || this.#size < enoughBytes) return true;
      this.finish();
      return false;
    }
    if (decides) this.fail(new PhaseError('body', 'response-too-large', `more than ${limit} bytes`));
    else this.finish();
    return false;
  }

  finish(): void {
    this.#end(null);
  }

  fail(error: PhaseError): void {
    this.#end(error);
  }

  /** Waits for the answer within the limits; `drop` ends the transport. Rejects with PhaseError or CancelledError. */
  async answer(deadline: Deadline, drop: Stop): Promise<ExchangeAnswer> {
    try {
      await this.#until(deadline, this.#request.headerMs, drop, () => this.#firstByte !== null);
      await this.#until(deadline, Number.POSITIVE_INFINITY, drop, () => false);
    } catch (error) {
      // A status other than 200 decides, however its page ends.
      const decided = this.#status !== null && this.#status !== 200;
      if (!decided || !(error instanceof PhaseError)) throw error;
      drop();
    } finally {
      this.#notePhases();
    }
    return { status: this.#status ?? 0, headers: this.#headers, body: Buffer.concat(this.#chunks) };
  }

  #until(deadline: Deadline, limitMs: DurationMs, drop: Stop, reached: () => boolean): Promise<void> {
    const onTimeout = () => {
      const what = this.#firstByte === null ? 'no response' : 'the response did not end';
      return new PhaseError(this.phase, 'response-timeout', `${what} in time`);
    };
    return withDeadline(deadline, limitMs, onTimeout, (resolve, reject) => {
      this.#wake = () => {
        if (this.#error !== null) reject(this.#error);
        else if (this.#ended !== null || reached()) resolve();
      };
      this.#wake();
      return drop;
    });
  }

  #end(error: PhaseError | null): void {
    if (this.#ended !== null) return;
    this.#ended = this.#clock.monotonic();
    this.#error = error;
    this.#wake();
  }

  #notePhases(): void {
    const { phases } = this.#record;
    const end = this.#ended ?? this.#clock.monotonic();
    this.#record.endedAt = end;
    const first = this.#status === null ? null : this.#firstByte;
    // A fast answer may be read before the kernel reports the request as written.
    const written = Math.min(this.#written ?? end, first ?? end);
    phases.request = written - this.#began;
    if (this.#written === null && first === null) return;
    phases.response = (first ?? end) - written;
    if (first !== null) phases.body = end - first;
  }
}
