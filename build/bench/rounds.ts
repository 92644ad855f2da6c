/** Interleaved rounds (A B C … A B C …), so that every way meets the same weather; medians and paired ratios. */
import { performance } from 'node:perf_hooks';

/** One way of doing the work. */
export interface Way {
  readonly name: string;
  /** Does it `count` times, one at a time; resolves with CPU µs when the work is done by other processes. */
  run(count: number): Promise<ExternalCost | undefined>;
  /** Share of the round's count that this way does; slow ways do fewer. */
  readonly share?: number;
}

/** CPU of child processes, which the measuring process cannot see. */
export interface ExternalCost {
  readonly cpuMicros: number;
}

/** What one way cost in each round, per piece of work. */
export interface MeasuredWay {
  readonly name: string;
  readonly cpuMicros: readonly number[];
  readonly wallMs: readonly number[];
}

/** Code this often run is compiled as well as it will be. */
const WARM_UP = 300;

/** Runs every way once a round, after one unmeasured round to warm up. */
export async function interleave(ways: readonly Way[], rounds: number, count: number): Promise<readonly MeasuredWay[]> {
  const measured = ways.map(({ name }) => ({ name, cpuMicros: [] as number[], wallMs: [] as number[] }));
  for (let round = -1; round < rounds; round += 1) {
    for (const [i, way] of ways.entries()) {
      const times = Math.max(1, Math.round((round < 0 ? WARM_UP : count) * (way.share ?? 1)));
      const began = performance.now();
      const before = process.cpuUsage();
      const external = await way.run(times);
      const own = process.cpuUsage(before);
      if (round < 0) continue;
      measured[i]?.cpuMicros.push((external?.cpuMicros ?? own.user + own.system) / times);
      measured[i]?.wallMs.push((performance.now() - began) / times);
    }
  }
  return measured;
}

/** The middle value; 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Median of the ratios round by round: what a busy moment does to one, it does to both. */
export function pairedRatio(of: readonly number[], to: readonly number[]): number {
  return median(of.map((value, i) => value / (to[i] ?? Number.NaN)));
}
