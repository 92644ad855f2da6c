import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../shared/domain/result.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import { openHistoryFile } from './history-file.ts';
import { openHistory } from './open-history.ts';
import { DEFAULT_RETENTION } from './retention.ts';
import { SqliteHistory } from './sqlite-history.ts';

const START = Date.UTC(2026, 0, 1);

function samplesAt(at: number, endpoints = 2): Sample[] {
  return Array.from({ length: endpoints }, (_, i) => ({
    endpointId: `e${i}`,
    at: at + i,
    outcome: 'ok',
    phases: { dns: (at % 7) + i, connect: 30 + (at % 11), tls: 40 },
    totalMs: 100 + (at % 13),
  }));
}

describe('the history over time', () => {
  let now = START;
  let database: DatabaseSync;

  beforeEach(() => {
    now = START;
    database = openHistoryFile(':memory:', now).database;
  });
  afterEach(() => {
    if (database.isOpen) database.close();
  });

  function live(history: SqliteHistory, days: number, intervalMs: number, endpoints?: number): void {
    for (const end = now + days * DAY_MS; now < end; now += intervalMs) history.record(samplesAt(now, endpoints));
  }

  it('packs an hour once it has closed and keeps only open hours as rows', () => {
    const history = new SqliteHistory(database, { now: () => now });
    live(history, 1, 60_000);
    const hot = Number(database.prepare('SELECT count(*) AS n FROM hot').get()?.n);
    expect(hot).toBeLessThanOrEqual(2 * 62);
    expect(history.samples('e0', START, now, 10_000)).toHaveLength(1440);
  });

  it('keeps samples and hours for 90 days, and days indefinitely', () => {
    const history = new SqliteHistory(database, { now: () => now });
    live(history, 120, 20 * 60_000);
    expect(history.samples('e0', START, now - 92 * DAY_MS, 10)).toEqual([]);
    expect(history.samples('e0', now - 89 * DAY_MS, now - 88 * DAY_MS, 1000)).toHaveLength(72);
    const old = history.series('e0', START, START + 20 * DAY_MS, 20, false);
    expect(old.every(({ n, slow, failed, p50 }) => n > 0 && slow + failed === 0 && (p50 ?? 0) > 90)).toBe(true);
    expect(database.prepare('SELECT count(*) AS n FROM day WHERE hours IS NULL').get()?.n).toBeGreaterThan(50);
  });

  it('loses two days at most when the clock jumps ahead for a moment', () => {
    const history = new SqliteHistory(database, { now: () => now });
    live(history, 10, 20 * 60_000);
    const real = now;
    now += 400 * DAY_MS;
    history.record(samplesAt(real));
    now = real + HOUR_MS;
    expect(history.samples('e0', START + 2 * DAY_MS, real, 10_000)).toHaveLength(8 * 72);
  });

  it('drops the oldest samples first to stay under its cap, and keeps their rollups', () => {
    const capBytes = 400 * 1024;
    const history = new SqliteHistory(database, { now: () => now }, { ...DEFAULT_RETENTION, capBytes });
    live(history, 30, 60_000, 4);
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    expect(pages * 4096).toBeLessThan(1.2 * capBytes);
    expect(history.samples('e0', START, START + DAY_MS, 1)).toEqual([]);
    expect(history.samples('e0', now - 2 * DAY_MS, now, 10_000)).toHaveLength(2880);
    expect(history.series('e0', START, START + DAY_MS, 1, false)).toMatchObject([{ n: 1440, failed: 0 }]);
  });

  it('reports a full disk, keeps its data and records again once there is space', () => {
    const history = new SqliteHistory(database, { now: () => now });
    history.record(samplesAt(now));
    const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const many = Array.from({ length: 500 }, (_, i) => samplesAt(START + 1000 + i * 10, 3)).flat();
    expect(() => history.record(many)).toThrow(expect.objectContaining({ name: 'HistoryError', code: 'disk-full' }));
    expect(history.samples('e0', 0, now + DAY_MS, 10)).toEqual([samplesAt(now)[0]]);
    database.exec('PRAGMA max_page_count = 100000');
    history.record(many);
    expect(history.samples('e2', 0, now + DAY_MS, 1000)).toHaveLength(500);
  });

  it('skips an unreadable packed day instead of failing every query that covers it', () => {
    const history = new SqliteHistory(database, { now: () => now });
    live(history, 2, 20 * 60_000);
    database.exec("UPDATE pack SET data = x'ffff' WHERE day = (SELECT min(day) FROM pack)");
    expect(history.samples('e0', START, START + DAY_MS, 10)).toEqual([]);
    expect(history.samples('e0', START + DAY_MS, now, 1000)).toHaveLength(72);
    live(history, 1, 20 * 60_000);
    expect(history.samples('e0', START + 2 * DAY_MS, now, 1000)).toHaveLength(72);
  });
});

it('reports a read-only file, still answers queries, and records again once it is writable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-history-ro-'));
  const file = join(folder, 'history.sqlite');
  const { store } = await openHistory({ file, clock: { now: () => START } });
  await store.record(samplesAt(START));
  const database = new DatabaseSync(file);
  const history = new SqliteHistory(database, { now: () => START });
  database.exec('PRAGMA query_only = 1');
  expect(() => history.record(samplesAt(START + 5))).toThrow(expect.objectContaining({ code: 'read-only' }));
  expect(history.samples('e0', 0, START + 1, 10)).toHaveLength(1);
  database.exec('PRAGMA query_only = 0');
  history.record(samplesAt(START + 5));
  expect(await store.samples('e0', 0, START + 10, 10)).toHaveLength(2);
  history.close();
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('reads an incident that an earlier version called unsteady as intermittent', async () => {
  const database = openHistoryFile(':memory:', START).database;
  const history = new SqliteHistory(database, { now: () => START });
  history.saveIncident({
    id: 'e0@1',
    endpointId: 'e0',
    severity: 'intermittent',
    cause: 'http-server-error',
    verdict: null,
    profileIds: [],
    startedAt: START,
    endedAt: null,
    unobservedMs: 0,
    drill: false,
    evidence: null,
  });
  database.exec("UPDATE incident SET severity = 'unsteady'");
  expect(history.openIncidents()).toMatchObject([{ id: 'e0@1', severity: 'intermittent' }]);
  history.close();
});
