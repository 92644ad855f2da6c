/** The contract of the history, tested on every implementation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { silentLog } from '../system/log.ts';
import { workerFile } from '../system/worker-files.ts';
import type { HistoryOpening, HistoryStore } from './history-store.ts';
import { openHistory } from './open-history.ts';
import { openWorkerHistory } from './worker-history.ts';

/** Noon, so that hours before it are of the same day. */
const NOON = Date.UTC(2026, 5, 10, 12);

type Open = (file: string, clock: FakeClock) => Promise<HistoryOpening>;

const WAYS: Readonly<Record<string, Open>> = {
  'a file on this thread': (file, clock) => openHistory({ file, clock }),
  'memory on this thread': (_file, clock) => openHistory({ file: ':memory:', clock }),
  'a file in a worker thread': (file, clock) =>
    openWorkerHistory({ file, clock, workerFile: workerFile('history'), log: silentLog }),
};

function ok(at: number, totalMs = 120, endpointId = 'cn'): Sample {
  return { endpointId, at, outcome: 'ok', phases: { dns: 1.2, connect: 30, tls: 40.5 }, totalMs };
}

function failed(at: number, endpointId = 'cn'): Sample {
  return { endpointId, at, outcome: 'failed', cause: 'eof-no-response', phases: { dns: 2 }, totalMs: 9 };
}

function incident(id: string, startedAt: number, endedAt: number | null = null, endpointId = 'cn'): Incident {
  const put = { verdict: 'sni-blocked', profileIds: ['one', 'two'], unobservedMs: 1_500, drill: false } as const;
  const evidence = '{"url":"u"}';
  return { id, endpointId, severity: 'down', cause: 'eof-no-response', startedAt, endedAt, evidence, ...put };
}

