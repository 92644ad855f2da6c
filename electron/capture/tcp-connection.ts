/** Follows one TCP connection packet by packet and gathers its facts. Memory is bounded whatever the packets are. */
import type { DurationMs } from '../../shared/domain/units.ts';
import { alertName, CLOSE_NOTIFY } from './alerts.ts';
import { hex } from './bytes.ts';
import { parseCertificates } from './certificate.ts';
import type { ConnectionFacts, ResetPacket, SideFacts, TimelineEntry, TimelineEventKind } from './connection-facts.ts';
import { type DecryptedEvent, DecryptedStream } from './decrypt/decrypted-stream.ts';
import { eventKindOf, frameDetail } from './decrypt/frame-texts.ts';
import type { KeyLog } from './decrypt/key-log.ts';
import type { ParsedMessage, Side } from './message.ts';
import { ResponseGaps } from './response-gaps.ts';
import { StreamParser, type TlsSink } from './stream-parser.ts';
import { type Arrival, type ByteBudget, TcpDirection } from './tcp-direction.ts';
import { HANDSHAKE } from './tls-reader.ts';
import type { TcpSegment } from './transport.ts';

const MAX_TIMELINE = 64;
const MAX_OF_A_KIND = 8;
const MAX_RESETS = 32;
const MAX_RESET_PAYLOAD = 64;
const MAX_ALERTS = 8;

/** What is gathered elsewhere than in `#seen`. */
type Gathered =
  | 'resets'
  | 'timeline'
  | 'alerts'
  | 'encryptedAtMs'
  | 'clientSide'
  | 'serverSide'
  | 'longestWait'
  | 'unanswered'
  | 'inside';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether a packet begins a connection: a SYN without ACK. */
function isOpening({ flags }: TcpSegment): boolean {
  return flags.syn && !flags.ack;
}

/** Gathers the facts of one TCP connection. */
export class TcpConnection {
  readonly #client: string;
  readonly #first: TcpSegment;
  readonly #budget: ByteBudget;
  readonly #directions: Record<Side, TcpDirection | null> = { client: null, server: null };
  readonly #inside: DecryptedStream | null;
  readonly #parsers: Readonly<Record<Side, StreamParser>>;
  readonly #fins: Record<Side, DurationMs | null> = { client: null, server: null };
  readonly #seen: Writable<Omit<ConnectionFacts, Gathered>>;
  readonly #encryptedAtMs: Record<Side, DurationMs | null> = { client: null, server: null };
  readonly #alerts: { from: Side; code: number | null; atMs: DurationMs }[] = [];
  readonly #resets: ResetPacket[] = [];
  readonly #timeline: TimelineEntry[] = [];
  readonly #gaps = new ResponseGaps();
  #firstClientPayloadMs: DurationMs | null = null;
  #lastPayloadMs = 0;
  #atMs = 0;

