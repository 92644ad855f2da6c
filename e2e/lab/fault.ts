/** Everything that can be wrong with a lab server, and what a probe must call it. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Phase } from '../../shared/domain/result.ts';
import type { LeafKind } from './certificates.ts';

/** How a lab server speaks. */
export type Transport = 'http' | 'h1' | 'h2';

export type Fault =
  /** Nothing listens. */
  | { readonly type: 'refuse' }
  /** The connection is accepted and closed (`fin`) or reset at its first byte. */
  | { readonly type: 'drop-at-accept'; readonly how: 'fin' | 'reset' }
  /** The connection is accepted and nothing is ever said. */
  | { readonly type: 'silent-at-accept' }
  /** Bytes that are no TLS are sent at once. */
  | { readonly type: 'say-at-accept'; readonly bytes: string }
  /** A ClientHello that names this host is reset. */
  | { readonly type: 'reset-name'; readonly name: string }
  /** A ClientHello above this many bytes is swallowed, as by a device that cannot take two packets. */
  | { readonly type: 'swallow-large-hello'; readonly bytes: number }
  /** The handshake is held back for a while. */
  | { readonly type: 'delay-tls'; readonly ms: number }
  /** Only TLS 1.1 is spoken. */
  | { readonly type: 'old-tls' }
  /** The handshake ends with an alert. */
  | { readonly type: 'tls-alert' }
  | { readonly type: 'certificate'; readonly kind: Exclude<LeafKind, 'good'> }
  /** The request is read, then the connection is closed, reset or left hanging. */
  | { readonly type: 'drop-request'; readonly how: 'fin' | 'reset' | 'hang' }
  /** The headers and half of the body are sent, then the same. */
  | { readonly type: 'drop-body'; readonly how: 'fin' | 'reset' | 'hang'; readonly chunked?: boolean }
  /** The checksum database is not relayed; all else is as it should. */
  | { readonly type: 'no-sumdb-relay' }
  /** One module is refused; all else is as it should. */
  | { readonly type: 'refuse-module'; readonly path: string }
  /** Zips are refused, as by a storage behind the proxy; all else is as it should. */
  | { readonly type: 'refuse-zips' }
  /** Zips cannot be resumed: ranges are ignored, the validator is weak or missing, or the zip is another one each time. */
  | { readonly type: 'no-resume'; readonly how: 'no-range' | 'weak-etag' | 'no-validator' | 'other-entity' }
  /** HTTP/2 connections end once so many requests are open at a time. */
  | { readonly type: 'few-streams'; readonly most: number }
  /** Zips are another module's content: whole, but not what was recorded. */
  | { readonly type: 'other-zip' }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Every path is answered with this. */
  | { readonly type: 'answer'; readonly body: string; readonly contentType: string }
  | { readonly type: 'redirect'; readonly to: 'self' | 'http' | 'login' }
  /** Raw bytes instead of an HTTP response (HTTP/1.1 only). */
  | { readonly type: 'garbage' }
  | { readonly type: 'endless-headers' }
  | { readonly type: 'endless-body' }
  | { readonly type: 'delay-headers'; readonly ms: number }
  | { readonly type: 'delay-body'; readonly ms: number }
  | { readonly type: 'goaway'; readonly code: number }
  | { readonly type: 'rst-stream'; readonly code: number }
  /** A share of requests (0…1) is answered with a status; the same seed gives the same sequence. */
  | { readonly type: 'random-status'; readonly share: number; readonly status: number; readonly seed: number };

/** What a probe must say about a fault. */
export interface Expectation {
  readonly fault: Fault;
  readonly transports: readonly Transport[];
  readonly cause: Cause;
  readonly phase: Phase;
}

const ALL: readonly Transport[] = ['http', 'h1', 'h2'];
const TLS: readonly Transport[] = ['h1', 'h2'];
const HTTP1: readonly Transport[] = ['http', 'h1'];
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Welcome to the hotel</body></html>';

function statusFault(status: number, cause: Cause): Expectation {
  return { fault: { type: 'status', status }, transports: ALL, cause, phase: 'response' };
}

function certificate(kind: Exclude<LeafKind, 'good'>, cause: Cause): Expectation {
  return { fault: { type: 'certificate', kind }, transports: TLS, cause, phase: 'tls' };
}

function content(body: string, contentType: string, cause: Cause): Expectation {
  return { fault: { type: 'answer', body, contentType }, transports: ALL, cause, phase: 'verify' };
}

