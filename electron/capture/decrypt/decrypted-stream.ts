/** What a connection said inside TLS, where its secrets are known: HTTP/2 frames, or the first lines of HTTP/1.1. */
import type { DurationMs } from '../../../shared/domain/units.ts';
import { latin1 } from '../bytes.ts';
import type { Side } from '../message.ts';
import { answerIn, requestIn } from '../stream-parser.ts';
import { beginsWithSettings, type Http2Frame, Http2FrameReader, PREFACE } from './http2-frames.ts';
import type { KeyLog } from './key-log.ts';
import { type Decryption, type Inner, TlsSession } from './tls-session.ts';

/** A frame with when it came, ms since the connection's first packet. */
export interface SeenFrame extends Http2Frame {
  readonly atMs: DurationMs;
  readonly from: Side;
}

/** A stream whose answer did not end. */
export interface OpenStream {
  readonly stream: number;
  readonly askedAtMs: DurationMs;
  /** Headers of an answer came. */
  readonly answered: boolean;
  /** Of its body, as far as it came. */
  readonly bytes: number;
}

/** What was said inside TLS: frames of HTTP/2, or requests of HTTP/1.1. */
export interface DecryptedFacts {
  /** null when there was no handshake to decrypt. */
  readonly decryption: Decryption | null;
  readonly http2: {
    /** The first ones, and every GOAWAY and RST_STREAM among the later ones. */
    readonly frames: readonly SeenFrame[];
    /** How many there were, by type. */
    readonly counts: Readonly<Record<string, number>>;
    readonly open: readonly OpenStream[];
  } | null;
  readonly http1: readonly {
    readonly atMs: DurationMs;
    readonly method: string;
    readonly target: string;
    readonly status: number | null;
  }[];
}

/** What else comes out of it: for the connection's own facts. */
export type DecryptedEvent =
  | Exclude<Inner, { readonly kind: 'data' }>
  | { readonly kind: 'frame'; readonly frame: Http2Frame };

const MAX_FRAMES = 200;
const MAX_ENDS = 50;
const MAX_STREAMS = 1_000;
const MAX_REQUESTS = 100;

/** Decrypts both directions of a connection and reads the protocol inside. */
export class DecryptedStream {
  readonly #session: TlsSession;
  readonly #readers: Record<Side, Http2FrameReader | null> = { client: null, server: null };
  /** The client's first bytes, until they are known to be HTTP/2 or not. */
  #preface = '';
  #isHttp1 = false;
  readonly #frames: SeenFrame[] = [];
  readonly #ends: SeenFrame[] = [];
  readonly #counts: Record<string, number> = {};
  readonly #open = new Map<number, { askedAtMs: number; answered: boolean; bytes: number }>();
  readonly #http1: { atMs: number; method: string; target: string; status: number | null }[] = [];

  constructor(keys: KeyLog) {
    this.#session = new TlsSession(keys);
  }

  /** Nothing more can be read. */
  get over(): boolean {
    return this.#session.over;
  }

  /** Takes TLS bytes of one side, in order. */
  push(side: Side, bytes: Uint8Array, atMs: DurationMs): readonly DecryptedEvent[] {
    const event: DecryptedEvent[] = [];
    for (const inner of this.#session.push(side, bytes)) {
      if (inner.kind !== 'data') event.push(inner);
      else for (const frame of this.#data(side, inner.bytes, atMs)) event.push({ kind: 'frame', frame });
    }
    return event;
  }

  facts(): DecryptedFacts {
    const isHttp2 = this.#readers.client !== null || this.#readers.server !== null;
    const open = [...this.#open].map(([stream, one]) => ({ stream, ...one }));
    return {
      decryption: this.#session.decryption,
      http2: isHttp2 ? { frames: [...this.#frames, ...this.#ends], counts: this.#counts, open } : null,
      http1: this.#http1,
    };
  }

  #data(side: Side, bytes: Uint8Array, atMs: DurationMs): readonly Http2Frame[] {
    if (this.#isHttp1) {
      this.#line(side, bytes, atMs);
      return [];
    }
    const rest = this.#readers[side] === null ? this.#begin(side, bytes, atMs) : bytes;
    const frames = rest === null ? [] : (this.#readers[side]?.push(rest) ?? []);
    for (const frame of frames) this.#note(side, frame, atMs);
    return frames;
  }

  /** The bytes after the preface; null when it is not HTTP/2, or not known yet. */
  #begin(side: Side, bytes: Uint8Array, atMs: DurationMs): Uint8Array | null {
    if (side === 'server') {
      if (!beginsWithSettings(bytes)) return this.#http1Begins(side, bytes, atMs);
      this.#readers.server = new Http2FrameReader('server');
      return bytes;
    }
    this.#preface += latin1(bytes.subarray(0, PREFACE.length));
    if (!PREFACE.startsWith(this.#preface.slice(0, PREFACE.length))) return this.#http1Begins(side, bytes, atMs);
    if (this.#preface.length < PREFACE.length) return null;
    this.#readers.client = new Http2FrameReader('client');
    return bytes.subarray(
      Math.max(0, PREFACE.length - (this.#preface.length - Math.min(bytes.length, PREFACE.length))),
    );
  }

  #http1Begins(side: Side, bytes: Uint8Array, atMs: DurationMs): null {
    this.#isHttp1 = this.#readers.client === null && this.#readers.server === null;
    if (this.#isHttp1) this.#line(side, bytes, atMs);
    return null;
  }

  /** HTTP/1.1 clients and servers start each message in a new record. */
  #line(side: Side, bytes: Uint8Array, atMs: DurationMs): void {
    const head = latin1(bytes.subarray(0, 4_096));
    const message = side === 'client' ? requestIn(head) : answerIn(head);
    if (message?.kind === 'http-request' && this.#http1.length < MAX_REQUESTS) {
      this.#http1.push({ atMs, method: message.method, target: message.target, status: null });
    }
    const last = this.#http1.at(-1);
    if (message?.kind === 'http-answer' && last !== undefined) last.status ??= message.status;
  }

  #note(from: Side, frame: Http2Frame, atMs: DurationMs): void {
    this.#counts[frame.type] = (this.#counts[frame.type] ?? 0) + 1;
    const isEnd = frame.type === 'GOAWAY' || frame.type === 'RST_STREAM';
    const kept = this.#frames.length < MAX_FRAMES ? this.#frames : isEnd ? this.#ends : null;
    if (kept !== null && (kept === this.#frames || kept.length < MAX_ENDS)) kept.push({ ...frame, atMs, from });
    this.#follow(from, frame, atMs);
  }

  #follow(from: Side, { type, stream, length, endsStream }: Http2Frame, atMs: DurationMs): void {
    if (from === 'client') {
      if (type === 'HEADERS' && this.#open.size < MAX_STREAMS && !this.#open.has(stream))
        this.#open.set(stream, { askedAtMs: atMs, answered: false, bytes: 0 });
      if (type === 'RST_STREAM') this.#open.delete(stream);
      return;
    }
    const open = this.#open.get(stream);
    if (open === undefined) return;
    if (type === 'HEADERS') open.answered = true;
    if (type === 'DATA') open.bytes += length;
    if (endsStream || type === 'RST_STREAM') this.#open.delete(stream);
  }
}
