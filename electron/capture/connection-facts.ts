/** What was seen of one TCP connection: facts only; what they mean is verdict.ts's. All `atMs` count from its first packet. */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { CertificateFacts } from './certificate.ts';
import type { DecryptedFacts } from './decrypt/decrypted-stream.ts';
import type { ClientHello, ServerHello } from './hello.ts';
import type { Side } from './message.ts';

/** What an entry of a time line is about. */
export type TimelineEventKind =
  | 'syn'
  | 'syn-again'
  | 'syn-ack'
  | 'http-request'
  | 'http-answer'
  | 'client-hello'
  | 'client-hello-again'
  | 'server-hello'
  | 'certificate'
  | 'alert'
  | 'hidden-alert'
  | 'encrypted'
  | 'first-data'
  | 'retransmission'
  | 'http2-frame'
  | 'http2-goaway'
  | 'http2-reset'
  | 'fin'
  | 'rst';

/** One thing that happened on a connection. */
export interface TimelineEntry {
  readonly atMs: DurationMs;
  readonly from: Side;
  readonly what: TimelineEventKind;
  /** Bytes each side had sent by then, what this entry is about included. */
  readonly clientBytes: number;
  readonly serverBytes: number;
  /** Server name, version, alert, status: whatever names it; not for programs. */
  readonly detail: string | null;
}

/** One RST packet, with what tells a forged one from a genuine one. */
export interface ResetPacket {
  readonly atMs: DurationMs;
  readonly from: Side;
  readonly ttl: number;
  readonly id: number | null;
  readonly dontFragment: boolean | null;
  readonly withAck: boolean;
  readonly window: number;
  /** Hex; empty when it has none, as nearly all. */
  readonly payload: string;
  /** Where it stands in the stream of its side; null when that side had sent nothing else. */
  readonly offset: number | null;
  /** Bytes each side had sent by then: for the JSON report, in which a reset stands by itself. */
  readonly clientBytes: number;
  readonly serverBytes: number;
}

/** What one side of a connection sent. */
export interface SideFacts {
  /** Payload on the wire, repetitions not counted. */
  readonly bytes: number;
  /** Up to here the other side has acknowledged. */
  readonly acknowledged: number;
  readonly retransmissions: number;
  readonly packets: number;
  /** Of its first packet that is no reset; null when it sent none. */
  readonly ttl: number | null;
  readonly finAtMs: DurationMs | null;
}

/** Everything seen of one connection; null = not seen. */
export interface ConnectionFacts {
  readonly client: string;
  readonly server: string;
  readonly serverPort: number;
  readonly beganAt: EpochMs;
  readonly durationMs: DurationMs;
  readonly synAtMs: DurationMs | null;
  readonly synTries: number;
  readonly synAckAtMs: DurationMs | null;
  readonly clientSide: SideFacts;
  readonly serverSide: SideFacts;
  readonly request: {
    readonly method: string;
    readonly target: string;
    readonly host: string | null;
    readonly atMs: DurationMs;
  } | null;
  readonly answer: { readonly status: number; readonly atMs: DurationMs } | null;
  /** The first ClientHello; `hello` is null when not all of it was captured. `bytes` from its header then. */
  readonly clientHello: {
    readonly hello: ClientHello | null;
    readonly bytes: number;
    readonly atMs: DurationMs;
    /** Where its first byte lies in the client's stream: after a CONNECT it is not 0. */
    readonly offset: number;
    readonly retransmissions: number;
  } | null;
  readonly serverHello: { readonly hello: ServerHello; readonly atMs: DurationMs } | null;
  readonly certificate: CertificateFacts | null;
  /** `code` is null when it was encrypted. */
  readonly alerts: readonly { readonly from: Side; readonly code: number | null; readonly atMs: DurationMs }[];
  /** When each side first sent something encrypted. */
  readonly encryptedAtMs: Readonly<Record<Side, DurationMs | null>>;
  /** The server's first bytes were neither TLS nor HTTP. */
  readonly isServerForeign: boolean;
  /** The client's first bytes were neither TLS nor HTTP: another protocol. */
  readonly isClientForeign: boolean;
  /** The server's first byte of payload. */
  readonly firstDataAtMs: DurationMs | null;
  readonly resets: readonly ResetPacket[];
  /** How many resets there were, also those beyond what is kept. */
  readonly resetCount: number;
  /** After a reset in its name the server went on sending from the same place: the reset was not its own. */
  readonly talkedAfterReset: boolean;
  /** The longest the client waited for an answer after the handshake, when that was long; with repetitions meanwhile. */
  readonly longestWait: { readonly ms: DurationMs; readonly retransmissions: number } | null;
  /** When the client last asked something after which the server sent nothing; else null. */
  readonly unanswered: { readonly atMs: DurationMs } | null;
  /** Between the last payload and the first end (reset or FIN); 0 without an end. */
  readonly idleMs: DurationMs;
  /** What was said inside TLS; null when no secrets were given. */
  readonly inside: DecryptedFacts | null;
  readonly timeline: readonly TimelineEntry[];
}
