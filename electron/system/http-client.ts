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
  /** Longest silence inside a body; the time in which the reader itself keeps us waiting does not count. */
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
  /** How many redirects are followed; 10 unless given, as net/http does. */
  readonly maxRedirects?: number | undefined;
}

/** What stands above a body. */
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

/** Takes an answer as it comes. A promise pauses the transfer until it settles. */
export interface HttpSink {
  head(head: HttpHead): void | Promise<void>;
  chunk(bytes: Buffer): void | Promise<void>;
}

/** An answer, a classified failure (`receivedBytes` of the body came before it), or cancelled by the caller's signal. */
export type HttpResult<T> =
  | { readonly outcome: 'ok'; readonly answer: T }
  | { readonly outcome: 'failed'; readonly failure: Failure; readonly receivedBytes: number }
  | { readonly outcome: 'cancelled' };

/** The port. No method rejects; what a sink throws is the failure `unknown` of phase `body`. */
export interface HttpClient {
  /** Requests and collects the whole body. */
  fetch(request: HttpRequest): Promise<HttpResult<HttpAnswer>>;
  /** Requests and hands the answer over piece by piece; resolves when the body has ended. Redirects reach no sink. */
  stream(request: HttpRequest, sink: HttpSink): Promise<HttpResult<HttpHead>>;
  /** Cancels what runs. Resolves when no socket is left; every later request is cancelled. */
  close(): Promise<void>;
}

/** What was seen of an exchange that broke off. */
export interface BrokenExchange {
  readonly phase: 'response' | 'body';
  /** Whether any part of an answer had come. */
  readonly begun: boolean;
  readonly isHttp2: boolean;
}

/** How connections come about and what their failures are called: the part that knows trust, resolver and proxies. */
export interface HttpConnector {
  /** Opens a connection; a TLS one has its certificate accepted and ALPN agreed. Rejects with an error for `failureOf`. */
  connect(origin: Origin, signal: AbortSignal): Promise<Socket>;
  /** Headers for a forward proxy that is asked in place of the origin (plain http); null = none. */
  relayHeaders(origin: Origin): Readonly<Record<string, string>> | null;
  /** Headers that authenticate us to the host of this URL, or why they must not be sent. */
  authorization(url: URL): Readonly<Record<string, string>> | Failure;
  /** Classifies what connecting or an exchange failed with. */
  failureOf(error: unknown, seen: BrokenExchange): Failure;
  /** Whether an address is inside this machine or its network: no public host may redirect there. */
  isInside(address: string): boolean;
}