/** Every fault by name, with its transports, cause and phase. */
export const FAULTS: Readonly<Record<string, Expectation>> = {
  refuse: { fault: { type: 'refuse' }, transports: ALL, cause: 'connect-refused', phase: 'connect' },
  'eof at accept': {
    fault: { type: 'drop-at-accept', how: 'fin' },
    transports: TLS,
    cause: 'eof-no-response',
    phase: 'tls',
  },
  'eof at accept, http': {
    fault: { type: 'drop-at-accept', how: 'fin' },
    transports: ['http'],
    cause: 'eof-no-response',
    phase: 'response',
  },
  'reset at accept': {
    fault: { type: 'drop-at-accept', how: 'reset' },
    transports: TLS,
    cause: 'connection-reset',
    phase: 'tls',
  },
  'silence before TLS': {
    fault: { type: 'silent-at-accept' },
    transports: TLS,
    cause: 'tls-handshake-timeout',
    phase: 'tls',
  },
  'silence, http': {
    fault: { type: 'silent-at-accept' },
    transports: ['http'],
    cause: 'response-timeout',
    phase: 'response',
  },
  'plain text on a TLS port': {
    fault: { type: 'say-at-accept', bytes: 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n' },
    transports: TLS,
    cause: 'tls-not-tls',
    phase: 'tls',
  },
  'old TLS': { fault: { type: 'old-tls' }, transports: TLS, cause: 'tls-version-mismatch', phase: 'tls' },
  'TLS alert': { fault: { type: 'tls-alert' }, transports: TLS, cause: 'tls-alert', phase: 'tls' },
  'wrong host': certificate('wrong-host', 'tls-cert-wrong-host'),
  expired: certificate('expired', 'tls-cert-expired'),
  'not yet valid': certificate('not-yet-valid', 'tls-cert-not-yet-valid'),
  untrusted: certificate('untrusted', 'tls-unknown-authority'),
  'eof after the request': {
    fault: { type: 'drop-request', how: 'fin' },
    transports: HTTP1,
    cause: 'eof-no-response',
    phase: 'response',
  },
  'eof after the request, h2': {
    fault: { type: 'drop-request', how: 'fin' },
    transports: ['h2'],
    cause: 'http2-connection-lost',
    phase: 'response',
  },
  'reset after the request': {
    fault: { type: 'drop-request', how: 'reset' },
    transports: ALL,
    cause: 'connection-reset',
    phase: 'response',
  },
  'silence after the request': {
    fault: { type: 'drop-request', how: 'hang' },
    transports: ALL,
    cause: 'response-timeout',
    phase: 'response',
  },
  'truncated body': {
    fault: { type: 'drop-body', how: 'fin' },
    transports: ALL,
    cause: 'body-truncated',
    phase: 'body',
  },
  'truncated chunked body': {
    fault: { type: 'drop-body', how: 'fin', chunked: true },
    transports: HTTP1,
    cause: 'body-truncated',
    phase: 'body',
  },
  'reset mid-body': {
    fault: { type: 'drop-body', how: 'reset' },
    transports: ALL,
    cause: 'connection-reset',
    phase: 'body',
  },
  'silence mid-body': {
    fault: { type: 'drop-body', how: 'hang' },
    transports: ALL,
    cause: 'response-timeout',
    phase: 'body',
  },
  'status 400': statusFault(400, 'http-bad-request'),
  'status 401': statusFault(401, 'http-unauthorized'),
  'status 403': statusFault(403, 'http-forbidden'),
  'status 404': statusFault(404, 'module-not-found'),
  'status 410': statusFault(410, 'module-not-found'),
  'status 418': statusFault(418, 'http-unexpected-status'),
  'status 429': {
    ...statusFault(429, 'http-rate-limited'),
    fault: { type: 'status', status: 429, headers: { 'retry-after': '30' } },
  },
  'status 451': statusFault(451, 'http-forbidden'),
  'status 500': statusFault(500, 'http-server-error'),
  'status 502': statusFault(502, 'http-server-error'),
  'status 503': statusFault(503, 'http-server-error'),
  'status 504': statusFault(504, 'http-server-error'),
  'status 511': statusFault(511, 'captive-portal'),
  'captive page': content(PAGE, 'text/html', 'captive-portal'),
  'redirect to a login page': {
    fault: { type: 'redirect', to: 'login' },
    transports: ALL,
    cause: 'captive-portal',
    phase: 'verify',
  },
  'empty answer': content('', 'application/json', 'not-a-goproxy'),
  'JSON without a version': content('{"status":"ok"}', 'application/json', 'not-a-goproxy'),
  'another version': content('{"Version":"v9.9.9","Time":"2024-01-10T08:00:00Z"}', 'application/json', 'not-a-goproxy'),
  'redirect loop': {
    fault: { type: 'redirect', to: 'self' },
    transports: ALL,
    cause: 'redirect-loop',
    phase: 'response',
  },
  'redirect to http': {
    fault: { type: 'redirect', to: 'http' },
    transports: TLS,
    cause: 'redirect-insecure',
    phase: 'response',
  },
  garbage: { fault: { type: 'garbage' }, transports: HTTP1, cause: 'http-malformed', phase: 'response' },
  'endless headers': {
    fault: { type: 'endless-headers' },
    transports: HTTP1,
    cause: 'response-too-large',
    phase: 'response',
  },
  'endless body': { fault: { type: 'endless-body' }, transports: ALL, cause: 'response-too-large', phase: 'body' },
  GOAWAY: { fault: { type: 'goaway', code: 11 }, transports: ['h2'], cause: 'http2-goaway', phase: 'response' },
  'GOAWAY without error': {
    fault: { type: 'goaway', code: 0 },
    transports: ['h2'],
    cause: 'http2-goaway',
    phase: 'response',
  },
  RST_STREAM: {
    fault: { type: 'rst-stream', code: 2 },
    transports: ['h2'],
    cause: 'http2-stream-reset',
    phase: 'response',
  },
};
