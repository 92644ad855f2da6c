/** `gopherbar ci` around the real go: failures of the network are retried and kept apart from failures of the code. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { makeModule, moduleGraph } from '../../e2e/lab/module-graph.ts';
import { type Clock, systemClock } from '../system/clock.ts';

const graph = moduleGraph(3, 2_000);
const { signer } = graph;
const MODULE = 'graph.test/group0/mod0';
/** Waits of seconds take milliseconds. */
const fast: Clock = { ...systemClock, after: (ms, act) => systemClock.after(ms / 100, act) };

let upstream: FaultyUpstream;
let home: string;

beforeAll(async () => {
  upstream = await FaultyUpstream.start(graph.files, 7);
});
afterAll(() => upstream.close());

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-ci-'));
  mkdirSync(join(home, 'project'));
  for (const [name, text] of graph.project) write(name, text);
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = {
    builtInProfiles: false,
    endpoints: [],
    // By the fast clock: a tenth of a second, and half of one.
    limits: { hard: { dialMs: 10_000, tlsMs: 10_000, headerMs: 50_000, totalMs: 50_000 } },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
});
afterEach(() => {
  upstream.reset();
  upstream.files = graph.files;
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const write = (name: string, text: string) => writeFileSync(join(home, 'project', name), text);

function terminal(env: Readonly<Record<string, string>> = {}): MemoryTerminal {
  const own = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    GOPATH: join(home, 'go'),
    GOCACHE: join(home, 'build'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw -mod=mod',
    GOTOOLCHAIN: 'local',
    GOPROXY: upstream.url,
    GOSUMDB: signer.verifier,
    GIT_TERMINAL_PROMPT: '0',
    // Nothing is fetched from beyond this machine.
    HTTPS_PROXY: 'http://127.0.0.1:9',
  };
  return new MemoryTerminal({ env: { ...own, ...env }, folder: join(home, 'project') });
}

async function ci(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const report = join(home, 'report.json');
  const done = await terminal(env).run(['ci', '--report', report, ...args], fast);
  const verdict = JSON.parse(readFileSync(report, 'utf8'));
  return { ...done, verdict, runs: verdict.attempts.length as number };
}

/** Answers everything with this instead. */
const always = (status: number, text: string) => {
  upstream.override = (_, response) => {
    response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
    return true;
  };
};

describe('the verdict', () => {
  it('is silent about a step that passes', async () => {
    const { code, verdict, out, err } = await ci();
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    expect(verdict).toMatchObject({ schema: 1, outcome: 'passed', side: null });
  });

  it('is a pass after retries where 40 % of the requests end with EOF', async () => {
    upstream.shares = { eof: 0.4 };
    const { code, verdict, runs, err } = await ci(['--retries', '30']);
    expect(code).toBe(0);
    expect(runs).toBeGreaterThan(1);
    expect(verdict.attempts[0]).toMatchObject({ side: 'infrastructure' });
    expect(JSON.stringify(verdict.attempts[0].causes)).toContain('eof-no-response');
    expect(err).toMatch(/Passed at run \d/);
  });

  it('is infrastructure where the proxy is dead: 75, and no run while probes fail', async () => {
    upstream.shares = { eof: 1 };
    const { code, verdict, runs, err } = await ci();
    expect(code).toBe(75);
    expect(verdict).toMatchObject({ outcome: 'infrastructure', cause: 'eof-no-response', route: [{ status: 'down' }] });
    // The first, and the last, which decides.
    expect(runs).toBe(2);
    expect(err).toContain('Infrastructure, not your code');
    expect(err).toContain('still down');
  });

  it.each([
    ['fail', 75],
    ['warn', 0],
    ['skip', 0],
  ])('ends as --when-down %s says: %i', async (action, code) => {
    upstream.shares = { eof: 1 };
    expect((await ci(['--when-down', action, '--retries', '1'])).code).toBe(code);
  });

  it('is your code, without a retry, for a checksum mismatch', async () => {
    write('go.sum', `${MODULE} v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n`);
    const { code, verdict, runs } = await ci();
    expect({ code, runs }).toEqual({ code: 1, runs: 1 });
    expect(verdict.cause).toMatch(/checksum/);
  });

  it('is your code, without a retry, for a compile error, even where the proxy failed, too', async () => {
    write('broken.go', 'package main\n\nvar x int = "text"\n');
    const compiled = await ci(['--', 'go', 'build', './...']);
    expect({ code: compiled.code, runs: compiled.runs }).toEqual({ code: 1, runs: 1 });
    upstream.shares = { eof: 1 };
    write('more.go', 'package main\n\nimport _ "graph.test/group9/none"\n');
    const both = await ci(['--', 'sh', '-c', 'go vet ./broken.go; go get graph.test/group9/none@v1.0.0']);
    expect({ code: both.code, runs: both.runs, ground: both.verdict.ground }).toEqual({
      code: 1,
      runs: 1,
      ground: 'mixed',
    });
  });

  it('is your code, without a retry, for a blocked module, an unknown error, and silence', async () => {
    always(403, 'module blocked by policy\n');
    expect(await ci()).toMatchObject({ code: 1, runs: 1 });
    upstream.reset();
    expect(await ci(['--', 'sh', '-c', 'echo frobnicator error: exploded >&2; exit 3'])).toMatchObject({
      code: 1,
      runs: 1,
    });
    expect(await ci(['--', 'false'])).toMatchObject({ code: 1, runs: 1, verdict: { ground: 'silent' } });
  });

  it('names a command that cannot be started', async () => {
    const { code, err } = await ci(['--', 'no-such-command-here']);
    expect(code).toBe(1);
    expect(err).toContain('no-such-command-here');
  });
});

describe('around the step', () => {
  it('passes output through untouched, whichever bytes they are', async () => {
    const script = "printf 'a\\033[31m\\377b' ; printf 'c\\000d' >&2; head -c 3000000 /dev/zero";
    const chunks: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    const one = terminal();
    Object.assign(one.io, { pass: (stream: 'stdout' | 'stderr', bytes: Buffer) => chunks[stream].push(bytes) });
    expect((await one.run(['ci', '--', 'sh', '-c', script], fast)).code).toBe(0);
    expect(Buffer.concat(chunks.stdout)).toEqual(
      Buffer.concat([Buffer.from('a\u001b[31m\u00ffb', 'latin1'), Buffer.alloc(3_000_000)]),
    );
    expect(Buffer.concat(chunks.stderr)).toEqual(Buffer.from('c\0d'));
  });

  it('runs through the local gateway, which survives what would fail the step', async () => {
    upstream.shares = { eof: 0.4, cut: 0.3 };
    const { code, runs } = await ci(['--gateway'], { GOFLAGS: '-mod=mod -modcacherw' });
    expect({ code, runs }).toEqual({ code: 0, runs: 1 });
  });

  it('waits for a version that was released minutes ago, when asked to', async () => {
    const made = makeModule('graph.test/fresh', 'v1.2.0', [], { 'a.go': 'package fresh\n' });
    const env = { GONOSUMDB: 'graph.test/fresh' };
    const command = ['--', 'go', 'mod', 'download', 'graph.test/fresh@v1.2.0'];
    expect(await ci(command, env)).toMatchObject({ code: 1, runs: 1 });
    const waiting = ci(['--wait-visible', '5m', ...command], env);
    await expect.poll(() => upstream.asked.filter((path) => path.includes('fresh')).length).toBeGreaterThan(2);
    upstream.files = new Map([...graph.files, ...made.files]);
    expect(await waiting).toMatchObject({ code: 0, verdict: { outcome: 'passed' } });
    const never = await ci(['--wait-visible', '1s', '--', 'go', 'mod', 'download', 'graph.test/fresh@v1.9.0'], env);
    expect(never.code).toBe(1);
  });

  it('stops at its time limits, and calls a hang while proxies are down infrastructure', async () => {
    upstream.shares = { stall: 1 };
    const { code, verdict } = await ci(['--timeout', '100', '--retries', '1']);
    expect(code).toBe(75);
    expect(verdict.attempts[0]).toMatchObject({ timeout: true });
  });

  it('hands Ctrl-C on, and ends', async () => {
    const one = terminal();
    const running = one.run(['ci', '--', 'sh', '-c', 'echo begun; sleep 60'], fast);
    await expect.poll(() => one.out).toContain('begun');
    one.interrupt();
    expect((await running).code).toBe(130);
  });

  it('writes an annotation and a summary for GitHub, and the published JSON', async () => {
    upstream.shares = { eof: 1 };
    const summary = join(home, 'summary.md');
    const github = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    const { err, verdict } = await ci(['--retries', '1'], github);
    expect(err).toMatch(/^::error title=Infrastructure%2C not your code%3A .*::.*%0A/m);
    expect(readFileSync(summary, 'utf8')).toContain('### Infrastructure, not your code');
    expectSchema('ci', verdict);
    expectSchema('ci', (await ci(['--', 'false'])).verdict);
    expectSchema('ci', (await ci(['--', 'true'])).verdict);
  });

  it('refuses options it does not understand, and says so', async () => {
    expect((await terminal().run(['ci', '--when-down', 'shrug'], fast)).code).toBe(2);
    expect((await terminal().run(['ci', '--wait-visible', 'soon'], fast)).code).toBe(2);
  });
});
