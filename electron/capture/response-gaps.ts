/** How long a client waits for answers once the handshake is done, as far as sizes and times of encrypted bytes tell. */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { ConnectionFacts } from './connection-facts.ts';

/**
 * An answer of at most this much may be session tickets or settings alone: the answer to the request is still awaited. A late
 * packet below `SMALL_PAYLOAD` is housekeeping (GOAWAY, PING, close_notify), for which the client was not waiting.
 */
const HOUSEKEEPING_BYTES = 600;
const SMALL_PAYLOAD = 100;
/** Shorter client payloads are WINDOW_UPDATE, PING and SETTINGS answers, to which a server need not say anything. */
const SMALL_REQUEST = 60;
/** The end of the client's handshake (key exchange, change of cipher, Finished) asks for nothing: at most about this much. */
const HANDSHAKE_END_BYTES = 130;

/** Measures the waits for answers on one connection. */
export class ResponseGaps {
  #longest: ConnectionFacts['longestWait'] = null;
  #sinceMs: DurationMs = 0;
  #isOpen = false;
  #askedBytes = 0;
  #serverBytes = 0;
  #repetitions = 0;

  /** The longest wait that ended with an answer; null when there was none. */
  get longest(): ConnectionFacts['longestWait'] {
    return this.#longest;
  }

  /** When something was asked that the server has said nothing to; null when it has, or nothing was asked. */
  get unanswered(): ConnectionFacts['unanswered'] {
    return this.#isOpen && this.#askedBytes >= SMALL_REQUEST ? { atMs: this.#sinceMs } : null;
  }

  /** `isTalking`: the handshake had been over before these bytes. */
  clientSent(atMs: DurationMs, bytes: number, isTalking: boolean): void {
    const asked = isTalking ? bytes : Math.max(0, bytes - HANDSHAKE_END_BYTES);
    this.#askedBytes = this.#isOpen ? this.#askedBytes + asked : asked;
    this.#sinceMs = atMs;
    this.#isOpen = true;
    this.#serverBytes = 0;
    this.#repetitions = 0;
  }

  serverSent(atMs: DurationMs, bytes: number, isTalking: boolean): void {
    const ms = atMs - this.#sinceMs;
    const wasAwaited = (this.#isOpen || this.#serverBytes <= HOUSEKEEPING_BYTES) && bytes >= SMALL_PAYLOAD;
    if (isTalking && wasAwaited && ms > (this.#longest?.ms ?? 0)) {
      this.#longest = { ms, retransmissions: this.#repetitions };
    }
    this.#serverBytes += bytes;
    this.#isOpen = false;
  }

  /** Something was sent again meanwhile: a loss, which makes waiting longer. */
  repeated(): void {
    this.#repetitions++;
  }
}
