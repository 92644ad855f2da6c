import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import { MAX_CONCURRENT_PROBES, PROBE_SLOTS } from '../verdict/cadence.ts';
import { measureEntries } from './measured-entries.ts';
import { openStores } from './stores.ts';

/** Requests that have all arrived by then were sent in parallel. */
const QUIET_MS = 100;

/** On a busy machine a probe may take longer to answer than it counts as one that measures: here it always counts. */
const patientClock: Clock = {
  ...systemClock,
  after: (ms, callback) => systemClock.after(ms === PROBE_SLOTS.measuresForMs ? 60_000 : ms, callback),
};

/** Answers what is open once no further request has come; `most` is how many were open at the same time. */
async function patientServer() {
  const open: ServerResponse[] = [];
  let most = 0;
  let timer: NodeJS.Timeout | undefined;
  const server = createServer((request, response) => {
    open.push(response);
    most = Math.max(most, open.length);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const version = /@v\/(.*)\.info$/.exec(request.url ?? '')?.[1] ?? 'v0.0.0';
      for (const one of open.splice(0)) one.end(JSON.stringify({ Version: version, Time: '2020-01-01T00:00:00Z' }));
    }, QUIET_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, most: () => most };
}

it('measures every entry once, with the parallelism of the engine', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gopherbar-entries-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const terminal = new MemoryTerminal({ env: { HOME: home, PATH: process.env.PATH } });
  const { io } = terminal;
  onTestFinished(() => terminal.end());
  const server = await patientServer();
  const urls = Array.from({ length: 7 }, (_, i) => `${server.url}/${i}`);
  const stores = await openStores(io, patientClock);
  const viewOf = await measureEntries([urls.join(','), `${urls[0]}|direct`], stores, io);
  expect(urls.map((url) => viewOf(url)?.status)).toEqual(urls.map(() => 'up'));
  expect(viewOf('direct')).toBeNull();
  expect(server.most()).toBe(MAX_CONCURRENT_PROBES);
});
