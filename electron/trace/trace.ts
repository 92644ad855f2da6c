/** From lines to requests and connections. Pure: a fold over lines, each with its arrival time if known. */
import { unmark } from '../explain/prefix.ts';
import { parseTraceLine, type TraceEvent } from './trace-line.ts';

/** One line as it came in; `at` = ms since the command was started, null = not recorded. */
export interface StampedLine {
  readonly at: number | null;
  readonly text: string;
}

/** One request of `go`; times are ms since its start. */
export interface TraceRequest {
  readonly url: string;
  readonly host: string;
  readonly at: number | null;
  /** Of the response's headers; null = none came. */
  readonly status: number | null;
  /** From the request to the headers, as go measured it. */
  readonly seconds: number | null;
  readonly error: string | null;
  /** Times that net/http repeated it by itself. */
  readonly retries: number;
  /** The stream it had last; null before h2 was agreed, or over HTTP/1.1. */
  readonly stream: number | null;
  /** Bytes of body seen in DATA frames. */
  readonly bytes: number;
  /** `server` and the like, lower case; only with http2debug=2. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One HTTP/2 connection; times are ms since the start of `go`. */
export interface TraceConnection {
  readonly id: string;
  readonly host: string;
  readonly address: string;
  readonly at: number | null;
  /** From the dial to h2 being agreed: connect and TLS, ms. */
  readonly handshakeMs: number | null;
  /** Streams that requests had on it. */
  readonly streams: number;
  /** The peer's SETTINGS came. */
  readonly settings: boolean;
  /** Ours were acknowledged. */
  readonly acknowledged: boolean;
  readonly goaways: readonly { readonly code: string; readonly lastStream: number; readonly debug: string }[];
  readonly resets: readonly { readonly stream: number; readonly code: string; readonly afterBytes: number }[];
  /** How it ended when the peer ended it. */
  readonly lost: string | null;
}

/** Everything a trace holds. */
export interface Trace {
  readonly requests: readonly TraceRequest[];
  readonly connections: readonly TraceConnection[];
  /** What is neither frame nor request: go's own words. */
  readonly words: readonly string[];
  /** Frames were traced one by one (http2debug=2). */
  readonly framed: boolean;
  readonly frames: number;
  /** A secret stood in the trace; it is not in here. */
  readonly hadSecrets: boolean;
  readonly resolver: readonly string[];
  /** When the last line came, ms. */
  readonly lastAt: number | null;
  /** `go` was stopped before it finished; unknown for a saved trace. */
  readonly stopped: boolean;
}

/** Of one request; each costs as much as all before it. */
const MAX_HEADERS = 100;
/** Lines of go's own words. */
const MAX_WORDS = 40_000;
const MAX_RESOLVER_LINES = 1_000;
/** GOAWAY and RST_STREAM frames of a connection; many tell no more than some. */
const MAX_ENDS = 1_000;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type ConnectionDraft = Draft<Omit<TraceConnection, 'goaways' | 'resets'>> & {
  goaways: TraceConnection['goaways'][number][];
  resets: TraceConnection['resets'][number][];
};

/** Folds the lines one by one: a trace of any length costs what its requests and connections cost. */
export class TraceReader {
  readonly #requests: Draft<TraceRequest>[] = [];
  /** The last request of each URL that has not failed. */
  readonly #open = new Map<string, Draft<TraceRequest>>();
  readonly #connections: ConnectionDraft[] = [];
  readonly #words: string[] = [];
  readonly #resolver = new Set<string>();
  #framed = false;
  #frames = 0;
  #hadSecrets = false;
  #dial: { readonly host: string; readonly at: number | null } | null = null;
  #lastAt: number | null = null;

  add({ at, text }: StampedLine): void {
    this.#lastAt = at ?? this.#lastAt;
    if (text === '') return;
    const event = parseTraceLine(text);
    this.#hadSecrets ||= /"(?:proxy-)?authorization" = "(?!x{5}")/i.test(text);
    this.#framed ||= text.startsWith('http2: Framer ');
    this.#take(event, at);
  }

