/** What one probe returns: a value, never an exception. */
import type { Cause } from './cause.ts';
import type { EndpointKind } from './endpoint.ts';
import type { DurationMs, EpochMs } from './units.ts';

/** Where a probe spends time and where it can fail, in order. `verify` is the judgement of the content. */
export const PHASES = ['dns', 'connect', 'tls', 'request', 'response', 'body', 'verify'] as const;
export type Phase = (typeof PHASES)[number];

/** Duration of each phase in ms. Absent = not reached (or not part of this connection, as `tls` over http). */
export type PhaseTimings = { readonly [P in Phase]?: DurationMs };

/** *Light* asks for one `.info`; *full* adds list, `.mod` with its hash and a name that cannot exist. */
export type ProbeDepth = 'light' | 'full';

/** Which anchors made the certificate chain valid. `system` and `extra` mean: not a publicly known root. */
export type TrustSource = 'bundled' | 'system' | 'extra';

export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
  /** Protocol agreed by ALPN; null when the server chose none. */
  readonly alpn: string | null;
  /** Common name (or organisation) of the leaf's issuer. */
  readonly issuer: string;
  readonly subject: string;
  /** End of the leaf's validity. */
  readonly validTo: EpochMs;
  readonly trust: TrustSource;
}

export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** What the requests of the probes are called. */
export const STEP_NAMES = [
  // goproxy
  'info',
  'list',
  'mod',
  'latest',
  'zip',
  'sumdb-relay',
  'missing',
  'other-module',
  'other-family',
  // sumdb
  'tree-head',
  'consistency',
  'lookup',
  // vcs
  'go-get',
  'go-get-root',
  'refs',
  // dns
  'a',
  'aaaa',
  'random-name',
  // forward-proxy
  'tunnel',
  'through',
  // module
  'download',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/**
 * Observations of a probe that are not failures: the name resolves into a local proxy's range, one address family
 * fails, a
 * proxy relays the checksum database or does not, zips come from another host and can be resumed by Range or not, twenty
 * requests at once over one HTTP/2 connection are answered or not, GOAUTH names a program that only `go` runs.
 */
export const NOTES = [
  'fake-ip',
  'ipv4-fails',
  'ipv6-fails',
  'sumdb-relayed',
  'sumdb-not-relayed',
  'zip-elsewhere',
  'zip-not-cached',
  'zip-resumable',
  'zip-not-resumable',
  'http2-holds',
  'http2-breaks',
  'not-git',
  'tls-downgraded',
  'http2-lost',
  'goauth-not-run',
] as const;
export type Note = (typeof NOTES)[number];

/** One request of a probe. */
export interface ProbeStep {
  readonly name: StepName;
  /** Redacted. */
  readonly url: string;
  readonly outcome: 'ok' | 'failed';
  readonly durationMs: DurationMs;
  readonly httpStatus?: number | undefined;
  readonly cause?: Cause | undefined;
  readonly phase?: Phase | undefined;
  /** `h1:` hash of the go.mod, for the step `mod`. */
  readonly hash?: string | undefined;
  /** Its failure is reported but does not fail the endpoint. */
  readonly advisory?: boolean | undefined;
}

/** What was seen, for a person and for the doctor. Every text is redacted and bounded. */
export interface Evidence {
  /** The URL asked for last (after redirects), redacted. */
  readonly url: string;
  readonly redirects?: readonly string[] | undefined;
  readonly httpStatus?: number | undefined;
  readonly contentType?: string | undefined;
  readonly bodyBytes?: number | undefined;
  /** The first characters of an unexpected body. */
  readonly bodyStart?: string | undefined;
  /** Delay requested by the server (Retry-After). */
  readonly retryAfterMs?: DurationMs | undefined;
  /** Every address the name resolved to. */
  readonly addresses?: readonly string[] | undefined;
  /** Size of the ClientHello that was sent, bytes: above about 1,400 it takes two packets. */
  readonly helloBytes?: number | undefined;
  /** Set when the chain is valid only by a root that is not publicly known: who signed it. */
  readonly interceptedBy?: string | undefined;
  /** Who signed a certificate that was refused. */
  readonly refusedIssuer?: string | undefined;
  readonly notes?: readonly Note[] | undefined;
  /** sumdb: the signed tree head, for the next probe's proof that nothing was rewritten. */
  readonly treeHead?: string | undefined;
  /** dns: the response for each record type. */
  readonly answers?: readonly string[] | undefined;
  /** vcs: where the source is, as discovery said it. */
  readonly repository?: string | undefined;
  /** Control experiments: the same probe with one thing changed. */
  readonly experiments?: readonly Experiment[] | undefined;
}

/** What a control experiment changes. */
export const VARIABLES = [
  'other-name',
  'ipv4',
  'ipv6',
  'other-resolver',
  'through-proxy',
  'without-proxy',
  'http1',
  'small-hello',
] as const;
export type Variable = (typeof VARIABLES)[number];

/** The same probe with one thing changed, some times each way: `unchanged` and `changed` count what succeeded. */
export interface Experiment {
  readonly variable: Variable;
  readonly tries: number;
  readonly unchanged: number;
  readonly changed: number;
  /** What was put in its place, redacted. */
  readonly value?: string | undefined;
  /** Sizes of the ClientHello each way, bytes: of an experiment with it, as far as the probe sent it itself. */
  readonly helloBytes?: { readonly unchanged: number; readonly changed: number } | undefined;
}

export interface Failure {
  readonly cause: Cause;
  readonly phase: Phase;
  /** The message of the system or library, redacted. */
  readonly message: string;
  /** System or library error code, such as ECONNRESET. */
  readonly code?: string | undefined;
}

interface MeasuredFacts {
  readonly kind: EndpointKind;
  /** Base URL, redacted. */
  readonly url: string;
  readonly depth: ProbeDepth;
  readonly startedAt: EpochMs;
  /** Phases of the first request; the others are in `steps`. */
  readonly phases: PhaseTimings;
  /** The first request from its start to its last byte (or to the failure). */
  readonly totalMs: DurationMs;
  readonly steps: readonly ProbeStep[];
  readonly remote?: RemoteAddress | undefined;
  readonly protocol?: 'http/1.1' | 'h2' | undefined;
  readonly tls?: TlsFacts | undefined;
  readonly evidence: Evidence;
  /** Read and written by all its sockets, handshakes included; absent where not counted. */
  readonly bytes?: number | undefined;
}

export interface OkResult extends MeasuredFacts {
  readonly outcome: 'ok';
  /** The phases that went beyond their soft limit (`total` for the sum); empty = in good time. */
  readonly slow: readonly (Phase | 'total')[];
}

export interface FailedResult extends MeasuredFacts {
  readonly outcome: 'failed';
  readonly failure: Failure;
}

/** We stopped it (sleep, quit, the person): never counted as a failure. */
export interface CancelledResult {
  readonly outcome: 'cancelled';
  readonly kind: EndpointKind;
  readonly url: string;
  readonly depth: ProbeDepth;
  readonly startedAt: EpochMs;
}

export type ProbeResult = OkResult | FailedResult | CancelledResult;

/** A result as stored: what the strip, uptime and charts need. */
export interface Sample {
  readonly endpointId: string;
  readonly at: EpochMs;
  readonly outcome: 'ok' | 'slow' | 'failed';
  /** Present exactly when the outcome is `failed`. */
  readonly cause?: Cause | undefined;
  readonly phases: PhaseTimings;
  readonly totalMs: DurationMs;
}

/** The sample of a result; null for a cancelled one, which is not stored. */
export function sampleOf(endpointId: string, result: ProbeResult): Sample | null {
  if (result.outcome === 'cancelled') return null;
  const { startedAt: at, phases, totalMs } = result;
  if (result.outcome === 'failed') {
    return { endpointId, at, outcome: 'failed', cause: result.failure.cause, phases, totalMs };
  }
  return { endpointId, at, outcome: result.slow.length > 0 ? 'slow' : 'ok', phases, totalMs };
}
