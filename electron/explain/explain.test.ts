/** Every recorded output, the words of other systems and versions, and anything at all. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';

interface Recording {
  readonly file: string;
  readonly cause: string;
  readonly accept_causes?: readonly string[];
  readonly underlying_cause?: string;
  readonly failing_host: string | null;
  readonly http_status?: number;
  readonly phase: string | null;
  readonly interrupted?: boolean;
}

const FOLDER = join(import.meta.dirname, 'fixtures');
const recordings: readonly Recording[] = JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8'));

/** Nothing in these texts tells of the trouble: go accepted a login page, printed nothing, or only its exit code spoke. */
const SILENT = new Set([
  'captive-html-list.go1.19.8.txt',
  'captive-html-mod.go1.19.8.txt',
  'h2-rst-protocol.go1.19.8.txt',
  'env-w-goenv-off.go1.19.8.txt',
]);

/** The recording knows the host from elsewhere: a port that is not in the text. */
const HOST_UNSAID = /^proxyconnect-no-such-host\./;

describe('recorded outputs', () => {
  it.each(recordings.map((one) => [one.file, one] as const))('%s', (_file, one) => {
    const findings = explain(readFileSync(join(FOLDER, one.file), 'utf8'), { interrupted: one.interrupted === true });
    if (one.cause.startsWith('none') || SILENT.has(one.file)) {
      expect(findings).toEqual([]);
      return;
    }
    const [first] = findings;
    expect(one.accept_causes ?? [one.cause]).toContain(first?.cause);
    if (one.failing_host !== null && !HOST_UNSAID.test(one.file)) expect(first?.host).toBe(one.failing_host);
    if (one.underlying_cause !== undefined && first?.underlying !== undefined) {
      expect(first.underlying).toBe(one.underlying_cause);
    }
    if (one.http_status !== undefined && first?.httpStatus !== undefined)
      expect(first.httpStatus).toBe(one.http_status);
  });
});

it('nine phases of ten are those of the recordings', () => {
  // For a bare EOF or a reset tls, request and response are all right: the text cannot tell.
  const ambiguous = new Set(['tls', 'request', 'response']);
  const judged = recordings.flatMap((one) => {
    const [first] = explain(readFileSync(join(FOLDER, one.file), 'utf8'), { interrupted: one.interrupted === true });
    if (first === undefined || one.phase === null) return [];
    const isBare = first.cause === 'eof-no-response' || first.cause === 'connection-reset';
    return [first.layer === one.phase || (isBare && ambiguous.has(one.phase))];
  });
  expect(judged.filter(Boolean).length / judged.length).toBeGreaterThan(0.93);
});

