/**
 * `npm run bench -- cli`: what a person waits for at the prompt. Each command as it ships, beside a bare `node -e 0`, in
 * interleaved rounds: its version, the stored state of ten endpoints, and the explanation of one kilobyte.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { runToEnd } from '../../e2e/run-to-end.ts';
import { buildCommandLine } from '../build.mjs';
import type { BenchOptions } from './bench-options.ts';
import { median, pairedRatio } from './rounds.ts';

const root = join(import.meta.dirname, '..', '..');

/** A kilobyte as it comes out of a build. */
const TEXT = `${'go: downloading golang.org/x/text v0.3.0\n'.repeat(20)}go: golang.org/x/net@v0.1.0: Get "https://proxy.golang.org/golang.org/x/net/@v/v0.1.0.mod": EOF\n`;

/** Times how long each command takes from its start to its end; prints and, unless quick, writes the ratios. */
export async function benchCli({ quick }: BenchOptions): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'gopherbar-bench-cli-'));
  try {
    const out = join(work, 'out');
    await buildCommandLine(out);
    const program = join(out, 'cli', 'gopherbar.cjs');
    const env = { PATH: process.env.PATH, HOME: work, GOENV: join(work, 'goenv'), GOTOOLCHAIN: 'local' };
    await fillHistory(work, program, env);
    const log = join(work, 'log.txt');
    writeFileSync(log, TEXT);
    const commands: Readonly<Record<string, readonly string[]>> = {
      node: ['-e', '0'],
      version: [program, '--version'],
      status: [program, 'status'],
      explain: [program, 'explain', log],
    };
    const times: Record<string, number[]> = {};
    for (let round = -1; round < (quick ? 3 : 40); round += 1) {
      for (const [name, args] of Object.entries(commands)) {
        const began = performance.now();
        const { status } = spawnSync(process.execPath, [...args], { env, stdio: 'ignore' });
        const took = performance.now() - began;
        if (status !== (name === 'explain' ? 1 : 0)) throw new Error(`${name} ended with ${status}`);
        if (round >= 0) times[name] = [...(times[name] ?? []), took];
      }
    }
    report(times, quick);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Lets the engine measure ten endpoints once, so that there is something to show. */
async function fillHistory(work: string, program: string, env: NodeJS.ProcessEnv): Promise<void> {
  const lab = await startLab();
  try {
    const proxy = await lab.proxy({ host: 'plain.lab', transport: 'http' });
    const url = `http://127.0.0.1:${proxy.port}`;
    const folder = join(work, '.local', 'share', 'gopherbar');
    mkdirSync(folder, { recursive: true });
    const endpoints = Array.from({ length: 10 }, (_, i) => ({
      id: `e${i}`,
      url,
      module: FIXTURE_MODULE,
    }));
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ endpoints, watchedModules: [] }));
    writeFileSync(join(work, 'goenv'), `GOPROXY=${url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
    const { exitCode, stderr } = await runToEnd(process.execPath, [program, 'watch', '--for', '3'], { env, cwd: work });
    if (exitCode !== 0) throw new Error(stderr);
  } finally {
    await lab.close();
  }
}

function report(times: Readonly<Record<string, readonly number[]>>, quick: boolean): void {
  const { node = [], ...commands } = times;
  const rows = Object.entries(commands).map(([name, ms]) => ({
    command: name,
    ms: Math.round(median(ms)),
    ratio: Math.round(pairedRatio(ms, node) * 100) / 100,
  }));
  const nodeMs = Math.round(median(node));
  console.log(
    `cli: node ${nodeMs} ms; ${rows.map(({ command, ms, ratio }) => `${command} ${ms} ms (${ratio} ×)`).join('; ')}`,
  );
  if (quick) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, rounds: node.length, nodeMs, rows };
  writeFileSync(join(root, 'docs', 'figures', 'cli.json'), `${JSON.stringify(record, null, 2)}\n`);
}
