/**
 * The gateway with the real `go`, old and new: builds of a graph of modules over two upstreams on a bad day, beside the
 * lists that `go` itself can walk. `npm run long -- gateway`; figures in docs/figures/gateway.json.
 *
 *   --builds N    builds over one good and one bad upstream (default 100)
 *   --hard N      over two bad ones (default 20)
 *   --rude N      over two rude ones (default 20)
 *   --plain N     the lists straight to the upstreams, which hang (default 6)
 *   --kills N     downloads in which the gateway is killed with SIGKILL (default 50)
 *   --no-figures  writes nothing
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FaultShares, FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { type ModuleGraph, moduleGraph } from '../../e2e/lab/module-graph.ts';
import { goToolchains, type Toolchain } from '../go-toolchains.ts';
import { type GoRun, runGo, startGateway } from './gateway-go.ts';
import { killRounds } from './gateway-kills.ts';

const { values } = parseArgs({
  options: {
    builds: { type: 'string', default: '100' },
    hard: { type: 'string', default: '20' },
    rude: { type: 'string', default: '20' },
    kills: { type: 'string', default: '50' },
    plain: { type: 'string', default: '6' },
    'no-figures': { type: 'boolean', default: false },
  },
});

const MODULES = 66;
/** As measured on mirrors of a bad day: a third of the requests closed, some zips cut, some requests never answered. */
const BAD: FaultShares = { eof: 0.3, cut: 0.05, stall: 0.05 };
const RUDE: FaultShares = { rude: 0.4 };
const LIMIT_MS = 120_000;

interface Series {
  readonly runs: number;
  readonly succeeded: number;
  readonly medianMs: number;
  readonly maxMs: number;
}

const graph = moduleGraph(MODULES);
const toolchains = goToolchains();
const home = mkdtempSync(join(tmpdir(), 'gopherbar-gateway-'));
const first = await FaultyUpstream.start(graph.files, 11);
const second = await FaultyUpstream.start(graph.files, 23);
const sums = new Set<string>();
let isGood = true;

try {
  const figures: Record<string, Series> = {};
  const play = async (name: string, runs: number, shares: readonly [FaultShares, FaultShares], wanted: number) => {
    first.shares = shares[0];
    second.shares = shares[1];
    const series = await overGateway(graph, runs);
    figures[name] = series;
    const passed = series.succeeded >= wanted;
    isGood &&= passed;
    console.log(
      `${passed ? 'ok    ' : 'FAILED'} ${name}: ${series.succeeded} of ${series.runs}, median ${series.medianMs} ms, max ${series.maxMs} ms`,
    );
  };
  const count = (text: string) => Number(text);
  await play('healthy', Math.max(2, Math.min(10, count(values.builds))), [{}, {}], Math.min(10, count(values.builds)));
  await play('one bad upstream', count(values.builds), [BAD, {}], count(values.builds));
  await play('both bad', count(values.hard), [BAD, BAD], Math.floor(count(values.hard) * 0.95));
  await play('both rude', count(values.rude), [RUDE, RUDE], count(values.rude));
  for (const separator of [',', '|']) {
    first.shares = BAD;
    second.shares = {};
    const series = await straight(graph, separator, count(values.plain));
    figures[`go alone, ${separator === ',' ? 'comma' : 'pipe'} list`] = series;
    console.log(`       go alone with "${separator}": ${series.succeeded} of ${series.runs}`);
  }
  const kills = await playKills(count(values.kills));
  if (sums.size > 1) {
    isGood = false;
    console.log(`FAILED go.sum differs between builds: ${sums.size} versions`);
  }
  const ratio = (figures['one bad upstream']?.medianMs ?? 0) / (figures.healthy?.medianMs ?? 1);
  console.log(`       one bad upstream costs ${ratio.toFixed(2)} × the healthy median`);
  if (!values['no-figures']) {
    const file = join(import.meta.dirname, '../../docs/figures/gateway.json');
    const facts = { modules: MODULES, toolchains: toolchains.map(({ version }) => version), bad: BAD, rude: RUDE };
    const date = new Date().toISOString().slice(0, 10);
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const builds = { ...facts, series: figures, ratio, kills };
    writeFileSync(file, `${JSON.stringify({ date, commit, builds }, null, 2)}\n`);
  }
} finally {
  await first.close();
  await second.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = isGood ? 0 : 1;

/** Each build with an empty gateway cache and an empty module cache. */
async function overGateway({ signer, project }: ModuleGraph, runs: number): Promise<Series> {
  const results: GoRun[] = [];
  for (let i = 0; i < runs; i += 1) {
    const cache = join(home, `cache-${i}`);
    const gateway = await startGateway(
      ['--port', '0', '--upstream', first.url, '--upstream', second.url, '--cache', cache, '--sumdb', signer.verifier],
      home,
    );
    const result = await runGo(
      goOf(i).path,
      ['mod', 'download'],
      project,
      { GOPROXY: gateway.goproxy, GOSUMDB: signer.verifier },
      LIMIT_MS,
    );
    await gateway.stop();
    rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
    if (result.code === 0) sums.add(result.goSum);
    else console.log(`       build ${i}: ${result.output.trim().split('\n').slice(-3).join(' / ').slice(0, 400)}`);
    results.push(result);
  }
  return seriesOf(results);
}

/** Every run has a complete go.sum: it must succeed whenever the gateway dies. */
async function playKills(rounds: number): Promise<{ readonly rounds: number; readonly killed: number }> {
  first.shares = {};
  second.shares = {};
  const [goSum = ''] = sums;
  const report = await killRounds({
    rounds,
    goOf: (round) => goOf(round).path,
    graph,
    upstream: first,
    source: second,
    home,
    goSum,
  });
  const faults = [...report.failures, ...report.bad];
  if (faults.length > 0 || report.killed < rounds) isGood = false;
  const word = faults.length > 0 || report.killed < rounds ? 'FAILED' : 'ok    ';
  console.log(
    `${word} killed in ${report.killed} of ${rounds} downloads: ${report.failures.length} runs failed, ${report.bad.length} bad files`,
  );
  for (const fault of faults.slice(0, 10)) console.log(`       ${fault}`);
  return { rounds, killed: report.killed };
}

async function straight({ signer, project }: ModuleGraph, separator: string, runs: number): Promise<Series> {
  const results: GoRun[] = [];
  for (let i = 0; i < runs; i += 1) {
    const list = [first.url, second.url].join(separator);
    results.push(
      await runGo(goOf(i).path, ['mod', 'download'], project, { GOPROXY: list, GOSUMDB: signer.verifier }, 20_000),
    );
  }
  return seriesOf(results);
}

function goOf(i: number): Toolchain {
  const go = toolchains[i % toolchains.length];
  if (go === undefined) throw new Error('no go');
  return go;
}

function seriesOf(results: readonly GoRun[]): Series {
  const times = results.map(({ ms }) => Math.round(ms)).sort((a, b) => a - b);
  return {
    runs: results.length,
    succeeded: results.filter(({ code }) => code === 0).length,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    maxMs: times.at(-1) ?? 0,
  };
}