describe('other words for the same', () => {
  const GET = 'go: a.example/m@v1.0.0: Get "https://proxy.example/a.example/m/@v/v1.0.0.info": ';
  it.each([
    ['unrecognized import path "a.example/m" (https fetch: Get https://a.example/m?go-get=1: EOF)', 'eof-no-response'],
    [`${GET}dial tcp: lookup proxy.example: nodename nor servname provided, or not known`, 'dns-no-such-host'],
    [`${GET}dial tcp: i/o timeout`, 'dns-timeout'],
    [`${GET}dial tcp 203.0.113.9:443: connect: operation timed out`, 'connect-timeout'],
    [
      `${GET}dial tcp 203.0.113.9:443: connectex: No connection could be made because the target machine actively refused it.`,
      'connect-refused',
    ],
    [
      `${GET}dial tcp 203.0.113.9:443: connectex: A connection attempt failed because the connected party did not properly respond after a period of time`,
      'connect-timeout',
    ],
    [`${GET}read tcp 10.0.0.2:5->203.0.113.9:443: read: operation timed out`, 'read-timeout'],
    [
      `${GET}read tcp 10.0.0.2:5->203.0.113.9:443: wsarecv: An existing connection was forcibly closed by the remote host.`,
      'connection-reset',
    ],
    [
      `${GET}tls: failed to verify certificate: x509: “proxy.example” certificate is not trusted`,
      'tls-unknown-authority',
    ],
    [
      `${GET}tls: failed to verify certificate: x509: “proxy.example” certificate is not standards compliant`,
      'tls-unknown-authority',
    ],
    [
      `${GET}tls: failed to verify certificate: x509: certificate has expired or is not yet valid: “proxy.example” certificate is expired`,
      'tls-cert-expired',
    ],
    [`${GET}net/http: timeout awaiting response headers`, 'response-timeout'],
    [`${GET}http2: client connection lost`, 'http2-connection-lost'],
    [`${GET}remote error: tls: protocol version not supported`, 'tls-version-mismatch'],
    [`${GET}proxyconnect tcp: EOF`, 'forward-proxy-refused'],
    [`${GET}write tcp 10.0.0.2:5->203.0.113.9:443: write: broken pipe`, 'connection-reset'],
    [
      "fatal: unable to access 'https://github.com/a/b/': LibreSSL SSL_connect: SSL_ERROR_SYSCALL in connection to github.com:443",
      'vcs-network',
    ],
    [
      "fatal: unable to access 'https://github.com/a/b/': SSL certificate problem: unable to get local issuer certificate",
      'vcs-network',
    ],
    [
      "fatal: unable to access 'https://github.com/a/b/': OpenSSL SSL_read: Connection was reset, errno 10054",
      'vcs-network',
    ],
    ['致命错误：无法访问 https://github.com/a/b/：fatal: Could not resolve host: github.com', 'vcs-network'],
    ['ERROR: Repository not found.\nfatal: Could not read from remote repository.', 'vcs-repo-not-found'],
    ['2026/11/02 10:00:00 go: a.example/m@v1.0.0: zip: not a valid zip file', 'zip-corrupt'],
    ['#9 12.31 go: module lookup disabled by GOPROXY=off', 'goproxy-off'],
    ['\u001b[31mgo: a.example/m@v1: no matching versions for query "v1"\u001b[0m', 'unknown-revision'],
    [
      'main.go:4:2: no required module provides package a.example/m; to add it:\n\tgo get a.example/m',
      'gomod-needs-update',
    ],
    ['go: open /Users/me/go/pkg/mod/cache/download/a: permission denied', 'modcache-permission'],
    [
      'verifying a.example/m@v1.0.0/go.mod: a.example/m@v1.0.0/go.mod: Get "https://sum.golang.org/lookup/a.example/m@v1.0.0": dial tcp 192.0.2.1:443: i/o timeout',
      'sumdb-unreachable',
    ],
    [
      'verifying a.example/m@v1.0.0: a.example/m@v1.0.0: reading https://sum.golang.org/lookup/a.example/m@v1.0.0: 410 Gone\n\tserver response: not found: a.example/m@v1.0.0: invalid version: unknown revision v1.0.0',
      'sumdb-not-found',
    ],
    [
      'go: a.example/m@v1.0.0: unexpected status (https://goproxy.io/a.example/m/@v/v1.0.0.info): 410 Gone',
      'module-not-found',
    ],
    ['go: missing Git command. See https://golang.org/s/gogetcmd', 'vcs-tool-missing'],
    [
      'go: a.example/m@v2.0.0+incompatible: invalid version: +incompatible suffix not allowed: module contains a go.mod file',
      'invalid-version',
    ],
    ["致命错误：无法访问 'https://github.com/a/b/'：无法连接到 github.com 端口 443：连接超时", 'vcs-network'],
    [`${GET}dial tcp: lookup proxy.example: device or resource busy`, 'dns-server-misbehaving'],
    [
      `${GET}http2: Transport: cannot retry err [http2: Transport received Server's graceful shutdown GOAWAY] after Request.Body was written`,
      'http2-goaway',
    ],
    [
      `${GET}read tcp 192.168.0.2:1->192.0.2.4:443: wsarecv: A connection attempt failed because the connected party did not properly respond`,
      'read-timeout',
    ],
    [`${GET}stream error: stream ID 7; INTERNAL_ERROR; received from peer`, 'http2-stream-reset'],
    [
      'error: RPC failed; curl 92 HTTP/2 stream 5 was not closed cleanly: CANCEL (err 8)\nfatal: early EOF',
      'vcs-network',
    ],
    ['go: go.mod requires go >= 1.23.0 (running go 1.22.5; GOTOOLCHAIN=local)', 'go-version-too-new'],
    ['write /root/go/pkg/mod/a: no space left on device', 'disk-full'],
    ['go: something nobody has ever seen', 'unknown'],
  ])('%s', (text, cause) => {
    expect(explain(text)[0]?.cause).toBe(cause);
  });

  it('keeps what lies under a wrapper', () => {
    const git =
      "fatal: unable to access 'https://github.com/a/b/': LibreSSL SSL_connect: SSL_ERROR_SYSCALL in connection to github.com:443";
    expect(explain(git)[0]).toMatchObject({ underlying: 'eof-no-response', host: 'github.com', layer: 'vcs' });
    const sum =
      'go: a.example/m@v1.0.0: verifying module: a.example/m@v1.0.0: Get "https://sum.golang.org/lookup/a.example/m@v1.0.0": EOF';
    expect(explain(sum)[0]).toMatchObject({
      cause: 'sumdb-unreachable',
      underlying: 'eof-no-response',
      host: 'sum.golang.org',
      module: 'a.example/m@v1.0.0',
    });
  });

  it('nothing wrong is nothing found', () => {
    for (const text of [
      '',
      'go: downloading a.example/m v1.0.0\n',
      'go: added a.example/m v1.0.0',
      'ok  \ta.example/m\t0.1s',
    ]) {
      expect(explain(text)).toEqual([]);
    }
  });

  it('finds every one of several, once', () => {
    const text = [
      'go: a.example/m@v1.0.0: Get "https://p.example/a": EOF',
      'go: b.example/m@v1.0.0: Get "https://p.example/b": EOF',
      'go: c.example/m@v1.0.0: reading https://q.example/c: 502 Bad Gateway',
    ].join('\n');
    expect(explain(text).map(({ cause, host }) => [cause, host])).toEqual([
      ['eof-no-response', 'p.example'],
      ['http-server-error', 'q.example'],
    ]);
  });
});

describe('any text', () => {
  it('is read without an exception, and what is found is bounded', () => {
    const words = fc.constantFrom(
      'go: ',
      'Get "https://u:p4ss@h/x": ',
      'EOF',
      'fatal: ',
      '\n',
      '\t',
      'lookup ',
      'verifying module: ',
      'x509: ',
      '\u001b[1m',
      '中',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 30 }), (parts) => {
        for (const finding of explain(parts.join(''))) {
          expect(finding.text.length).toBeLessThanOrEqual(1_000);
          expect(JSON.stringify(finding)).not.toContain('p4ss@');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of ten megabytes is read before anyone loses patience', () => {
    const lines = Array.from({ length: 1_000 }, (_, i) => `go: ${'a.'.repeat(2_000)}${i} ${'lookup '.repeat(900)}\n`);
    expect(explain(lines.join(''))).toHaveLength(1);
  });
});
