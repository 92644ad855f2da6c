/** What `go` printed, as logs, terminals, web pages and people hand it on. All texts are made up. */
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';

describe('as other programs hand it on', () => {
  const URL = 'https://proxy.example/a.example/m/@v/v1.0.0.zip';
  it.each([
    [
      'a prompt above',
      `$ go mod tidy\na.example/x imports\n\ta.example/m: module a.example/m: reading ${URL}: 404 Not Found\n\tserver response:\n\tnot found: git ls-remote -q origin in /tmp/x: exit status 128:\n\t\tfatal: could not read Username for 'https://git.example': terminal prompts disabled`,
      'private-via-proxy',
    ],
    [
      'wrapped at a blank',
      `    go: a.example/m@v1.0.0: read\n      "${URL}":\n      stream error: stream ID 9; INTERNAL_ERROR; received from peer`,
      'http2-stream-reset',
    ],
    [
      'wrapped within a word',
      `go: a.example/m@v1.0.0: Get "https://proxy.ex\nample/a.example/m/@v/v1.0.0.zip": dial tcp 203.0.113.9:443: conn\nectex: A connection attempt failed because the connected party did not properly respond`,
      'connect-timeout',
    ],
    [
      'a string of a log',
      `level=error msg="load: exit status 1: stderr: go: a.example/m@v1.0.0: Get \\"${URL}\\": net/http: TLS handshake timeout\\n"`,
      'tls-handshake-timeout',
    ],
    ['a field of JSON', `{"Path":"a.example/m","Version":"v1.0.0","Error":"Get \\"${URL}\\": EOF"}`, 'eof-no-response'],
    [
      'entities of a web page',
      `go: a.example/m@v1.0.0: Get &quot;${URL}&quot;: read tcp 10.0.0.2:5-&gt;203.0.113.9:443: read: connection reset by peer`,
      'connection-reset',
    ],
    [
      'typographic quotes',
      `go: a.example/m@v1.0.0: Get “${URL}”: net/http: TLS handshake timeout`,
      'tls-handshake-timeout',
    ],
    [
      'a step of BuildKit',
      `1.425 go: a.example/m@v1.0.0: reading ${URL}: 503 Service Unavailable`,
      'http-server-error',
    ],
    ['a quotation', `> go: a.example/m@v1.0.0: reading ${URL}: 429 Too Many Requests`, 'http-rate-limited'],
    [
      'a reason of its own',
      `go: a.example/m@v1.0.0: unexpected status (${URL}): 401 authenticationrequired`,
      'http-unauthorized',
    ],
    [
      'Chinese Windows',
      `a.go:1:2: a.example/m@v1.0.0: Get "${URL}": dial tcp 203.0.113.9:443: connectex: 连接尝试失败，因为连接的主机未能响应。`,
      'connect-timeout',
    ],
  ])('%s', (_how, text, cause) => {
    expect(explain(text)[0]).toMatchObject({ cause, host: 'proxy.example' });
  });

  it.each([
    [
      'error: RPC failed; curl 56 GnuTLS recv error (-9)\nThe remote end hung up unexpectedly',
      'vcs-network',
      undefined,
    ],
    [
      '# cd .; git clone https://git.example/a /src/a\nCloning into a...\nfatal: early EOF\npackage b.example/a: exit status 128',
      'vcs-network',
      'git.example',
    ],
    [
      'No ED25519 host key is known for git.example and you have requested strict checking.\nHost key verification failed.',
      'vcs-ssh-host-key',
      'git.example',
    ],
    ['go: writing go.mod cache: mkdir /srv/pkg/mod: permission denied', 'modcache-permission', undefined],
    ['package a.example/m: unrecognized import path "a.example/m"', 'go-import-missing', 'a.example'],
    [
      "go get a.example/m: module a.example/m: invalid character 'x' looking for beginning of value",
      'not-a-goproxy',
      undefined,
    ],
    ['-: main module (a.example/m) does not contain package a.example/m/x', 'package-not-in-module', undefined],
    [
      'go: m imports\n\tb.example/x: b.example/x@v1.0.0: parsing go.mod:\n\tmodule declares its path as: x\n\t        but was required as: b.example/x',
      'module-path-mismatch',
      'b.example',
    ],
    [
      'go install a.example/m@latest (in a.example/m@v1.0.0):\n\tThe go.mod file must not contain replace directives',
      'unknown',
      undefined,
    ],
  ])('%s', (text, cause, host) => {
    expect(explain(text)[0]).toMatchObject({ cause, host });
  });
});

