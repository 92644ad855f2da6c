/** What a verdict on a connection is: a closed list, with what it goes by. */
import type { EpochMs } from '../../shared/domain/units.ts';
import type { MessageKey } from '../../shared/messages/messages.ts';

/** What a connection came to. */
export type VerdictId =
  | 'healthy'
  /** The capture holds too little of it: it began earlier, or ends before an answer was due. */
  | 'incomplete'
  | 'no-answer-to-syn'
  | 'rst-on-connect'
  | 'rst-after-client-hello'
  /** A plain HTTP request or a CONNECT was reset. */
  | 'rst-after-request'
  /** Reset once the handshake was done. */
  | 'rst-later'
  | 'large-client-hello-dropped'
  /** As above with a ClientHello that fits into one packet. */
  | 'client-hello-dropped'
  /** The request arrived, and nothing came back. */
  | 'no-answer'
  /** Closed by the server without an answer: go's EOF. */
  | 'eof'
  | 'alert'
  | 'untrusted-certificate'
  | 'slow-server'
  /** Slow because packets were lost. */
  | 'packet-loss'
  /** The forward proxy refused the CONNECT. */
  | 'proxy-refused'
  /** A ClientHello was answered with something that is not TLS. */
  | 'not-tls'
  /** HTTP/2, where the secrets are known: the server gave up the connection, or a stream. */
  | 'http2-goaway'
  | 'http2-reset'
  /** The answer began, and the server closed before its end. */
  | 'body-cut'
  /** The client itself gave up. */
  | 'client-closed'
  /** Not TLS, not HTTP: not judged. */
  | 'other-protocol';

type Under<Prefix extends string, Key> = Key extends `${Prefix}.${infer Rest}` ? Rest : never;

/** A reason in terms of the packets; every one has a text under `capture.evidence`. */
export interface CaptureEvidence {
  readonly key: Under<'capture.evidence', MessageKey>;
  readonly params: Readonly<Record<string, string | number>>;
}

/** Where a reset came from. */
export type ResetSource =
  /** A device in between forged it. */
  | 'injected'
  /** Most likely the host itself. */
  | 'genuine'
  | 'unclear';

/** What a connection came to, how sure that is, and why. */
export interface CaptureVerdict {
  readonly id: VerdictId;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly CaptureEvidence[];
  /** Resets only. */
  readonly origin: ResetSource | null;
  /** Resets only: the published fingerprint that fits wholly. */
  readonly injector: string | null;
}

/** What else the capture holds that bears on one connection. */
export interface NetworkConditions {
  /** When the capture's last packet was taken: silence can only be judged up to there. */
  readonly endedAt: EpochMs;
  /** ClientHello sizes (bytes) of other connections to the same address that were answered. */
  readonly answeredHellos: readonly number[];
}

/** A verdict without a reset. */
export function verdictOf(id: VerdictId, confidence: number, evidence: readonly CaptureEvidence[]): CaptureVerdict {
  return { id, confidence, evidence, origin: null, injector: null };
}

/** Silence below this may only mean that the capture was stopped. `go` gives a handshake 10 s; a lost packet costs 1 s. */
export const SILENCE_MS = 2_500;
