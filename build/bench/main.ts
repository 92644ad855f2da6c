/**
 * `npm run bench -- NAME [--quick]`: measurements of our own work against floors and peers, in interleaved rounds of
 * one run, given as ratios (absolute times drift by a third between hours on shared machines; ratios hardly do).
 * A full run writes its figures to docs/figures/NAME.json; `--quick` takes seconds, writes nothing and serves CI, which
 * fails where a bench fails, never for a time. `all` runs each in a process of its own, and writes the page of figures.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
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
  bundle: async () => (await import('./bundle.ts')).benchBundle,
  capture: async () => (await import('./capture.ts')).benchCapture,
  shim: async () => (await import('./shim.ts')).benchShim,
  open: async () => (await import('./open.ts')).benchOpen,
  idle: async () => (await import('./idle.ts')).benchIdle,
  history: async () => (await import('./history.ts')).run,
  gateway: async () => (await import('./gateway.ts')).benchGateway,
};

/** The benches one after another; the code of the first that fails, or 0. */
function runAll(flags: readonly string[]): number {
  const script = (file: string, ...args: readonly string[]) => {
    const options = { stdio: 'inherit' } as const;
    return (
      spawnSync(process.execPath, [...process.execArgv, join(import.meta.dirname, file), ...args], options).status ?? 1
    );
  };
  const failed = Object.keys(BENCHES).filter((name) => script('main.ts', name, ...flags) !== 0);
  if (failed.length > 0) console.error(`failed: ${failed.join(', ')}`);
  const written = flags.includes('--quick') ? 0 : script('../figure-pages.ts');
  return failed.length > 0 ? 1 : written;
}

const [name = '', ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
if ((bench === undefined && name !== 'all') || flags.some((flag) => flag !== '--quick')) {
  console.error(`usage: npm run bench -- all|${Object.keys(BENCHES).join('|')} [--quick]`);
  process.exitCode = 2;
} else if (bench === undefined) {
  process.exitCode = runAll(flags);
} else {
  await (await bench())({ quick: flags.includes('--quick') });
}