describe('what other programs put around it', () => {
  const error =
    'go: a.example/m@v1.0.0: Get "https://proxy.example/a.example/m/@v/v1.0.0.info": dial tcp: lookup proxy.example on 10.0.0.1:53: read udp 10.0.0.2:5->10.0.0.1:53: i/o timeout';
  const missing =
    "go: a.example/m@v1.0.0: invalid version: git ls-remote -q origin in /tmp/x: exit status 128:\n\tfatal: repository 'https://git.example/m/' not found";
  const each = (text: string, mark: string): string =>
    text
      .split('\n')
      .map((line) => mark + line)
      .join('\n');
  it.each([
    ['a service of GitHub', '2026-11-24T03:12:44.1234567Z '],
    ['a runner of GitLab', '2026-11-24T03:12:44.123456Z 01O '],
    ['syslog', 'Nov 24 03:12:44 build go[12]: '],
    ['klog', 'E1124 03:12:44.123456   12345 build.go:42] '],
    ['compose', 'app-1  | '],
    ['goreleaser', '    │ '],
    ['a mail', '> '],
    ['an indented block', '\t'],
  ])('%s', (_who, mark) => {
    expect(explain(each(error, mark))[0]).toMatchObject({ cause: 'dns-timeout', host: 'proxy.example' });
    expect(explain(each(missing, mark))[0]).toMatchObject({ cause: 'vcs-repo-not-found', host: 'git.example' });
  });

  it.each([80, 100, 120])('a terminal of %d columns', (width) => {
    const wrapped = error.replace(new RegExp(`(.{${width}})(?=.)`, 'g'), '$1\n');
    expect(explain(wrapped)[0]).toMatchObject({ cause: 'dns-timeout', host: 'proxy.example' });
    expect(explain(`$ go mod tidy\n${wrapped}\n$ `)[0]).toMatchObject({ cause: 'dns-timeout', host: 'proxy.example' });
  });

  it("lines of a terminal's width by chance stay apart", () => {
    const refused = 'go: a.example/m@v1.0.0: Get "https://proxy.example/a": Forbidden';
    const wide = refused.replace('/a"', `/${'a'.repeat(81 - refused.length)}"`);
    expect(wide).toHaveLength(80);
    expect(explain(`${wide}\nmake: failed`)[0]?.cause).toBe('forward-proxy-refused');
  });

  it('JSON of the go command and of loggers', () => {
    for (const name of ['Error', 'Err', 'Output', 'msg', 'error']) {
      expect(explain(`{"Path":"a.example/m",${JSON.stringify(name)}:${JSON.stringify(error)}}`)[0]?.cause).toBe(
        'dns-timeout',
      );
    }
    expect(explain(`{"Path":"a.example/m"}\n{"broken`)).toEqual([]);
  });

  it('a request that was answered, wrapped in the trace, hangs nowhere', () => {
    const trace = `# get https://proxy.example/${'a'.repeat(60)}/@v/list: 200 OK (0.016s)`;
    expect(explain(`${trace.slice(0, 80)}\n${trace.slice(80)}`)).toEqual([]);
  });
});

