/** Kill -9 of the gateway in the middle of downloads: what the real `go` makes of it, and what the next gateway serves. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import type { ModuleGraph } from '../../e2e/lab/module-graph.ts';
import { type RunningGateway, runGo, startGateway } from './gateway-go.ts';

interface KillOptions {
  readonly rounds: number;
  /** Path of the `go` of a round. */
  readonly goOf: (round: number) => string;
  readonly graph: ModuleGraph;
  /** Upstream of the gateway; slowed down, so that the kill comes in the middle. */
  readonly upstream: FaultyUpstream;
  /** What follows the gateway behind the pipe, in the place of `direct`. */
  readonly source: FaultyUpstream;
  /** Home of the gateway. */
  readonly home: string;
  /** go.sum with all modules of the project. */
  readonly goSum: string;
}

export interface KillReport {
  /** Rounds in which the gateway died before `go` had ended. */
  readonly killed: number;
  /** Output of the runs of `go` that failed. */
  readonly failures: readonly string[];
  /** Files that a gateway over the same cache served with other bytes afterwards, or not at all. */
  readonly bad: readonly string[];
}

/** Plays the rounds one after another. */
export async function killRounds(options: KillOptions): Promise<KillReport> {
  const { graph, upstream, source, home } = options;
  const { signer } = graph;
  const project = new Map([...graph.project, ['go.sum', options.goSum]]);
  const failures: string[] = [];
  const bad = new Set<string>();
  let killed = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const cache = join(home, `killed-${round}`);
    const start = () =>
      startGateway(['--port', '0', '--cache', cache, '--sumdb', signer.verifier, '--upstream', upstream.url], home);
    const gateway = await start();
    upstream.asked.length = 0;
    upstream.delayMs = 5;
    let isOver = false;
    const run = runGo(options.goOf(round), ['mod', 'download'], project, {
      GOPROXY: `${gateway.url}|${source.url}`,
      GOSUMDB: signer.verifier,
    }).finally(() => {
      isOver = true;
    });
    const after = 1 + ((round * 7) % Math.max(2, graph.modules.length));
    while (!isOver && upstream.asked.length < after) await new Promise((resolve) => setTimeout(resolve, 1));
    if (!isOver) killed += 1;
    gateway.child.kill('SIGKILL');
    await gateway.stop();
    const { code, output } = await run;
    if (code !== 0) failures.push(`round ${round}: ${output.trim().slice(-400)}`);
    upstream.delayMs = 0;
    const next = await start();
    for (const path of await badFiles(next, graph)) bad.add(`round ${round}: ${path}`);
    await next.stop();
    rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
  }
  return { killed, failures, bad: [...bad] };
}

/** Paths of module files that a gateway does not serve as they are. */
async function badFiles(gateway: RunningGateway, { files }: ModuleGraph): Promise<readonly string[]> {
  const paths = [...files.keys()].filter((path) => /\.(?:mod|zip)$/.test(path));
  const bad: string[] = [];
  for (const path of paths) {
    const answer = await fetch(`${gateway.url}/${path}`);
    const body = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || files.get(path)?.equals(body) !== true) bad.push(`${path} (${answer.status})`);
  }
  return bad;
}
