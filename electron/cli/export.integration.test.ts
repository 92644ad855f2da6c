/** `gopherbar export` beside a running `watch`: what is stored, what is added, and that every line keeps the schema. */
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { expectSchema } from '../../e2e/expect-schema.ts';
import type { GoproxyServer } from '../../e2e/lab/goproxy-server.ts';
import { type Lab, startLab } from '../../e2e/lab/lab.ts';
import { FIXTURE_MODULE, FIXTURE_SUMDB } from '../../e2e/lab/tree.ts';
import { createScratch, type Scratch } from '../../e2e/scratch.ts';
import { systemClock } from '../system/clock.ts';
import { inSession } from './cli-io.ts';
import { exportCommand } from './commands/export.ts';
import { watchCommand } from './commands/watch.ts';

vi.setConfig({ testTimeout: 40_000 });

let home: Scratch;
let lab: Lab;
let proxy: GoproxyServer;

beforeEach(async () => {
  home = createScratch();
  lab = await startLab();
  proxy = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const settings = {
    builtInProfiles: false,
    watchedModules: [],
    endpoints: [{ id: 'first', url: proxy.url, module: FIXTURE_MODULE }],
    profiles: [{ id: 'two', name: 'Two', variables: { GOPROXY: `${proxy.url}|direct`, GOSUMDB: FIXTURE_SUMDB } }],
    intervals: { visibleMs: 200, hiddenMs: 200 },
    network: { resolver: lab.dns.address },
  };
  home.writeSettings(settings);
  writeFileSync(home.goEnvFile, `GOPROXY=${proxy.url}\nGOSUMDB=${FIXTURE_SUMDB}\n`);
});
afterEach(async () => {
  await lab.close();
  home.remove();
});

type Line = {
  readonly type: string;
  readonly kind?: string;
  readonly cause?: string;
  readonly endedAt?: string | null;
};
const linesOf = (terminal: MemoryTerminal): readonly Line[] =>
  terminal.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

function begin(args: { since?: string; follow?: boolean; format: string }) {
  const terminal = new MemoryTerminal({ env: home.env });
  return { terminal, ended: inSession(terminal.io, (io) => exportCommand(args, io, systemClock)) };
}

it('follows results, an outage and its end, and a switch', async () => {
  const watch = new MemoryTerminal({ env: home.env, isTerminal: true });
  const watching = watchCommand({ for: undefined }, watch.io, systemClock);
  await vi.waitFor(() => expect(watch.out).toMatch(/go1\.\d+/), 10_000);
  const { terminal, ended } = begin({ follow: true, format: 'ndjson' });
  const seen = (what: (line: Line) => boolean) =>
    vi.waitFor(() => expect(linesOf(terminal).some(what)).toBe(true), { timeout: 15_000, interval: 100 });
  await seen(({ type }) => type === 'result');
  await proxy.setFault({ type: 'drop-request', how: 'fin' });
  await seen(({ type, endedAt }) => type === 'incident' && endedAt === null);
  await proxy.setFault(null);
  await seen(({ type, endedAt }) => type === 'incident' && typeof endedAt === 'string');
  watch.press('1');
  await seen(({ type, kind }) => type === 'event' && kind === 'switched');
  terminal.interrupt();
  expect(await ended).toBe(0);
  watch.press('q');
  await watching;
  for (const line of linesOf(terminal)) expectSchema('export', line);
  // The same without following: nothing is there twice.
  const again = begin({ format: 'ndjson' });
  expect(await again.ended).toBe(0);
  const all = again.terminal.out.split('\n').filter((line) => line !== '');
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThan(3);
});

it('prints nothing for an empty history, and refuses another format', async () => {
  const empty = begin({ format: 'ndjson' });
  expect(await empty.ended).toBe(0);
  expect(empty.terminal.out).toBe('');
  await expect(begin({ format: 'csv' }).ended).rejects.toThrow('ndjson');
  await expect(begin({ since: 'yesterday', format: 'ndjson' }).ended).rejects.toThrow('yesterday');
});
