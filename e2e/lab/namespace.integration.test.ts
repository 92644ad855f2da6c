import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from './fault.ts';
import { runInNamespace } from './namespace.ts';
import { FIXTURE_SUMDB } from './tree.ts';

/** The real go over https on port 443, by name: what no loopback port can show. */

const here = dirname(fileURLToPath(import.meta.url));
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gopherbar-go-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function download(fault: Fault | null, gosumdb = FIXTURE_SUMDB) {
  const go = execFileSync('sh', ['-c', 'command -v go'], { encoding: 'utf8' }).trim();
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    GOPATH: join(folder, 'gopath'),
    GOCACHE: join(folder, 'cache'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw',
    GOTOOLCHAIN: 'local',
    GOPROXY: 'https://goproxy.lab,https://second.lab',
    GOSUMDB: gosumdb,
  };
  const argv = [
    process.execPath,
    join(here, 'serve-in-namespace.ts'),
    'goproxy.lab',
    'h2',
    JSON.stringify(fault),
    join(folder, 'ca.pem'),
    '--',
  ];
  return runInNamespace([...argv, go, 'mod', 'download', '-json', 'example.test/hello@v1.1.0'], {
    hosts: { 'goproxy.lab': '127.0.0.1' },
    env,
  });
}

describe('the real go in namespaces', () => {
  it('downloads from a healthy lab proxy by name, verified by the checksum database', async () => {
    const { exitCode, output } = await download(null);
    expect(output).not.toContain('Operation not permitted');
    expect(exitCode).toBe(0);
    const sums = await readFile(join(here, 'fixtures', 'goproxy', 'go.sum'), 'utf8');
    const hash = /^example\.test\/hello v1\.1\.0 (h1:\S+)$/m.exec(sums)?.[1];
    expect(JSON.parse(output.slice(output.indexOf('{'))).Sum).toBe(hash);
  });

  it('says EOF, and does not go on after a comma, when the connection is closed without an answer', async () => {
    const { exitCode, output } = await download({ type: 'drop-at-accept', how: 'fin' });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('EOF');
    expect(output).not.toContain('second.lab');
  });

  it('refuses a certificate that the lab authority did not sign', async () => {
    const { exitCode, output } = await download({ type: 'certificate', kind: 'untrusted' });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('certificate signed by unknown authority');
  });
});
