/**
 * The one HTTP client for every request that is not a measurement: version lists, signed records and tiles, DNS over
 * HTTPS, the gateway's upstreams. Connections are kept and reused, HTTP/2 is spoken where the server offers it. Probes
 * measure fresh connections instead and stay on node:http (docs/decisions/0010 and 0025).
 */

import type { Socket } from 'node:net';
import type { Origin } from '../../shared/domain/host.ts';
import type { Failure } from '../../shared/domain/result.ts';
import type { DurationMs } from '../../shared/domain/units.ts';

/** Limits of one request, ms. A limit of 0 means none. Dialling and TLS have the limits of the connector. */
export interface HttpLimits {
  /** From the written request to the header section of the answer. */
  readonly headerMs: DurationMs;
  /** Longest silence inside a body; time spent waiting for the reader does not count. */
  readonly bodyIdleMs: DurationMs;
  /** The whole request: waiting for a connection, redirects and body included. */
  readonly totalMs: DurationMs;
}

/** One request. Header names are lower case. */
export interface HttpRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | undefined;
  /** http or https. Credentials in it become Basic authentication, over https only and for this host only. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  /** More body bytes than this are the failure `response-too-large`. */
  readonly maxBytes: number;
  readonly limits?: Partial<HttpLimits> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many redirects are followed; 10 unless given, as net/http does. With 0 a redirect is the answer. */
  readonly maxRedirects?: number | undefined;
}

/** Status line and headers. */
export interface HttpHead {
  readonly status: number;
  /** Lower-case names; of a repeated header the values are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The URL that answered, after redirects, without credentials. */
  readonly url: string;
}

/** A whole answer, whatever its status: the caller judges it. */
export interface HttpAnswer extends HttpHead {
  readonly body: Buffer;
}

/** Receives a response as it arrives. A promise pauses the transfer until it settles. */
export interface HttpSink {
  head(head: HttpHead): void | Promise<void>;
  chunk(bytes: Buffer): void | Promise<void>;
}

/**
 * An answer, a classified failure (`receivedBytes` of the body came before it), or cancelled by the caller's signal.
 */
export type HttpResult<T> =
  | { readonly outcome: 'ok'; readonly answer: T }
  | { readonly outcome: 'failed'; readonly failure: Failure; readonly receivedBytes: number }
  | { readonly outcome: 'cancelled' };

/** The port. No method rejects; an exception of a sink is the failure `unknown` of phase `body`. */
export interface HttpClient {
  /** Requests and collects the whole body. */
  fetch(request: HttpRequest): Promise<HttpResult<HttpAnswer>>;
  /** Requests and streams the response to a sink; resolves when the body has ended. Redirects are not passed to it. */
  stream(request: HttpRequest, sink: HttpSink): Promise<HttpResult<HttpHead>>;
  /** Cancels running requests. Resolves when no socket is left; every later request is cancelled. */
  close(): Promise<void>;
}

/** What was received of an exchange that broke off. */
export interface BrokenExchange {
  readonly phase: 'response' | 'body';
  /** Whether any part of an answer had come. */
  readonly begun: boolean;
  readonly isHttp2: boolean;
}

/** How connections are opened and their failures classified: the part that knows trust, resolver and proxies. */
export interface HttpConnector {
  /**
   * Opens a connection; a TLS one has its certificate accepted and ALPN agreed. `outsideOnly` refuses addresses inside
   * this machine or its network before anything is opened. Rejects with an error for `failureOf`.
   */
  connect(origin: Origin, signal: AbortSignal, outsideOnly: boolean): Promise<Socket>;
  /** Headers for a forward proxy that replaces the origin (plain http); null = none. */
  relayHeaders(origin: Origin): Readonly<Record<string, string>> | null;
  /** Headers that authenticate us to the host of this URL, or the reason not to send them. */
  authorization(url: URL): Readonly<Record<string, string>> | Failure;
  /** Classifies an error of a connection or an exchange. */
  failureOf(error: unknown, seen: BrokenExchange): Failure;
  /** Whether an address is inside this machine or its network: no public host may redirect to it. */
  isInside(address: string): boolean;
}