describe.each(Object.entries(WAYS))('the history in %s', (name, open) => {
  let folder: string;
  let clock: FakeClock;
  let store: HistoryStore;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gopherbar-history-'));
    clock = new FakeClock(NOON);
    const opening = await open(join(folder, 'deep', 'history.sqlite'), clock);
    expect(opening).toMatchObject({ state: 'created', setAsidePath: null });
    store = opening.store;
  });

  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Records something now, so that hours that have closed meanwhile are packed. */
  async function pass(ms: number): Promise<void> {
    clock.jump(ms);
    await store.record([ok(clock.now(), 120, 'other')]);
  }

  it('returns samples unchanged, newest first, bounded by time and count', async () => {
    const samples = [ok(NOON - 3000), failed(NOON - 2000), { ...ok(NOON - 1000), outcome: 'slow' as const }];
    await store.record(samples);
    expect(await store.samples('cn', 0, NOON, 10)).toEqual(samples.toReversed());
    expect(await store.samples('cn', NOON - 2000, NOON - 1000, 10)).toEqual([samples[1]]);
    expect(await store.samples('cn', 0, NOON, 2)).toEqual([samples[2], samples[1]]);
    expect(await store.samples('unknown', 0, NOON, 10)).toEqual([]);
  });

  it('returns the same samples after their hours were packed', async () => {
    const samples = Array.from({ length: 240 }, (_, i) => (i % 50 === 7 ? failed : ok)(NOON + i * 30_000 + (i % 9)));
    for (const sample of samples) {
      clock.jump(sample.at - clock.now());
      await store.record([sample]);
    }
    await pass(3 * HOUR_MS);
    expect(await store.samples('cn', NOON, NOON + DAY_MS, 1000)).toEqual(samples.toReversed());
    expect(await store.samples('cn', NOON, NOON + DAY_MS, 130)).toEqual(samples.toReversed().slice(0, 130));
  });

  it('takes a sample that arrives after its hour was packed', async () => {
    await store.record([ok(NOON + 1), ok(NOON + 5)]);
    await pass(2 * HOUR_MS);
    await store.record([failed(NOON + 3)]);
    const all = [ok(NOON + 5), failed(NOON + 3), ok(NOON + 1)];
    expect(await store.samples('cn', NOON, NOON + HOUR_MS, 10)).toEqual(all);
    await pass(HOUR_MS);
    expect(await store.samples('cn', NOON, NOON + HOUR_MS, 10)).toEqual(all);
    expect(await store.series('cn', NOON, NOON + HOUR_MS, 1, false)).toMatchObject([{ n: 3, failed: 1 }]);
  });

  it('stores a sample once when it is recorded repeatedly', async () => {
    await store.record([ok(NOON)]);
    await store.record([ok(NOON)]);
    await pass(2 * HOUR_MS);
    await store.record([ok(NOON)]);
    await pass(2 * HOUR_MS);
    expect(await store.samples('cn', 0, NOON + 1, 10)).toEqual([ok(NOON)]);
  });

  it('returns the newest sample of every endpoint, packed or not', async () => {
    await store.record([ok(NOON, 100), ok(NOON + 10, 200), failed(NOON + 5, 'io')]);
    expect(await store.latest()).toEqual(
      new Map([
        ['cn', ok(NOON + 10, 200)],
        ['io', failed(NOON + 5, 'io')],
      ]),
    );
    await pass(30 * HOUR_MS);
    expect(await store.latest()).toEqual(
      new Map([
        ['cn', ok(NOON + 10, 200)],
        ['io', failed(NOON + 5, 'io')],
        ['other', ok(clock.now(), 120, 'other')],
      ]),
    );
  });

  it('counts equal columns and returns their median, with empty ones where nothing was measured', async () => {
    const minute = (i: number) => NOON + i * MINUTE_MS;
    await store.record([
      ...[100, 300, 200].map((ms, i) => ok(minute(i), ms)),
      ...[10, 11, 12, 13].map((i) => failed(minute(i))),
      ...Array.from({ length: 9 }, (_, i) => ok(minute(20 + i / 10), 50)),
      { ...ok(minute(25), 900), outcome: 'slow' as const },
    ]);
    const expected = [
      { at: minute(0), n: 3, slow: 0, failed: 0, p50: 200 },
      { at: minute(10), n: 4, slow: 0, failed: 4, p50: null },
      { at: minute(20), n: 10, slow: 1, failed: 0, p50: 50 },
      { at: minute(30), n: 0, slow: 0, failed: 0, p50: null },
    ];
    expect(await store.series('cn', NOON, minute(40), 4, false)).toMatchObject(expected);
    await pass(2 * HOUR_MS);
    expect(await store.series('cn', NOON, minute(40), 4, false)).toMatchObject(expected);
    expect(await store.series('unknown', NOON, minute(40), 1, false)).toMatchObject([{ n: 0, failed: 0, p50: null }]);
  });

  it('summarizes whole hours and days within 1 % of the samples', async () => {
    for (let hour = 0; hour < 60; hour++) {
      clock.jump(HOUR_MS);
      const start = NOON + hour * HOUR_MS;
      const at = (i: number) => start + i * 300_000;
      await store.record(Array.from({ length: 12 }, (_, i) => (i === 5 ? failed(at(i)) : ok(at(i), 100 + hour))));
    }
    await pass(2 * HOUR_MS);
    const columns = await store.series('cn', NOON, NOON + 60 * HOUR_MS, 10, false);
    for (const [index, { n, failed, p50 }] of columns.entries()) {
      expect([n, failed]).toEqual([72, 6]);
      expect(Math.abs((p50 ?? 0) / (102.5 + 6 * index) - 1)).toBeLessThan(0.015);
    }
    const [whole] = await store.series('cn', NOON - 30 * DAY_MS, NOON + 30 * DAY_MS, 1, false);
    expect(whole).toMatchObject({ n: 720, failed: 60 });
  });

  it('knows the first measurement of each endpoint, before and after its hour is packed', async () => {
    expect(await store.firstAt('cn')).toBeNull();
    await store.record([ok(NOON + 5_000), ok(NOON + 7_000), ok(NOON + 9_000, 80, 'io')]);
    expect(await store.firstAt('cn')).toBe(NOON + 5_000);
    await pass(2 * HOUR_MS);
    await store.record([ok(clock.now())]);
    expect(await store.firstAt('cn')).toBe(NOON + 5_000);
    await pass(3 * DAY_MS);
    expect(await store.firstAt('cn')).toBe(NOON + 5_000);
    expect(await store.firstAt('io')).toBe(NOON + 9_000);
    expect(await store.firstAt('other')).toBe(NOON + 2 * HOUR_MS);
    // Its samples are dropped after 90 days; the day is still known.
    await pass(120 * DAY_MS);
    expect(await store.firstAt('cn')).toBe(Date.UTC(2026, 5, 10));
  });

  it('replaces an incident by its id and lists the open ones', async () => {
    await store.saveIncident(incident('a', NOON));
    await store.saveIncident(incident('b', NOON + 5, null, 'io'));
    expect(await store.openIncidents()).toEqual([incident('a', NOON), incident('b', NOON + 5, null, 'io')]);
    await store.saveIncident(incident('a', NOON, NOON + 9));
    expect(await store.openIncidents()).toEqual([incident('b', NOON + 5, null, 'io')]);
    expect(await store.incidents(null, 10)).toEqual([
      incident('b', NOON + 5, null, 'io'),
      incident('a', NOON, NOON + 9),
    ]);
    expect(await store.incidents('cn', 10)).toEqual([incident('a', NOON, NOON + 9)]);
    expect(await store.incidents(null, 1)).toHaveLength(1);
  });

  it('returns events, newest first', async () => {
    const events = [
      { at: NOON, kind: 'started', detail: '' },
      { at: NOON + 1, kind: 'switched', detail: 'goproxy-cn' },
    ] as const;
    for (const event of events) await store.recordEvent(event);
    expect(await store.events(NOON, NOON + 2, 10)).toEqual([events[1], events[0]]);
    expect(await store.events(NOON, NOON + 1, 10)).toEqual([events[0]]);
  });

  it('keeps the endpoint that an event concerns, also one without results', async () => {
    const event = { at: NOON, kind: 'woke', detail: '', endpointId: 'never-probed' } as const;
    await store.recordEvent(event);
    expect(await store.events(NOON, NOON + 1, 10)).toEqual([event]);
  });

  it('rejects with the code closed once it is closed', async () => {
    await store.close();
    await expect(store.record([ok(NOON)])).rejects.toMatchObject({ name: 'HistoryError', code: 'closed' });
    await expect(store.latest()).rejects.toMatchObject({ code: 'closed' });
  });

  const itOnDisk = name.startsWith('memory') ? () => {} : it;
  itOnDisk('is all there when opened again', async () => {
    await store.record([ok(NOON), failed(NOON + 1)]);
    await store.saveIncident(incident('a', NOON));
    await store.close();
    const again = await open(join(folder, 'deep', 'history.sqlite'), clock);
    store = again.store;
    expect(again.state).toBe('opened');
    expect(await store.samples('cn', 0, NOON + 2, 10)).toEqual([failed(NOON + 1), ok(NOON)]);
    expect(await store.openIncidents()).toHaveLength(1);
  });
});
