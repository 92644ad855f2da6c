/** One request and its answer over a pool of connections: dispatched, bounded in bytes and time, handed to a sink. */
import type { Dispatcher, Pool } from 'undici';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Failure, Phase } from '../../shared/domain/result.ts';
import type { Clock, Stop } from './clock.ts';
import { errorMessage } from './error-facts.ts';
import type { HttpHead, HttpLimits, HttpRequest, HttpResult, HttpSink } from './http-client.ts';

/** A request as it goes to one origin. */
export interface SentRequest extends Pick<HttpRequest, 'method' | 'body' | 'maxBytes' | 'signal'> {
  /** Path and query, or a whole URL for a forward proxy. */
  readonly path: string;
  /** The URL without credentials. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer is a redirect to be followed: its body is dropped. */
  readonly follows: (head: HttpHead) => boolean;
}

/** An answer, a failure that is known by name, or an error that the connector has yet to classify. */
type Exchanged =
  | HttpResult<HttpHead>
  | {
      readonly outcome: 'broken';
      readonly error: unknown;
      readonly phase: 'response' | 'body';
      readonly begun: boolean;
      readonly receivedBytes: number;
    };

/** More interim responses (1xx) than any healthy server sends. */
const MAX_INTERIM = 10;
/** Bytes read of a redirect's body in order to keep its connection. */
const MAX_DROPPED_BYTES = 64 * 1024;

/** Sends a request through a pool and waits for the end of the response. Never rejects. */
export function exchange(
  pool: Pool,
  request: SentRequest,
  sink: HttpSink,
  limits: HttpLimits & { readonly endsAt: number },
  clock: Clock,
  closing: AbortSignal,
): Promise<Exchanged> {
  return new Promise((resolve) => {
    const running = new Exchange(request, sink, limits, clock, (outcome) => {
      closing.removeEventListener('abort', cancel);
      request.signal?.removeEventListener('abort', cancel);
      resolve(outcome);
    });
    const cancel = () => running.settle({ outcome: 'cancelled' });
    closing.addEventListener('abort', cancel);
    request.signal?.addEventListener('abort', cancel);
    const { method = 'GET', path, headers, body } = request;
    try {
      pool.dispatch(
        { method, path, headers: { ...headers }, body: body === undefined ? null : Buffer.from(body) },
        running,
      );
    } catch (error) {
      // Such as a header value that HTTP cannot carry.
      running.onResponseError(null, error);
    }
  });
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: SentRequest;
  readonly #limits: HttpLimits;
  readonly #clock: Clock;
  readonly #done: (outcome: Exchanged) => void;
  readonly #stopTotal: Stop;
  #sink: HttpSink;
  #stopWaiting: Stop = () => {};
  #controller: Dispatcher.DispatchController | null = null;
  #head: HttpHead | null = null;
  #settled = false;
  #received = 0;
  #interim = 0;
  #maxBytes: number;

  constructor(
    request: SentRequest,
    sink: HttpSink,
    limits: HttpLimits & { readonly endsAt: number },
    clock: Clock,
    done: (outcome: Exchanged) => void,
  ) {
    this.#request = request;
    this.#sink = sink;
    this.#limits = limits;
    this.#clock = clock;
    this.#done = done;
    this.#maxBytes = request.maxBytes;
    this.#stopTotal =
      limits.endsAt === Number.POSITIVE_INFINITY
        ? () => {}
        : clock.after(limits.endsAt - clock.monotonic(), () => this.#timeOut(limits.totalMs));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('no longer wanted'));
    else this.#wait(this.#limits.headerMs);
  }

  onResponseStart(_: unknown, status: number, headers: Readonly<Record<string, string | string[] | undefined>>): void {
    if (this.#settled) return;
    if (status < 200) {
      this.#interim += 1;
      if (this.#interim > MAX_INTERIM) this.#fail('response', 'http-malformed', 'interim answers without end');
      return;
    }
    const head = { status, headers: joined(headers), url: this.#request.url };
    this.#head = head;
    if (this.#request.follows(head)) {
      this.#sink = { head: () => {}, chunk: () => {} };
      this.#maxBytes = MAX_DROPPED_BYTES;
    }
    const length = Number(head.headers['content-length'] ?? 0);
    if (length > this.#maxBytes && this.#request.method !== 'HEAD') {
      this.#fail('body', 'response-too-large', `${length} bytes announced, at most ${this.#maxBytes} allowed`);
      return;
    }
    this.#hand(() => this.#sink.head(head));
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    // undici passes an empty piece whenever a paused body is resumed: to pause again for it would never end.
    if (this.#settled || chunk.length === 0) return;
    this.#received += chunk.length;
    if (this.#received > this.#maxBytes) {
      this.#fail('body', 'response-too-large', `more than ${this.#maxBytes} bytes`);
      return;
    }
    this.#hand(() => this.#sink.chunk(chunk));
  }

  onResponseEnd(): void {
    if (this.#head === null || this.#controller?.aborted === true) return;
    this.settle({ outcome: 'ok', answer: this.#head });
  }

  onResponseError(_: unknown, error: unknown): void {
    const phase = this.#head === null ? 'response' : 'body';
    const begun = this.#head !== null || this.#interim > 0;
    this.settle({ outcome: 'broken', error, phase, begun, receivedBytes: this.#received });
  }

  /** Ends the exchange with the first outcome; the connection is closed unless the response is complete. */
  settle(outcome: Exchanged): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#stopTotal();
    this.#stopWaiting();
    if (outcome.outcome !== 'ok') this.#controller?.abort(new Error('no longer wanted'));
    this.#done(outcome);
  }

  /** Passes data to the sink; while the sink is busy the transfer is paused and no limit runs. */
  #hand(give: () => void | Promise<void>): void {
    try {
      const taken = give();
      if (!(taken instanceof Promise)) {
        this.#wait(this.#limits.bodyIdleMs);
        return;
      }
      this.#stopWaiting();
      this.#controller?.pause();
      taken.then(
        () => {
          if (this.#settled) return;
          this.#wait(this.#limits.bodyIdleMs);
          this.#controller?.resume();
        },
        (error) => this.#failSink(error),
      );
    } catch (error) {
      this.#failSink(error);
    }
  }

  #failSink(error: unknown): void {
    this.#fail('body', 'unknown', errorMessage(error));
  }

  #wait(limitMs: number): void {
    this.#stopWaiting();
    this.#stopWaiting = limitMs === 0 ? () => {} : this.#clock.after(limitMs, () => this.#timeOut(limitMs));
  }

  #timeOut(limitMs: number): void {
    if (this.#controller === null) this.#fail('connect', 'connect-timeout', `no connection within ${limitMs} ms`);
    else if (this.#head === null) this.#fail('response', 'response-timeout', `no answer within ${limitMs} ms`);
    else this.#fail('body', 'response-timeout', `the body stopped for ${limitMs} ms`);
  }

  #fail(phase: Phase, cause: Cause, message: string): void {
    const failure: Failure = { phase, cause, message: message.slice(0, 500) };
    this.settle({ outcome: 'failed', failure, receivedBytes: this.#received });
  }
}

function joined(headers: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}
