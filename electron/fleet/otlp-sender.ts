/** Sends metrics to an OTLP collector over HTTP at an interval; a report that fails is made up for by the next one. */
import type { Clock, Stop } from '../system/clock.ts';
import type { HttpClient } from '../system/http-client.ts';
import { PendingWork } from '../system/pending-work.ts';
import { parseUrl } from '../system/web.ts';

/** OpenTelemetry's usual interval. */
const EVERY_MS = 60_000;
const LIMIT_MS = 10_000;
/** The end waits no longer for the last report. */
const LAST_LIMIT_MS = 2_000;
/** An answer holds no more than which points were refused. */
const MAX_ANSWER_BYTES = 100_000;

/** The address of metrics at a collector, as OTEL_EXPORTER_OTLP_ENDPOINT is read; null unless it is an HTTP URL. */
export function otlpUrl(text: string): string | null {
  const url = parseUrl(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.hash !== '') return null;
  if (!url.pathname.endsWith('/v1/metrics')) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/metrics`;
  return url.href;
}

export interface SenderPorts {
  readonly clock: Clock;
  /** Closed with the sender. */
  readonly client: HttpClient;
  /** Headers of every report, such as a key; see otlpHeaders. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a report, now. */
  readonly report: () => Promise<string>;
  /** What kept a report from being taken, when that has changed; null = one was taken again. */
  readonly onChange: (problem: string | null) => void;
}

export class OtlpSender {
  readonly #url: string;
  readonly #ports: SenderPorts;
  readonly #pending = new PendingWork();
  #problem: string | null = null;
  #stop: Stop = () => {};
  #closed = false;
  /** Of the report that is being sent. */
  #sending = new AbortController();

  /** Begins with a report after the first interval. */
  constructor(url: string, ports: SenderPorts) {
    this.#url = url;
    this.#ports = ports;
    this.#wait();
  }

  /** Sends what has come since the last report, for a moment at most; afterwards nothing is sent any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop();
    this.#sending.abort();
    await this.#pending.settled();
    await this.#send(LAST_LIMIT_MS);
    await this.#ports.client.close();
  }

  #wait(): void {
    this.#stop = this.#ports.clock.after(EVERY_MS, () => {
      void this.#pending.add(
        this.#send(LIMIT_MS).then(() => {
          if (!this.#closed) this.#wait();
        }),
      );
    });
  }

  async #send(limitMs: number): Promise<void> {
    const problem = await this.#post(limitMs);
    // Cut off by the end: the last report says how it went.
    if (this.#closed && limitMs !== LAST_LIMIT_MS) return;
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#ports.onChange(problem);
  }

  /** null = accepted. */
  async #post(limitMs: number): Promise<string | null> {
    const { client, headers, report } = this.#ports;
    const sending = new AbortController();
    this.#sending = sending;
    const result = await client.fetch({
      method: 'POST',
      url: this.#url,
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from(await report()),
      maxBytes: MAX_ANSWER_BYTES,
      limits: { totalMs: limitMs },
      // Metrics and keys go to the address that was chosen and nowhere else.
      maxRedirects: 0,
      signal: sending.signal,
    });
    if (result.outcome === 'cancelled') return 'cancelled';
    if (result.outcome === 'failed') return result.failure.message;
    const { status } = result.answer;
    return status >= 200 && status < 300 ? null : `HTTP ${status}`;
  }
}
