/** Steps of pipelines that fail, each with whose failure it is: played by the real `go` against the lab. */
import type { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';

/** `mixed` is both at once: it has to count as code. */
export type Label = 'code' | 'infrastructure' | 'mixed';

/** What a case may use. */
export interface CaseWorld {
  readonly upstream: FaultyUpstream;
  /** `https://…` of servers whose certificate is not trusted, and one that has expired. */
  readonly untrusted: string;
  readonly expired: string;
}

export interface CiCase {
  readonly name: string;
  readonly label: Label;
  readonly command: readonly string[];
  /** Written over the project's files; a null leaves a file out. */
  readonly files?: Readonly<Record<string, string | null>>;
  readonly env?: (world: CaseWorld) => Readonly<Record<string, string>>;
  /** Makes the proxy misbehave. */
  readonly world?: (world: CaseWorld) => void;
  /** One run is stopped after this many seconds, by a clock that is 100 times as fast. */
  readonly timeout?: number;
}

const DOWNLOAD = ['go', 'mod', 'download'];
const BUILD = ['go', 'build', './...'];
const TEST = ['go', 'test', './...'];
const CODE_ONLY = { 'go.mod': 'module project.test/main\n\ngo 1.19\n', 'main.go': 'package main\n\nfunc main() {}\n' };
const WRONG_SUM = 'h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const MODULE = 'graph.test/group0/mod0';
/** Nothing listens there. */
const CLOSED = 'http://127.0.0.1:9';

const status =
  (code: number, text: string, headers: Readonly<Record<string, string>> = {}) =>
  ({ upstream }: CaseWorld) => {
    upstream.override = (_, response) => {
      response.writeHead(code, { 'content-type': 'text/plain', ...headers }).end(text);
      return true;
    };
  };
const raw = (text: string) => (world: CaseWorld) => {
  world.upstream.override = (request) => {
    request.socket.end(text);
    return true;
  };
};
const eof = ({ upstream }: CaseWorld) => {
  upstream.shares = { eof: 1 };
};
const main = (body: string) => ({ ...CODE_ONLY, 'main.go': `package main\n\n${body}\n` });
const test = (body: string, imports = '"testing"') => ({
  ...CODE_ONLY,
  'main_test.go': `package main\n\nimport (\n\t${imports}\n)\n\nfunc TestX(t *testing.T) {\n${body}\n}\n`,
});
const shell = (script: string) => ['sh', '-c', script];
/** A module of its own, which needs no other, and does not compile. */
const COMPILE = {
  'other/go.mod': 'module project.test/other\n\ngo 1.19\n',
  'other/other.go': 'package other\n\nvar x int = "text"\n',
};

const CODE: readonly CiCase[] = [
  { name: 'type error', label: 'code', command: BUILD, files: main('func main() { var x int = "a"; _ = x }') },
  { name: 'undefined name', label: 'code', command: BUILD, files: main('func main() { frobnicate() }') },
  { name: 'syntax error', label: 'code', command: BUILD, files: main('func main( {') },
  { name: 'package not in std', label: 'code', command: BUILD, files: main('import _ "no/such"\n\nfunc main() {}') },
  {
    name: 'import cycle',
    label: 'code',
    command: BUILD,
    files: {
      ...main('import _ "project.test/main/a"\n\nfunc main() {}'),
      'a/a.go': 'package a\n\nimport _ "project.test/main/b"\n',
      'b/b.go': 'package b\n\nimport _ "project.test/main/a"\n',
    },
  },
  { name: 'failing test', label: 'code', command: TEST, files: test('\tt.Fatal("got 1, want 2")') },
  { name: 'panic in a test', label: 'code', command: TEST, files: test('\tpanic("no")') },
  {
    name: 'test that hangs',
    label: 'code',
    command: ['go', 'test', '-timeout', '200ms', './...'],
    files: test('\ttime.Sleep(time.Minute)', '"testing"\n\t"time"'),
  },
  { name: 'vet', label: 'code', command: ['go', 'vet', './...'], files: test('\tt.Logf("%d", "a")') },
  { name: 'missing go.sum lines', label: 'code', command: ['go', 'build', '-mod=readonly', './...'] },
  {
    name: 'checksum mismatch',
    label: 'code',
    command: DOWNLOAD,
    files: { 'go.sum': `${MODULE} v1.0.0 ${WRONG_SUM}\n` },
  },
  { name: 'module blocked', label: 'code', command: DOWNLOAD, world: status(403, 'module blocked by policy\n') },
  { name: 'login missing', label: 'code', command: DOWNLOAD, world: status(401, 'authentication required\n') },
  { name: 'version that does not exist', label: 'code', command: ['go', 'mod', 'download', `${MODULE}@v9.9.9`] },
  { name: 'go.mod that cannot be read', label: 'code', command: BUILD, files: { 'go.mod': 'module\n\nrequire (\n' } },
  {
    name: 'replacement that is not there',
    label: 'code',
    command: BUILD,
    files: {
      'go.mod': `module project.test/main\n\ngo 1.19\n\nrequire ${MODULE} v1.0.0\n\nreplace ${MODULE} => ../gone\n`,
    },
  },
  { name: 'another tool', label: 'code', command: shell('echo "make: *** [Makefile:3: all] Error 2" >&2; exit 2') },
  { name: 'silence', label: 'code', command: ['false'] },
];

const MIXED: readonly CiCase[] = [
  {
    name: 'EOF, then a compile error',
    label: 'mixed',
    command: shell('go mod download; cd other && go build ./...'),
    files: COMPILE,
    world: eof,
  },
  {
    name: 'a test whose own server is down',
    label: 'mixed',
    command: TEST,
    files: test(
      `\tif _, err := http.Get("${CLOSED}/"); err != nil {\n\t\tt.Fatal(err)\n\t}`,
      '"net/http"\n\t"testing"',
    ),
  },
  {
    name: 'a panic over the network',
    label: 'mixed',
    command: ['go', 'run', '.'],
    files: main(`import "net/http"\n\nfunc main() { if _, err := http.Get("${CLOSED}/"); err != nil { panic(err) } }`),
  },
  {
    name: 'a checksum mismatch and a 503',
    label: 'mixed',
    command: DOWNLOAD,
    files: { 'go.sum': `${MODULE} v1.0.0 ${WRONG_SUM}\n` },
    world: ({ upstream }) => {
      upstream.override = (_, response, path) => {
        if (!/mod1.*\.zip$/.test(path)) return false;
        response.writeHead(503).end('try again\n');
        return true;
      };
    },
  },
];

const DOWN: readonly CiCase[] = [
  { name: 'EOF', label: 'infrastructure', command: DOWNLOAD, world: eof },
  { name: 'EOF in a build', label: 'infrastructure', command: BUILD, world: eof },
  { name: 'EOF in a test', label: 'infrastructure', command: TEST, world: eof },
  { name: 'EOF in tidy', label: 'infrastructure', command: ['go', 'mod', 'tidy'], world: eof },
  { name: 'EOF in get', label: 'infrastructure', command: ['go', 'get', `${MODULE}@v1.0.0`], world: eof },
  { name: '500', label: 'infrastructure', command: DOWNLOAD, world: status(500, 'oops\n') },
  { name: '502', label: 'infrastructure', command: DOWNLOAD, world: status(502, '<html>Bad Gateway</html>') },
  { name: '503', label: 'infrastructure', command: BUILD, world: status(503, 'try again\n') },
  { name: '504', label: 'infrastructure', command: DOWNLOAD, world: status(504, 'gateway timeout\n') },
  { name: '429', label: 'infrastructure', command: DOWNLOAD, world: status(429, 'slow down\n') },
  {
    name: 'a sign-in page',
    label: 'infrastructure',
    command: DOWNLOAD,
    world: status(200, '<!DOCTYPE html><html><head><title>Sign in</title></head></html>', {
      'content-type': 'text/html',
    }),
  },
  {
    name: 'reset',
    label: 'infrastructure',
    command: DOWNLOAD,
    world: ({ upstream }) => {
      upstream.override = (request) => {
        request.socket.resetAndDestroy();
        return true;
      };
    },
  },
  {
    name: 'zips cut short',
    label: 'infrastructure',
    command: DOWNLOAD,
    world: ({ upstream }) => {
      upstream.shares = { cut: 1 };
    },
  },
  { name: 'not HTTP', label: 'infrastructure', command: DOWNLOAD, world: raw('220 mail.example ESMTP\r\n') },
  {
    name: 'redirects in a circle',
    label: 'infrastructure',
    command: DOWNLOAD,
    world: ({ upstream }) => {
      upstream.override = (request, response) => {
        response.writeHead(302, { location: request.url ?? '/' }).end();
        return true;
      };
    },
  },
  {
    name: 'no answer',
    label: 'infrastructure',
    command: DOWNLOAD,
    timeout: 150,
    world: ({ upstream }) => {
      upstream.shares = { stall: 1 };
    },
  },
  { name: 'refused', label: 'infrastructure', command: DOWNLOAD, env: () => ({ GOPROXY: CLOSED }) },
  { name: 'refused in a build', label: 'infrastructure', command: BUILD, env: () => ({ GOPROXY: CLOSED }) },
  {
    name: 'the forward proxy refused',
    label: 'infrastructure',
    command: DOWNLOAD,
    env: () => ({ GOPROXY: 'http://proxy.lab', HTTP_PROXY: CLOSED }),
  },
  {
    name: 'no TLS',
    label: 'infrastructure',
    command: DOWNLOAD,
    env: ({ upstream }) => ({ GOPROXY: upstream.url.replace('http:', 'https:') }),
  },
  {
    name: 'unknown authority',
    label: 'infrastructure',
    command: DOWNLOAD,
    env: ({ untrusted }) => ({ GOPROXY: untrusted }),
  },
  {
    name: 'expired certificate',
    label: 'infrastructure',
    command: DOWNLOAD,
    env: ({ expired }) => ({ GOPROXY: expired }),
  },
  {
    name: 'checksum database refused',
    label: 'infrastructure',
    command: ['go', 'mod', 'download', `${MODULE}@v1.0.0`],
    world: ({ upstream }) => {
      upstream.override = (request) => {
        if (!request.url?.includes('/sumdb/')) return false;
        request.socket.destroy();
        return true;
      };
    },
  },
];

/** Each is played with every Go. */
export const CI_CASES: readonly CiCase[] = [...CODE, ...MIXED, ...DOWN];
