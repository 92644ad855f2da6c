/**
 * The one classifier of what a probe meets: system and library codes first, text last. Pure.
 * Codes: errno(3); c-ares through node:dns; OpenSSL and BoringSSL reasons as Node spells them (ERR_SSL_…);
 * X.509 results (openssl-verification-options(1)); llhttp (HPE_…); node:http2.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { LOGIN_FAILED, statusCause } from '../../shared/domain/http-status.ts';
import type { Phase } from '../../shared/domain/result.ts';
import type { ErrorFacts } from '../system/error-facts.ts';
import { PhaseError } from './phase-error.ts';

/** The parts of an error that decide here. */
export type Reason = Pick<ErrorFacts, 'code' | 'syscall' | 'message'>;

const DNS: Readonly<Record<string, Cause>> = {
  ENOTFOUND: 'dns-no-such-host',
  ENODATA: 'dns-no-such-host',
  EAI_NONAME: 'dns-no-such-host',
  EAI_NODATA: 'dns-no-such-host',
  ESERVFAIL: 'dns-server-misbehaving',
  EREFUSED: 'dns-server-misbehaving',
  EFORMERR: 'dns-server-misbehaving',
  EBADRESP: 'dns-server-misbehaving',
  ENOTIMP: 'dns-server-misbehaving',
  EAI_FAIL: 'dns-server-misbehaving',
  ETIMEOUT: 'dns-timeout',
  ETIMEDOUT: 'dns-timeout',
  ECONNREFUSED: 'dns-resolver-unreachable',
  ENETUNREACH: 'dns-resolver-unreachable',
  EHOSTUNREACH: 'dns-resolver-unreachable',
  ERR_INVALID_IP_ADDRESS: 'dns-resolver-unreachable',
  // getaddrinfo could not reach any server ("temporary failure in name resolution").
  EAI_AGAIN: 'dns-resolver-unreachable',
};

const CONNECT: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'connect-refused',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'connect-unreachable',
  ENETUNREACH: 'connect-unreachable',
  EHOSTDOWN: 'connect-unreachable',
  ENETDOWN: 'connect-unreachable',
  EADDRNOTAVAIL: 'connect-unreachable',
  ECONNRESET: 'connection-reset',
};

const CERTIFICATE: Readonly<Record<string, Cause>> = {
  CERT_HAS_EXPIRED: 'tls-cert-expired',
  CERT_NOT_YET_VALID: 'tls-cert-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-cert-wrong-host',
  HOSTNAME_MISMATCH: 'tls-cert-wrong-host',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-unknown-authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-unknown-authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-unknown-authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-unknown-authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-unknown-authority',
  CERT_UNTRUSTED: 'tls-unknown-authority',
  CERT_SIGNATURE_FAILURE: 'tls-unknown-authority',
  INVALID_CA: 'tls-unknown-authority',
};

/** TLS reasons by text: OpenSSL and BoringSSL spell the same reason in different codes. */
const TLS_REASONS: readonly (readonly [RegExp, Cause])[] = [
  [/wrong.version.number|http.request|unknown.protocol|packet.length.too.long|record.layer.failure/i, 'tls-not-tls'],
  [/excessive.message.size|certificate.(?:list|chain).too.long/i, 'response-too-large'],
  [/protocol.version|unsupported.protocol|version.too.low|no.protocols.available/i, 'tls-version-mismatch'],
  [/alert|handshake.failure|unrecognized.name/i, 'tls-alert'],
];

/** Why name resolution failed. */
export function classifyDns(error: Reason): Cause {
  return DNS[error.code ?? ''] ?? 'dns-server-misbehaving';
}

/** Why a TCP connection failed. */
export function classifyConnect(error: Reason): Cause {
  return CONNECT[error.code ?? ''] ?? 'unknown';
}

/** Why a certificate was not accepted; `code` as in TLSSocket.authorizationError. */
export function classifyCertificate(code: string): Cause {
  return CERTIFICATE[code] ?? 'tls-unknown-authority';
}

/** Why a TLS handshake failed. */
export function classifyHandshake(error: Reason): Cause {
  if (isReset(error)) return 'connection-reset';
  // Node calls a connection closed during the handshake ECONNRESET as well, but without a system call.
  if (error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return 'eof-no-response';
  const text = `${error.code ?? ''} ${error.message}`;
  return TLS_REASONS.find(([pattern]) => pattern.test(text))?.[1] ?? CERTIFICATE[error.code ?? ''] ?? 'unknown';
}

/**
 * Why an HTTP/1.1 exchange broke off: before (`response`) or after (`body`) its headers were complete; `begun` when
 * anything of an answer had come. Node calls a plain close ECONNRESET too, but without a system call.
 */
export function classifyHttp1(error: Reason, phase: 'response' | 'body', begun: boolean): Cause {
  if (isReset(error)) return 'connection-reset';
  const code = error.code ?? '';
  if (code === 'ETIMEDOUT') return 'read-timeout';
  if (code === 'HPE_HEADER_OVERFLOW' || code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 'response-too-large';
  if (code === 'HPE_INVALID_EOF_STATE' || code === 'ECONNRESET' || code === 'EPIPE') {
    return phase === 'body' || begun ? 'body-truncated' : 'eof-no-response';
  }
  return code.startsWith('HPE_') ? 'http-malformed' : 'unknown';
}

/** What was seen of an HTTP/2 connection that broke off. */
export interface Http2Trace {
  /** Error code of a GOAWAY frame; null when none came. */
  readonly goaway: number | null;
  /** Error code of the RST_STREAM that ended our stream; 0 when none came. */
  readonly rstCode: number;
  readonly error: Reason | null;
}

/** Why an HTTP/2 exchange broke off. */
export function classifyHttp2(trace: Http2Trace, phase: 'response' | 'body'): Cause {
  if (trace.error !== null && isReset(trace.error)) return 'connection-reset';
  if (trace.goaway !== null) return 'http2-goaway';
  const code = trace.error?.code ?? '';
  // A peer that does not speak HTTP/2 makes nghttp2 end the session with an error of its own.
  if (code === 'ERR_HTTP2_ERROR' || code === 'ERR_HTTP2_SESSION_ERROR') return 'http-malformed';
  if (trace.rstCode !== 0 && code === 'ERR_HTTP2_STREAM_ERROR') return 'http2-stream-reset';
  return phase === 'body' ? 'body-truncated' : 'http2-connection-lost';
}

/** What a status other than 200 says about a module that must exist, with the answer's text; null for 200. */
export function classifyStatus(status: number, text: string): Cause | null {
  if (status === 200) return null;
  if ((status === 404 || status === 410) && LOGIN_FAILED.test(text)) return 'private-via-proxy';
  return statusCause(status);
}

/** A reset by the peer or by something on the path: the kernel reports it with the call that it interrupted. */
function isReset(error: Reason): boolean {
  if (error.code === 'ECONNRESET' && error.syscall !== undefined) return true;
  return /\b(read|write) ECONNRESET\b/.test(error.message);
}

/** A PhaseError from a classified error. */
export function phaseError(phase: Phase, why: Cause, facts: Reason): PhaseError {
  return new PhaseError(phase, why, facts.message, facts.code);
}
