/**
 * Whose failure? Labelled steps of pipelines, run by `gopherbar ci` around the real `go`, old and new, against the lab.
 * `npm run long -- ci-logs`; figures in docs/figures/ci.json. Exit 1 when a failure of the code is called infrastructure, is
 * run again, or less than 95 % of the infrastructure is found.
 *
 *   --every N     each Nth case only (default 1)
 *   --no-figures  writes nothing
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { LabAuthority, type LeafKind } from '../../e2e/lab/certificates.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';
import { type Clock, systemClock } from '../../electron/system/clock.ts';
import { goToolchains, type Toolchain } from '../go-toolchains.ts';
import { type CaseWorld, CI_CASES, type CiCase } from './ci-cases.ts';

const { values } = parseArgs({
  options: { every: { type: 'string', default: '1' }, 'no-figures': { type: 'boolean', default: false } },
});

const SEED = 5;
const GOAL = 0.95;
/** Waits of seconds take milliseconds. */
const fast: Clock = { ...systemClock, after: (ms, act) => systemClock.after(ms / 100, act) };
/** By the fast clock: a fifth of a second, and half of one. */
const LIMITS = { hard: { dialMs: 20_000, tlsMs: 20_000, headerMs: 50_000, totalMs: 50_000 } };

interface Played {
  readonly name: string;
  readonly go: string;
  readonly label: CiCase['label'];
  readonly side: string;
  readonly ground: string;
  readonly cause: string | null;
  readonly runs: number;
  readonly isRight: boolean;
  /** What the command and the verdict printed. */
  readonly log: string;
}

const graph = moduleGraph(3, 2_000);
const toolchains = goToolchains();
const upstream = await FaultyUpstream.start(graph.files, SEED);
const authority = await LabAuthority.create();
const servers: Server[] = [];
const world: CaseWorld = { upstream, untrusted: await serveAs('untrusted'), expired: await serveAs('expired') };

try {
  const every = Number(values.every);
  const played: Played[] = [];
  for (const [i, one] of CI_CASES.entries()) {
    if (i % every !== 0) continue;
    for (const go of toolchains) {
      const done = await play(one, go);
      played.push(done);
      if (done.isRight) continue;
      console.log(`WRONG  ${done.name}, ${done.go}: ${done.side}, ${done.ground}, ${done.cause}, ${done.runs} runs`);
      console.log(done.log.trim().replace(/^/gm, '         '));
    }
  }
  report(played);
} finally {
  for (const server of servers) server.close();
  await upstream.close();
}

function report(played: readonly Played[]): void {
  const down = played.filter(({ label }) => label === 'infrastructure');
  const code = played.filter(({ label }) => label !== 'infrastructure');
  const found = down.filter(({ isRight }) => isRight).length;
  const excused = code.filter(({ side }) => side !== 'code').length;
  const again = code.filter(({ runs }) => runs > 1).length;
  const isGood = excused === 0 && again === 0 && found >= down.length * GOAL;
  console.log(`${played.length} logs: infrastructure found in ${found} of ${down.length};`);
  console.log(`of ${code.length} failures of the code, ${excused} called infrastructure, ${again} run again`);
  console.log(isGood ? 'ok' : 'FAILED');
  process.exitCode = isGood ? 0 : 1;
  if (values['no-figures']) return;
  const root = join(import.meta.dirname, '..', '..');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const figures = {
    date: new Date().toISOString().slice(0, 10),
    commit,
    seed: SEED,
    toolchains: toolchains.map(({ version }) => version),
    logs: played.length,
    code: { logs: code.length, mixed: code.filter(({ label }) => label === 'mixed').length, excused, runAgain: again },
    infrastructure: { logs: down.length, found, goal: GOAL },
    cases: played.map(({ log, isRight, ...one }) => one),
  };
  writeFileSync(join(root, 'docs', 'figures', 'ci.json'), `${JSON.stringify(figures, null, 2)}\n`);
}

async function play(one: CiCase, go: Toolchain): Promise<Played> {
  const home = mkdtempSync(join(tmpdir(), 'gopherbar-ci-logs-'));
  try {
    upstream.reset();
    one.world?.(world);
    layOut(home, one);
    const verdictFile = join(home, 'verdict.json');
    const terminal = new MemoryTerminal({ env: environment(home, one, go), folder: join(home, 'project') });
    const timeout = one.timeout === undefined ? [] : ['--timeout', String(one.timeout)];
    const args = ['ci', '--retries', '1', ...timeout, '--report', verdictFile, '--', ...one.command];
    const { out, err } = await terminal.run(args, fast);
    if (!existsSync(verdictFile)) throw new Error(`${one.name}: there is no verdict: ${out}${err}`);
    const { side, ground, cause, attempts } = JSON.parse(readFileSync(verdictFile, 'utf8'));
    const wanted = one.label === 'infrastructure' ? 'infrastructure' : 'code';
    const isRight = side === wanted && (wanted === 'infrastructure' || attempts.length === 1);
    const { name, label } = one;
    return { name, go: go.version, label, side, ground, cause, runs: attempts.length, isRight, log: out + err };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function layOut(home: string, { files = {} }: CiCase): void {
  for (const [name, text] of [...graph.project, ...Object.entries(files)]) {
    const file = join(home, 'project', name);
    mkdirSync(dirname(file), { recursive: true });
    if (text === null) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }
  const data = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ builtInProfiles: false, endpoints: [], limits: LIMITS }));
}

function environment(home: string, { env }: CiCase, go: Toolchain): Readonly<Record<string, string>> {
  return {
    PATH: `${dirname(go.path)}:${process.env.PATH ?? ''}`,
    HOME: home,
    GOPATH: join(home, 'go'),
    GOCACHE: join(home, 'build'),
    GOENV: 'off',
    GOFLAGS: '-modcacherw -mod=mod',
    GOTOOLCHAIN: 'local',
    GOPROXY: upstream.url,
    GOSUMDB: graph.signer.verifier,
    GIT_TERMINAL_PROMPT: '0',
    // Nothing is fetched from beyond this machine.
    HTTPS_PROXY: 'http://127.0.0.1:9',
    ...env?.(world),
  };
}

/** A server on loopback with a bad certificate. */
async function serveAs(kind: LeafKind): Promise<string> {
  const server = createServer(await authority.leaf(kind, ['127.0.0.1']), (_, response) => response.end());
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