  /** `first` is the first packet seen; who the client is follows from it. */
  constructor(first: TcpSegment, budget: ByteBudget, keys: KeyLog | null) {
    this.#first = { ...first, payload: new Uint8Array(0) };
    this.#budget = budget;
    this.#inside = keys === null ? null : new DecryptedStream(keys);
    const sink = this.#inside === null ? null : this.#sinkOf(this.#inside);
    this.#parsers = { client: new StreamParser('client', sink), server: new StreamParser('server', sink) };
    const isFromClient = isSentByClient(first);
    this.#client = isFromClient ? first.source : first.target;
    this.#seen = {
      client: this.#client,
      server: isFromClient ? first.target : first.source,
      serverPort: isFromClient ? first.targetPort : first.sourcePort,
      beganAt: first.atMs,
      ...NOTHING_SEEN,
    };
  }

  /** A SYN that is not a repetition of ours: the same ports are used for a new connection. */
  isAnother(segment: TcpSegment): boolean {
    if (!isOpening(segment)) return false;
    return !(isOpening(this.#first) && this.#first.sequence === segment.sequence && this.#client === segment.source);
  }

  accept(segment: TcpSegment): void {
    const from: Side = segment.source === this.#client ? 'client' : 'server';
    // Clocks step back, and several interfaces' packets are not always in order.
    this.#atMs = Math.max(this.#atMs, segment.atMs - this.#first.atMs);
    this.#seen.durationMs = this.#atMs;
    const opposite = this.#directions[from === 'client' ? 'server' : 'client'];
    if (segment.flags.rst) {
      this.#reset(from, segment);
      return;
    }
    if (segment.flags.ack) opposite?.acknowledge(segment.acknowledged);
    this.#directions[from] ??= new TcpDirection(segment, this.#budget, { followed: this.#inside !== null });
    if (segment.flags.syn) this.#syn(from);
    const arrival = this.#directions[from].accept(segment);
    if (arrival.length > 0) this.#payload(from, segment, arrival);
    if (segment.flags.fin && this.#fins[from] === null) {
      this.#noteEnd();
      this.#fins[from] = this.#atMs;
      this.#tell(from, 'fin');
    }
  }

  facts(): ConnectionFacts {
    this.#noteUnfinishedHello();
    return {
      ...this.#seen,
      longestWait: this.#gaps.longest,
      unanswered: this.#gaps.unanswered,
      clientSide: this.#sideFacts('client'),
      serverSide: this.#sideFacts('server'),
      encryptedAtMs: this.#encryptedAtMs,
      alerts: this.#alerts,
      resets: this.#resets,
      inside: this.#inside?.facts() ?? null,
      timeline: this.#timeline,
    };
  }

  #sideFacts(side: Side): SideFacts {
    const direction = this.#directions[side];
    return {
      bytes: direction?.end ?? 0,
      acknowledged: direction?.acknowledged ?? 0,
      retransmissions: direction?.repetitions ?? 0,
      packets: direction?.packets ?? 0,
      ttl: direction?.firstTtl ?? null,
      finAtMs: this.#fins[side],
    };
  }

  #noteEnd(): void {
    const isFirst = this.#seen.resetCount === 0 && this.#fins.client === null && this.#fins.server === null;
    if (isFirst) this.#seen.idleMs = this.#atMs - this.#lastPayloadMs;
  }

  #syn(from: Side): void {
    if (from === 'server') {
      if (this.#seen.synAckAtMs === null) this.#tell('server', 'syn-ack');
      this.#seen.synAckAtMs ??= this.#atMs;
      return;
    }
    this.#tell('client', this.#seen.synTries === 0 ? 'syn' : 'syn-again');
    this.#seen.synAtMs ??= this.#atMs;
    this.#seen.synTries++;
  }

  #reset(from: Side, segment: TcpSegment): void {
    this.#noteEnd();
    this.#seen.resetCount++;
    if (this.#resets.length >= MAX_RESETS) return;
    this.#resets.push({
      atMs: this.#atMs,
      from,
      ttl: segment.ttl,
      id: segment.id,
      dontFragment: segment.dontFragment,
      withAck: segment.flags.ack,
      window: segment.window,
      payload: hex(segment.payload.subarray(0, MAX_RESET_PAYLOAD)),
      offset: this.#directions[from]?.offsetOf(segment.sequence) ?? null,
      ...this.#bytes(),
    });
    this.#tell(from, 'rst', `TTL ${segment.ttl}`);
  }

  #payload(from: Side, segment: TcpSegment, { offset, ordered, repeated, length }: Arrival): void {
    if (repeated) {
      this.#repetition(from);
      return;
    }
    if (from === 'server') this.#serverPayload(segment, offset, length);
    else this.#clientPayload(length);
    this.#lastPayloadMs = this.#atMs;
    const reader = this.#parsers[from];
    for (const bytes of ordered) {
      const serverName = this.#seen.clientHello?.hello?.serverName ?? null;
      const isTunnel = this.#seen.request?.method === 'CONNECT';
      for (const message of reader.push(bytes, { serverName, isTunnel })) this.#message(from, message);
    }
    if (reader.done) this.#directions[from]?.close();
    else if (this.#directions[from]?.closed) reader.abandon();
  }

  /** Both sides have closed. After a reset the other side may still talk, and that tells whose the reset was. */
  get isOver(): boolean {
    return this.#fins.client !== null && this.#fins.server !== null;
  }

  /** Lets go of what was kept for decoding; the facts stay. */
  release(): void {
    for (const side of ['client', 'server'] as const) {
      this.#parsers[side].abandon();
      this.#directions[side]?.close();
    }
  }

  #repetition(from: Side): void {
    const isHello = from === 'client' && this.#seen.clientHello !== null && this.#seen.serverHello === null;
    this.#gaps.repeated();
    if (!isHello || this.#seen.clientHello === null) {
      if (!this.#timeline.some(({ what, from: side }) => what === 'retransmission' && side === from)) {
        this.#tell(from, 'retransmission');
      }
      return;
    }
    this.#seen.clientHello = { ...this.#seen.clientHello, retransmissions: this.#seen.clientHello.retransmissions + 1 };
    this.#tell(from, 'client-hello-again');
  }

  #serverPayload(segment: TcpSegment, offset: number, length: number): void {
    if (this.#seen.firstDataAtMs === null) {
      this.#seen.firstDataAtMs = this.#atMs;
      this.#tell('server', 'first-data');
    }
    const reset = this.#resets.find(({ from }) => from === 'server');
    const isItself = segment.ttl === this.#directions.server?.firstTtl;
    if (reset?.offset !== undefined && reset.offset !== null && offset >= reset.offset && isItself) {
      this.#seen.talkedAfterReset = true;
    }
    this.#gaps.serverSent(this.#atMs, length, this.#isTalking());
  }

  #clientPayload(length: number): void {
    this.#firstClientPayloadMs ??= this.#atMs;
    this.#gaps.clientSent(this.#atMs, length, this.#isTalking());
  }

  /** The client has finished its handshake, or there is no TLS: what it sends are requests. */
  #isTalking(): boolean {
    return this.#encryptedAtMs.client !== null || (this.#seen.request !== null && this.#seen.clientHello === null);
  }

  #message(from: Side, message: ParsedMessage): void {
    const atMs = this.#atMs;
    switch (message.kind) {
      case 'client-hello':
        this.#seen.clientHello ??= this.#helloFacts(message.hello.bytes, message.hello);
        this.#tell(from, 'client-hello', message.hello.serverName);
        return;
      case 'server-hello':
        this.#seen.serverHello = { hello: message.hello, atMs: this.#seen.serverHello?.atMs ?? atMs };
        this.#tell(from, 'server-hello', message.hello.version);
        return;
      case 'certificate':
        this.#seen.certificate ??= message.certificate;
        this.#tell(from, 'certificate', message.certificate.subject);
        return;
      case 'alert':
        if (this.#alerts.length < MAX_ALERTS) this.#alerts.push({ from, code: message.code, atMs });
        this.#tell(from, 'alert', alertName(message.code));
        return;
      case 'hidden-alert':
        this.#alerts.push({ from, code: null, atMs });
        this.#tell(from, 'hidden-alert');
        return;
      case 'encrypted':
        this.#encryptedAtMs[from] ??= atMs;
        this.#tell(from, 'encrypted');
        return;
      case 'http-request':
        this.#seen.request ??= { method: message.method, target: message.target, host: message.host, atMs };
        this.#tell(from, 'http-request', `${message.method} ${message.target}`);
        return;
      case 'http-answer':
        this.#seen.answer ??= { status: message.status, atMs };
        this.#tell(from, 'http-answer', String(message.status));
        return;
      case 'other':
        if (from === 'server') this.#seen.isServerForeign = true;
        else this.#seen.isClientForeign = true;
    }
  }

  #sinkOf(inside: DecryptedStream): TlsSink {
    return {
      get over() {
        return inside.over;
      },
      push: (side, bytes) => {
        for (const event of inside.push(side, bytes, this.#atMs)) this.#decrypted(side, event);
      },
    };
  }

  #decrypted(from: Side, event: DecryptedEvent): void {
    switch (event.kind) {
      case 'certificate':
        this.#seen.certificate ??= parseCertificates(event.body, this.#seen.clientHello?.hello?.serverName ?? null);
        return;
      case 'alert':
        this.#alertInside(from, event.code);
        return;
      case 'frame':
        this.#tell(from, eventKindOf(event.frame), frameDetail(event.frame));
    }
  }

  /** The alert that was hidden has a name now; the end of a session is not one. */
  #alertInside(from: Side, code: number): void {
    const hidden = this.#alerts.find((one) => one.from === from && one.code === null);
    if (hidden !== undefined) hidden.code = code;
    else if (code !== CLOSE_NOTIFY && this.#alerts.length < MAX_ALERTS)
      this.#alerts.push({ from, code, atMs: this.#atMs });
    if (code !== CLOSE_NOTIFY) this.#tell(from, 'alert', alertName(code));
  }

  #helloFacts(bytes: number, hello: NonNullable<ConnectionFacts['clientHello']>['hello']) {
    const offset = Math.max(0, (this.#directions.client?.end ?? 0) - bytes);
    return { hello, bytes, atMs: this.#atMs, offset, retransmissions: 0 };
  }

  /** Also a ClientHello of which the capture kept only the beginning is one that was sent. */
  #noteUnfinishedHello(): void {
    const { begun } = this.#parsers.client;
    if (this.#seen.clientHello !== null || begun?.type !== HANDSHAKE.clientHello) return;
    const retransmissions = this.#directions.client?.repetitions ?? 0;
    const atMs = this.#firstClientPayloadMs ?? 0;
    this.#seen.clientHello = { hello: null, bytes: begun.length + 9, atMs, offset: 0, retransmissions };
  }

  #bytes() {
    return { clientBytes: this.#directions.client?.end ?? 0, serverBytes: this.#directions.server?.end ?? 0 };
  }

  #tell(from: Side, what: TimelineEventKind, detail: string | null = null): void {
    // Many repetitions must not leave out how it ended.
    const alike = this.#timeline.filter((entry) => entry.what === what).length;
    if (this.#timeline.length >= MAX_TIMELINE || alike >= MAX_OF_A_KIND) return;
    this.#timeline.push({ atMs: this.#atMs, from, what, ...this.#bytes(), detail });
  }
}

/** The server is the one that a SYN goes to; in the middle of a connection, the lower port. */
function isSentByClient({ flags, sourcePort, targetPort }: TcpSegment): boolean {
  if (flags.syn) return !flags.ack;
  return sourcePort >= targetPort;
}

const NOTHING_SEEN = {
  durationMs: 0,
  synAtMs: null,
  synTries: 0,
  synAckAtMs: null,
  request: null,
  answer: null,
  clientHello: null,
  serverHello: null,
  certificate: null,
  isServerForeign: false,
  isClientForeign: false,
  firstDataAtMs: null,
  resetCount: 0,
  talkedAfterReset: false,
  idleMs: 0,
} as const;