  end({ stopped = false }: { readonly stopped?: boolean } = {}): Trace {
    return {
      requests: this.#requests,
      connections: this.#connections,
      words: this.#words,
      framed: this.#framed,
      frames: this.#frames,
      hadSecrets: this.#hadSecrets,
      resolver: [...this.#resolver],
      lastAt: this.#lastAt,
      stopped,
    };
  }

  #take(event: TraceEvent, at: number | null): void {
    switch (event.kind) {
      case 'request':
        this.#begin(event.url, at);
        return;
      case 'response': {
        const request = this.#find(event.url);
        request.status = event.status;
        request.seconds = event.seconds;
        return;
      }
      case 'request-failed':
        this.#find(event.url).error = event.error;
        this.#open.delete(event.url);
        return;
      case 'dial':
        this.#dial = { host: event.host, at };
        return;
      case 'connection':
        this.#connect(event.id, event.address, at);
        return;
      case 'frame':
        this.#frame(event);
        return;
      case 'header':
        this.#header(event);
        return;
      case 'connection-lost': {
        const connection = this.#connections.findLast(({ id }) => id === event.id);
        // What we closed ourselves is no loss.
        if (connection !== undefined && !event.error.includes('use of closed')) connection.lost = event.error;
        return;
      }
      case 'retry': {
        const request = this.#requests.at(-1);
        if (request !== undefined) request.retries += 1;
        return;
      }
      case 'resolver':
        if (this.#resolver.size < MAX_RESOLVER_LINES) this.#resolver.add(event.text);
        return;
      case 'text':
        if (event.text === '') return;
        // The first lines and the last ones stay: how it was called, and why it ended.
        if (this.#words.length >= MAX_WORDS) this.#words.splice(MAX_WORDS / 4, MAX_WORDS / 2);
        this.#words.push(event.text);
        return;
      case 'given-up':
      case 'connection-closed':
    }
  }

  #connect(id: string, address: string, at: number | null): void {
    const dial = this.#dial;
    const handshakeMs = at === null || dial?.at === null || dial?.at === undefined ? null : at - dial.at;
    const host = dial?.host ?? this.#requests.at(-1)?.host ?? '';
    this.#connections.push({
      id,
      host,
      address,
      at,
      handshakeMs,
      streams: 0,
      settings: false,
      acknowledged: false,
      goaways: [],
      resets: [],
      lost: null,
    });
    // A server that resets every stream makes eight thousand connections a minute.
    if (this.#connections.length > 500) this.#connections.splice(250, 1);
  }

  #frame(frame: TraceEvent & { readonly kind: 'frame' }): void {
    this.#frames += 1;
    if (!frame.received) return;
    const connection = this.#connections.at(-1);
    const request = this.#requests.at(-1);
    if (frame.type === 'SETTINGS' && connection !== undefined) {
      if (frame.flags.includes('ACK')) connection.acknowledged = true;
      else connection.settings = true;
    }
    if (frame.type === 'GOAWAY' && connection !== undefined) {
      const { code, lastStream, debug } = frame;
      if (connection.goaways.length < MAX_ENDS)
        connection.goaways.push({ code: code ?? '', lastStream: lastStream ?? 0, debug: debug ?? '' });
    }
    if (frame.type === 'RST_STREAM' && connection !== undefined && frame.stream !== null) {
      const afterBytes = request?.stream === frame.stream ? request.bytes : 0;
      if (connection.resets.length < MAX_ENDS)
        connection.resets.push({ stream: frame.stream, code: frame.code ?? '', afterBytes });
    }
    if (request === undefined || frame.stream === null) return;
    if (frame.type === 'HEADERS' || frame.type === 'RST_STREAM') {
      if (request.stream !== frame.stream && connection !== undefined) connection.streams += 1;
      request.stream = frame.stream;
    }
    if (frame.type === 'DATA' && request.stream === frame.stream) request.bytes += frame.length;
  }

  #header({ received, name, value }: TraceEvent & { readonly kind: 'header' }): void {
    const request = this.#requests.at(-1);
    if (request === undefined || !received) return;
    if (Object.keys(request.headers).length < MAX_HEADERS) request.headers = { ...request.headers, [name]: value };
    if (name === ':status' && request.status === null) request.status = Number(value);
  }

  /** The request that a later line is about; one that was not announced is taken as it comes. */
  #find(url: string): Draft<TraceRequest> {
    return this.#open.get(url) ?? this.#begin(url, null);
  }

  #begin(url: string, at: number | null): Draft<TraceRequest> {
    const request = newRequest(url, at);
    this.#requests.push(request);
    this.#open.set(url, request);
    return request;
  }
}

function newRequest(url: string, at: number | null): Draft<TraceRequest> {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url)?.[1] ?? '';
  return {
    url,
    host,
    at,
    status: null,
    seconds: null,
    error: null,
    retries: 0,
    stream: null,
    bytes: 0,
    headers: {},
  };
}

/**
 * A line of a saved trace; `12.345<tab>` before it is its time in seconds. What a build log put before it goes, as explain
 * takes it off.
 */
export function stamped(line: string): StampedLine {
  const text = line.trimStart();
  // Millions of empty lines cost what it takes to pass over them.
  if (text === '') return { at: null, text };
  const match = /^(\d{1,12}\.\d{3})\t(.*)$/s.exec(line);
  if (match !== null) return { at: Number(match[1]) * 1_000, text: (match[2] ?? '').replace(/\r$/, '') };
  return { at: null, text: unmark(text.replace(/\r$/, '')).rest };
}