describe('words of other systems', () => {
  const GET = 'go: a.example/m@v1.0.0: Get "https://proxy.example/a": ';
  it.each([
    [`${GET}dial tcp 203.0.113.9:443: connectex: 向一个无法连接的主机尝试了一个套接字操作。`, 'connect-unreachable'],
    [`${GET}dial tcp 203.0.113.9:443: connect: operation not permitted`, 'connect-unreachable'],
    [`${GET}read tcp 10.0.0.2:5->203.0.113.9:443: wsarecv: 远程主机强迫关闭了一个现有的连接。`, 'connection-reset'],
    [
      `${GET}read tcp 10.0.0.2:5->203.0.113.9:443: wsarecv: 你的主机中的软件中止了一个已建立的连接。`,
      'connection-reset',
    ],
    [`${GET}dial tcp: lookup proxy.example: getaddrinfow: 不知道这样的主机。`, 'dns-no-such-host'],
    [`${GET}dial tcp: lookup proxy.example: No such host is known.`, 'dns-no-such-host'],
    [
      `${GET}dial tcp: lookup proxy.example: getaddrinfow: This is usually a temporary error during hostname resolution`,
      'dns-timeout',
    ],
    [`${GET}tls: oversized record received with length 20527`, 'tls-not-tls'],
    [`${GET}net/http: HTTP/1.x transport connection broken: EOF`, 'eof-no-response'],
    ['go: unzip x: write /srv/pkg/mod/a.go: disk quota exceeded', 'disk-full'],
    [
      'a.go:1:2: no required module provides package b.example/c: go.mod file not found in current directory or any parent directory',
      'outside-module',
    ],
    ['fatal: remote error: access denied or repository not exported: /a.git', 'vcs-repo-not-found'],
    [
      'package b.example/a: unrecognized import path "b.example/a" (parsing b.example/a: XML syntax error on line 9)',
      'go-import-missing',
    ],
  ])('%s', (text, cause) => {
    expect(explain(text)[0]?.cause).toBe(cause);
  });

  it('a folder named .ssh does not speak for git, and remote: is not its host', () => {
    expect(explain(`${GET}connect: connection refused\nmkdir -p /home/git/.ssh: OK`)[0]?.cause).toBe('connect-refused');
    const remote =
      "remote: Cannot obtain refs: Get https://a.example/m: EOF\nfatal: unable to access 'https://git.example/m/': The requested URL returned error: 502";
    expect(explain(remote)).toMatchObject([{ cause: 'vcs-network', host: 'git.example' }]);
  });

  it.each([
    'go: warning: "all" matched no packages',
    "go get: installing executables with 'go get' in module mode is deprecated.\n\tTo install using requirements of the current module, use 'go install'.",
    'go get: added a.example/m v1.0.0',
    'go: module a.example/m is deprecated: Use b.example/m instead.\ngo: added a.example/m v1.0.0',
    'go: warning: a.example/m@v1.0.1: retracted by module author: by accident\ngo: to switch to the latest unretracted version, run:\n\tgo get a.example/m@latest',
    'go: a.example/m@v1.9.0 requires go >= 1.23.0; switching to go1.23.4\ngo: downloading go1.23.4 (darwin/arm64)\ngo: added toolchain go1.23.4',
  ])('a warning of go is no failure: %s', (text) => {
    expect(explain(text)).toEqual([]);
  });

  it("is less sure of what may be a program's own trouble", () => {
    const [first] = explain('store: dial tcp [::1]:8443: connect: connection refused');
    expect(first).toMatchObject({ cause: 'connect-refused', confidence: 0.7 });
  });

  it("takes the port of a database for a program's own trouble", () => {
    const [first] = explain('store: dial tcp [::1]:5432: connect: connection refused');
    expect(first).toMatchObject({ cause: 'unknown', confidence: 0.2 });
  });

  it('passes over what passing tests log, not what comes after them', () => {
    const passing = '    a_test.go:3: connection refused\n--- PASS: TestA (0.00s)\nPASS\nok  \ta.example/a\t0.1s\n';
    expect(explain(passing)).toEqual([]);
    expect(explain(`${passing}signal: killed\n`)).toMatchObject([{ cause: 'resource-limit' }]);
    expect(explain(`${passing}go: a.example/m@v1.0.0: Get "https://a.example/m/@v/v1.0.0.mod": EOF\n`)).toMatchObject([
      { cause: 'eof-no-response' },
    ]);
    expect(explain(`${passing}FAIL\ta.example/b [build failed]\n`)).toMatchObject([{ cause: 'unknown' }]);
  });

  it.each([
    '--- FAIL: TestStore (0.00s)\n    store_test.go:9: dial tcp [::1]:5432: connect: connection refused',
    'panic: test timed out after 10m0s\n\trunning tests:\n\t\tTestStore (10m0s)',
  ])('leaves what a test of the project met to the project: %s', (text) => {
    expect(explain(text)).toMatchObject([{ cause: 'unknown', confidence: 0.2 }]);
  });

  it('believes `go` within a test', () => {
    const text =
      '    load_test.go:9: exit status 1: stderr: go: a.example/m@v1.0.0: Get "https://proxy.golang.org/a.example/m/@v/v1.0.0.mod": EOF';
    expect(explain(text)[0]?.cause).toBe('eof-no-response');
  });

  it('reads the words of Go 1.11, and the tool before what its absence led to', () => {
    const old =
      '`go: a.example/m@v1: unrecognized import path "a.example/m" (https fetch: Get https://a.example/m?go-get=1: Forbidden)` ';
    expect(explain(old)[0]).toMatchObject({ cause: 'forward-proxy-refused', httpStatus: 403 });
    const tool =
      'go: missing Mercurial command. See https://golang.org/s/gogetcmd\ngo: a.example/m@v1: reading https://api.example/m?fields=scm: 403 Forbidden';
    expect(explain(tool)[0]?.cause).toBe('vcs-tool-missing');
  });

  it('names the host of a module inside a quoted message', () => {
    const text =
      '{:message=>"go: git.example/m@v1.0.0: reading git.example/m/go.mod at revision v1.0.0: git ls-remote -q origin in /tmp/x: exit status 128:"}';
    expect(explain(text)[0]).toMatchObject({ cause: 'vcs-network', host: 'git.example' });
  });

  it('a line of a log that holds a million lines is read in time', () => {
    expect(explain(`${'\\n\\"'.repeat(900)}\n`.repeat(2_500))).toEqual([]);
  });
});
