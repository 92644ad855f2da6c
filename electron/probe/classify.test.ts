import { describe, expect, it } from 'vitest';
import {
  classifyCertificate,
  classifyConnect,
  classifyDns,
  classifyHandshake,
  classifyHttp1,
  classifyHttp2,
  classifyStatus,
} from './classify.ts';

const fact = (code: string | undefined, syscall?: string, message = '') => ({ code, syscall, message });

describe('classifying', () => {
  it.each([
    ['ENOTFOUND', 'dns-no-such-host'],
    ['ENODATA', 'dns-no-such-host'],
    ['ESERVFAIL', 'dns-server-misbehaving'],
    ['EREFUSED', 'dns-server-misbehaving'],
    ['ETIMEOUT', 'dns-timeout'],
    ['ECONNREFUSED', 'dns-resolver-unreachable'],
    ['ENETUNREACH', 'dns-resolver-unreachable'],
    ['EAI_AGAIN', 'dns-resolver-unreachable'],
    ['ERR_INVALID_IP_ADDRESS', 'dns-resolver-unreachable'],
    ['ESOMETHING', 'dns-server-misbehaving'],
  ])('a resolver that says %s: %s', (code, cause) => {
    expect(classifyDns(fact(code))).toBe(cause);
  });

  it.each([
    ['ECONNREFUSED', 'connect-refused'],
    ['ETIMEDOUT', 'connect-timeout'],
    ['EHOSTUNREACH', 'connect-unreachable'],
    ['ENETUNREACH', 'connect-unreachable'],
    ['ECONNRESET', 'connection-reset'],
    ['EMFILE', 'unknown'],
  ])('a connect that ends with %s: %s', (code, cause) => {
    expect(classifyConnect(fact(code))).toBe(cause);
  });

  it.each([
    ['ECONNRESET', 'read', 'read ECONNRESET', 'connection-reset'],
    ['ECONNRESET', undefined, 'Client network socket disconnected before secure TLS connection', 'eof-no-response'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', undefined, 'wrong version number', 'tls-not-tls'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', undefined, 'packet length too long', 'tls-not-tls'],
    ['ERR_SSL_HTTP_REQUEST', undefined, 'http request', 'tls-not-tls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', undefined, 'tlsv1 alert protocol version', 'tls-version-mismatch'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', undefined, 'unsupported protocol', 'tls-version-mismatch'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', undefined, 'alert handshake failure', 'tls-alert'],
    ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', undefined, 'unrecognized name', 'tls-alert'],
    ['ESOMETHING', undefined, 'something', 'unknown'],
  ])('a handshake that ends with %s (%s): %4$s', (code, syscall, message, cause) => {
    expect(classifyHandshake(fact(code, syscall, message))).toBe(cause);
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'tls-cert-expired'],
    ['CERT_NOT_YET_VALID', 'tls-cert-not-yet-valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls-cert-wrong-host'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls-unknown-authority'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls-unknown-authority'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls-unknown-authority'],
    ['SOMETHING_NEW', 'tls-unknown-authority'],
  ])('a certificate refused with %s: %s', (code, cause) => {
    expect(classifyCertificate(code)).toBe(cause);
  });

  it.each([
    [fact('ECONNRESET', 'read'), 'response', false, 'connection-reset'],
    [fact('ECONNRESET', 'read'), 'body', true, 'connection-reset'],
    [fact('ECONNRESET', undefined, 'socket hang up'), 'response', false, 'eof-no-response'],
    [fact('ECONNRESET', undefined, 'socket hang up'), 'response', true, 'body-truncated'],
    [fact('ECONNRESET', undefined, 'aborted'), 'body', true, 'body-truncated'],
    [fact('ETIMEDOUT', 'read'), 'response', false, 'read-timeout'],
    [fact('HPE_INVALID_CONSTANT'), 'response', true, 'http-malformed'],
    [fact('HPE_INVALID_CHUNK_SIZE'), 'body', true, 'http-malformed'],
    [fact('HPE_HEADER_OVERFLOW'), 'response', true, 'response-too-large'],
    [fact(undefined), 'response', false, 'unknown'],
  ] as const)('an HTTP/1.1 exchange that ends with %o in %s (begun: %s): %s', (error, phase, begun, cause) => {
    expect(classifyHttp1(error, phase, begun)).toBe(cause);
  });

  it.each([
    [{ goaway: 11, rstCode: 0, error: null }, 'response', 'http2-goaway'],
    [{ goaway: 0, rstCode: 7, error: null }, 'response', 'http2-goaway'],
    [{ goaway: null, rstCode: 2, error: fact('ERR_HTTP2_STREAM_ERROR') }, 'response', 'http2-stream-reset'],
    [{ goaway: null, rstCode: 8, error: null }, 'response', 'http2-connection-lost'],
    [{ goaway: null, rstCode: 8, error: null }, 'body', 'body-truncated'],
    [{ goaway: null, rstCode: 0, error: fact('ECONNRESET', 'read') }, 'body', 'connection-reset'],
    [{ goaway: null, rstCode: 1, error: fact('ERR_HTTP2_ERROR') }, 'response', 'http-malformed'],
  ] as const)('an HTTP/2 exchange that ends with %o in %s: %s', (trace, phase, cause) => {
    expect(classifyHttp2(trace, phase)).toBe(cause);
  });

  it.each([
    [200, '', null],
    [204, '', 'http-unexpected-status'],
    [302, '', 'http-unexpected-status'],
    [400, '', 'http-bad-request'],
    [401, '', 'http-unauthorized'],
    [403, '', 'http-forbidden'],
    [404, 'not found: unknown revision v9.9.9', 'module-not-found'],
    [404, 'fatal: could not read Username for https://example.test: terminal prompts disabled', 'private-via-proxy'],
    [407, '', 'forward-proxy-auth'],
    [410, '', 'module-not-found'],
    [418, '', 'http-unexpected-status'],
    [429, '', 'http-rate-limited'],
    [451, '', 'http-forbidden'],
    [500, '', 'http-server-error'],
    [511, '', 'captive-portal'],
    [599, '', 'http-server-error'],
    [999, '', 'http-unexpected-status'],
  ])('status %i with %j: %s', (status, text, cause) => {
    expect(classifyStatus(status, text)).toBe(cause);
  });
});
