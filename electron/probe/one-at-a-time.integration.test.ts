/** What remedies say of GODEBUG=cmdgonetlimit, by the real `go` (cmd/go/internal/base/limit.go): one request at a time. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';

/** Long enough for the requests of other goroutines to come meanwhile. */
const ANSWER_MS = 60;
const REQUIRED = Array.from({ length: 8 }, (_, i) => `\ta.test/m${i} v1.0.0`);
const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-one-at-a-time-'));
let open = 0;
let most = 0;
const server = http.createServer((_, response) => {
  open += 1;
  most = Math.max(most, open);
  setTimeout(() => {
    open -= 1;
    response.writeHead(404).end('not found');
  }, ANSWER_MS);
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  server.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** How many requests were open at once at most. */
function download(go: string, godebug: string): Promise<number> {
  const cwd = mkdtempSync(join(scratch, 'project-'));
  writeFileSync(join(cwd, 'go.mod'), `module x.test/y\n\ngo 1.16\n\nrequire (\n${REQUIRED.join('\n')}\n)\n`);
  most = 0;
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOSUMDB: 'off',
    GOTOOLCHAIN: 'local',
    GOMAXPROCS: '4',
    GODEBUG: godebug,
    GOPROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
  return new Promise((resolve) => {
    execFile(go, ['mod', 'download'], { cwd, env, timeout: 60_000 }, () => resolve(most));
  });
}

const newer = goToolchains().find(({ version }) => Number(/^go1\.(\d+)/.exec(version)?.[1]) >= 24);

// A Mac has only the go of its terminal, which may be older.
it.skipIf(newer === undefined)(
  'a go from 1.24 on sends one request at a time with it, and several without',
  async () => {
    const path = newer?.path ?? '';
    expect(await download(path, '')).toBeGreaterThan(1);
    expect(await download(path, 'cmdgonetlimit=1')).toBe(1);
  },
);
