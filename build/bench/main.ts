/**
 * `npm run bench -- NAME [--quick]`: measurements of our own work against floors and peers, in interleaved rounds of
 * one run, given as ratios (absolute times drift by a third between hours on shared machines; ratios hardly do).
 * A full run writes its figures to docs/figures/NAME.json; `--quick` takes seconds, writes nothing and serves CI.
 */
import type { BenchOptions } from './bench-options.ts';

/** Loaded only when asked for: one bench's libraries must not weigh on another's memory. */
const BENCHES: Readonly<Record<string, () => Promise<(options: BenchOptions) => Promise<unknown>>>> = {
  probe: async () => (await import('./probe.ts')).benchProbe,
  crowd: async () => (await import('./crowd.ts')).benchCrowd,
  endpoints: async () => (await import('./endpoints.ts')).benchEndpoints,
  timing: async () => (await import('./timing.ts')).benchTiming,
  switch: async () => (await import('./switch.ts')).benchSwitch,
  explain: async () => (await import('./explain.ts')).benchExplain,
  cli: async () => (await import('./cli.ts')).benchCli,
  capture: async () => (await import('./capture.ts')).benchCapture,
  open: async () => (await import('./open.ts')).benchOpen,
  idle: async () => (await import('./idle.ts')).benchIdle,
  history: async () => (await import('./history.ts')).run,
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined || flags.some((flag) => flag !== '--quick')) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--quick]`);
  process.exitCode = 2;
} else {
  await (await bench())({ quick: flags.includes('--quick') });
}
