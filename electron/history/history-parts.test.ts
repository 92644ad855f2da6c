/**
 * The parts of the history in isolation, on a real database: names, rows, packing, retention, columns, hours, errors.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { type DayPack, decodePack, encodePack } from './day-pack.ts';
import { addToBin, binOf, type Histogram, mergeHistogram, quantiles } from './histogram.ts';
import { HistoryError, toHistoryError } from './history-error.ts';
import { openHistoryFile } from './history-file.ts';
import { hourFacts } from './hour-facts.ts';
import { NameTable } from './name-table.ts';
import { DEFAULT_RETENTION, prune } from './retention.ts';
import { hasClosedHours, sealClosedHours } from './sealing.ts';
import { seriesOf } from './series.ts';
import { SqliteHistory } from './sqlite-history.ts';
import { incidentsWithin, newestIncidents, openIncidents, putIncident } from './stored-incident.ts';
import { CODE_OK, CODE_SLOW, rowOf, STORED_PHASES, type StoredRow, sampleFrom } from './stored-row.ts';
import { quantilesOf, tallies } from './summary.ts';
import { Tables, unpack } from './tables.ts';
import { dayKey, dayOf, dayOfKey, hourOf } from './time-keys.ts';

const START = Date.UTC(2026, 0, 1);
let database: DatabaseSync;
let tables: Tables;

beforeEach(() => {
  database = openHistoryFile(':memory:', START).database;
  tables = new Tables(database);
  // Rows refer to endpoint 1.
  tables.endpoints.idOf('e');
});
afterEach(() => database.close());

function row(at: number, total = 1_000, code: number = CODE_OK): StoredRow {
  return { at, code, phases: STORED_PHASES.map(() => null), total };
}

/** One sample every five minutes from `at` on, of one endpoint. */
function fill(endpoint: number, at: number, hours: number, total = (i: number) => 1_000 + (i % 7)): void {
  for (let i = 0; i < hours * 12; i++) tables.addHot(endpoint, row(at + i * 5 * MINUTE_MS, total(i)));
}

describe('time keys', () => {
  it('order days first, and give the day back', () => {
    fc.assert(
      fc.property(fc.nat(40_000), fc.integer({ min: 0, max: 65_535 }), (day, endpoint) => {
        expect(dayOfKey(dayKey(day, endpoint))).toBe(day);
        expect(dayKey(day, endpoint)).toBeLessThan(dayKey(day + 1, 0));
      }),
    );
  });

  it('count whole hours and days in UTC', () => {
    expect([hourOf(HOUR_MS - 1), hourOf(HOUR_MS), dayOf(DAY_MS - 1), dayOf(DAY_MS)]).toEqual([0, 1, 0, 1]);
  });
});

describe('names', () => {
  it('have one number each, which never changes', () => {
    const names = new NameTable(database, 'cause', 2);
    expect([names.idOf('a'), names.idOf('b'), names.idOf('a')]).toEqual([2, 3, 2]);
    expect(names.find('c')).toBeUndefined();
    expect([names.nameOf(3), names.nameOf(99)]).toEqual(['b', '']);
    expect([...new NameTable(database, 'cause', 2).all()]).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
  });

  it('forget the numbers of a rolled-back transaction', () => {
    const names = new NameTable(database, 'cause', 2);
    database.exec('BEGIN');
    names.idOf('lost');
    database.exec('ROLLBACK');
    names.reload();
    expect(names.find('lost')).toBeUndefined();
    expect(names.idOf('kept')).toBe(2);
  });

  it('keep the number that another process assigned', () => {
    const [ours, theirs] = [new NameTable(database, 'cause', 2), new NameTable(database, 'cause', 2)];
    expect(theirs.idOf('goproxy.cn')).toBe(2);
    expect(ours.idOf('goproxy.cn')).toBe(2);
    expect(ours.idOf('goproxy.io')).toBe(3);
  });
});

describe('rows', () => {
  const sample: fc.Arbitrary<Sample> = fc.record({
    endpointId: fc.constant('e'),
    at: fc.integer({ min: 0, max: 2 ** 41 }),
    outcome: fc.constantFrom('ok' as const, 'slow' as const),
    phases: fc.record(
      Object.fromEntries(STORED_PHASES.map((name) => [name, fc.double({ min: 0, max: 20_000, noNaN: true })])),
      { requiredKeys: [] },
    ),
    totalMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
  });

  it('give a sample back to a tenth of a millisecond, each phase to one', () => {
    fc.assert(
      fc.property(sample, (one) => {
        const back = sampleFrom(
          rowOf(one, () => 0),
          'e',
          () => '',
        );
        expect(back).toMatchObject({ at: one.at, outcome: one.outcome });
        expect(Math.abs(back.totalMs - one.totalMs)).toBeLessThanOrEqual(0.0501);
        expect(Object.keys(back.phases).sort()).toEqual(Object.keys(one.phases).sort());
        for (const name of STORED_PHASES) {
          expect(Math.abs((back.phases[name] ?? 0) - (one.phases[name] ?? 0))).toBeLessThanOrEqual(0.1001);
        }
      }),
    );
  });

  it('bound invalid durations and those beyond any deadline', () => {
    const odd = (ms: number) =>
      rowOf({ endpointId: 'e', at: 1, outcome: 'ok', phases: { dns: ms }, totalMs: ms }, () => 0);
    expect([odd(-5).total, odd(Number.NaN).total]).toEqual([0, 0]);
    expect(odd(Number.POSITIVE_INFINITY).total).toBe(2 ** 26 - 1);
  });

  it('name the cause of a failure, and read one from a later version as unknown', () => {
    const failed: Sample = {
      endpointId: 'e',
      at: 1,
      outcome: 'failed',
      cause: 'connect-refused',
      phases: {},
      totalMs: 3,
    };
    const stored = rowOf(failed, () => 9);
    expect(stored.code).toBe(9);
    expect(sampleFrom(stored, 'e', () => 'connect-refused')).toEqual(failed);
    expect(sampleFrom(stored, 'e', () => 'of-the-future')).toMatchObject({ cause: 'unknown' });
  });
});

describe('a packed day', () => {
  const slice = fc.option(fc.uint8Array({ minLength: 1, maxLength: 300 }), { nil: null });
  const pack = fc
    .array(fc.tuple(fc.nat(65_535), fc.array(slice, { minLength: 24, maxLength: 24 })), { maxLength: 5 })
    .map((entries): DayPack => new Map(entries));

  it('is read back hour by hour', () => {
    fc.assert(
      fc.property(pack, (day) => {
        const back = decodePack(encodePack(day));
        expect([...back.keys()]).toEqual([...day.keys()]);
        for (const [endpoint, hours] of day) {
          expect(back.get(endpoint)?.map((one) => one && [...one])).toEqual(hours.map((one) => one && [...one]));
        }
      }),
    );
  });

  it('that is truncated or padded is refused, never misread', () => {
    fc.assert(
      fc.property(pack, fc.nat(), (day, at) => {
        const bytes = encodePack(day);
        expect(() => decodePack(Uint8Array.of(...bytes, 0))).toThrow(RangeError);
        expect(() => decodePack(bytes.subarray(0, at % bytes.length))).toThrow(RangeError);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a histogram', () => {
  it('finds a latency within 1 %, alone and merged from parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 500_000 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (latencies, share) => {
          const [whole, odd, even]: Histogram[] = [new Map(), new Map(), new Map()];
          for (const [i, latency] of latencies.entries()) {
            addToBin(whole ?? new Map(), binOf(latency), 1);
            addToBin((i % 2 === 0 ? even : odd) ?? new Map(), binOf(latency), 1);
          }
          const merged: Histogram = new Map(odd);
          mergeHistogram(merged, even ?? new Map());
          const sorted = [...latencies].sort((a, b) => a - b);
          const exact = sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
          const found = quantiles(whole ?? new Map(), [share])[0] ?? 0;
          expect(Math.abs(found / exact - 1)).toBeLessThan(0.0105);
          expect(quantiles(merged, [share])[0]).toBe(found);
        },
      ),
    );
  });

  it('of nothing has no latency', () => expect(quantiles(new Map(), [0.5])).toEqual([null]));
});

describe('sealing', () => {
  it('waits for two minutes after an hour, then packs it once', () => {
    tables.addHot(1, row(START + 10));
    expect(hasClosedHours(tables, START + HOUR_MS + MINUTE_MS)).toBe(false);
    const now = START + HOUR_MS + 2 * MINUTE_MS;
    expect(hasClosedHours(tables, now)).toBe(true);
    sealClosedHours(tables, now);
    expect(tables.oldestHot()).toBeNull();
    expect(unpack(tables.pack(dayOf(START))?.get(1)?.[0], START)).toMatchObject([{ at: START + 10, total: 1_000 }]);
    const before = tables.total(dayOf(START), 1);
    sealClosedHours(tables, now);
    expect(tables.total(dayOf(START), 1)).toEqual(before);
    expect(hasClosedHours(tables, now)).toBe(false);
  });

  it('merges a late sample into its hour; of two of one instant the later recorded stays', () => {
    tables.addHot(1, row(START + 10));
    sealClosedHours(tables, START + 2 * HOUR_MS);
    tables.addHot(1, row(START + 5, 2_000));
    tables.addHot(1, row(START + 10, 3_000));
    sealClosedHours(tables, START + 3 * HOUR_MS);
    const rows = unpack(tables.pack(dayOf(START))?.get(1)?.[0], START);
    expect(rows?.map(({ at, total }) => [at, total])).toEqual([
      [START + 5, 2_000],
      [START + 10, 3_000],
    ]);
    expect(tables.total(dayOf(START), 1)).toMatchObject({ n: 2, failed: 0 });
  });

  it('adds to the counts of an hour whose samples were dropped, instead of replacing them', () => {
    fill(1, START, 1);
    sealClosedHours(tables, START + 2 * HOUR_MS);
    database.exec('DELETE FROM pack');
    tables.addHot(1, row(START + 7));
    sealClosedHours(tables, START + 3 * HOUR_MS);
    expect(tables.total(dayOf(START), 1)?.n).toBe(13);
  });

  it('does not change a day that is kept as a total', () => {
    fill(1, START, 1);
    sealClosedHours(tables, START + 2 * HOUR_MS);
    database.exec('UPDATE day SET hours = NULL');
    tables.addHot(1, row(START + 7));
    sealClosedHours(tables, START + 3 * HOUR_MS);
    expect(tables.total(dayOf(START), 1)?.n).toBe(12);
    expect(tables.oldestHot()).toBeNull();
  });
});

describe('retention', () => {
  const keep = { ...DEFAULT_RETENTION, rawMs: 10 * DAY_MS, eventsMs: 20 * DAY_MS };
  const count = (sql: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.n);

  function days(number: number): void {
    for (let day = 0; day < number; day++) fill(1, START + day * DAY_MS, 1);
    sealClosedHours(tables, START + number * DAY_MS + HOUR_MS);
  }

  it('drops expired samples and hours, a few days per run, and keeps every day', () => {
    days(30);
    const now = START + 30 * DAY_MS;
    prune(tables, now, keep);
    expect(tables.oldestPack()).toBe(dayOf(START) + 2);
    for (let turn = 0; turn < 20; turn++) prune(tables, now, keep);
    expect(tables.oldestPack()).toBe(dayOf(now - keep.rawMs));
    expect(count('day')).toBe(30);
    expect(count('day WHERE hours IS NOT NULL')).toBe(10);
    expect(count('day WHERE hours IS NULL AND marks IS NOT NULL')).toBe(0);
  });

  it('forgets old events', () => {
    const add = database.prepare("INSERT INTO event (at, kind, detail) VALUES (?, 'started', '')");
    for (let day = 0; day < 30; day++) add.run(START + day * DAY_MS);
    for (let turn = 0; turn < 20; turn++) prune(tables, START + 30 * DAY_MS, keep);
    expect(count('event')).toBe(20);
  });

  it('forgets ended incidents, long ones too, even while others are open', () => {
    const put = (id: string, from: number, to: number | null) =>
      putIncident(
        tables,
        incident({ id, startedAt: START + from * DAY_MS, endedAt: to === null ? null : START + to * DAY_MS }),
      );
    put('open since ever', 0, null);
    put('a week long', 1, 8);
    put('short', 12, 12.1);
    put('recent', 25, 26);
    for (let turn = 0; turn < 40; turn++) prune(tables, START + 40 * DAY_MS, keep);
    expect(newestIncidents(tables, null, 10).map(({ id }) => id)).toEqual(['recent', 'open since ever']);
  });

  it('over its cap drops the oldest samples first, then whole days, and ends with nothing left to drop', () => {
    days(20);
    prune(tables, START + 20 * DAY_MS, { ...DEFAULT_RETENTION, capBytes: 1 });
    expect([count('pack'), count('day')]).toEqual([0, 0]);
  });
});

function incident(more: Partial<Incident>): Incident {
  return {
    id: 'i',
    endpointId: 'cn',
    severity: 'down',
    cause: 'connect-timeout',
    verdict: 'upstream-outage',
    profileIds: ['one'],
    startedAt: START,
    endedAt: null,
    unobservedMs: 0,
    drill: false,
    evidence: null,
    ...more,
  };
}

describe('incidents', () => {
  it('are those that overlap a span, open ones included, excluding its ends', () => {
    const put = (id: string, startedAt: number, endedAt: number | null) =>
      putIncident(tables, incident({ id, startedAt, endedAt }));
    put('before', 0, 100);
    put('into', 50, 150);
    put('open', 120, null);
    put('after', 200, 300);
    expect(incidentsWithin(tables, 100, 200).map(({ id }) => id)).toEqual(['into', 'open']);
    expect(openIncidents(tables).map(({ id }) => id)).toEqual(['open']);
  });

  it('of a damaged row, or of a later version, read as the nearest known', () => {
    putIncident(tables, incident({ id: 'x' }));
    database.exec(
      "UPDATE incident SET severity = 'apocalyptic', verdict = 'of-the-future', profiles = '{not json', cause = NULL",
    );
    expect(newestIncidents(tables, 'cn', 1)).toMatchObject([
      { severity: 'down', verdict: null, profileIds: [], cause: null },
    ]);
    database.exec('UPDATE incident SET profiles = \'[1, "a", null]\'');
    expect(newestIncidents(tables, 'cn', 1)[0]?.profileIds).toEqual(['a']);
  });
});

describe('columns', () => {
  it('count the same whether hours are hot or packed, for any columns', () => {
    const from = START + 6 * HOUR_MS;
    for (const total of [1_000, 2_000, 4_000]) tables.addHot(1, row(from + total, total));
    tables.addHot(1, row(from + 10, 9_000, CODE_SLOW));
    tables.addHot(1, row(from + 20, 50, 7));
    const ask = () =>
      [1, 3, 8].map((cells) =>
        tallies(tables, 1, from, from + 2 * HOUR_MS, cells).map(({ n, slow, failed }) => [n, slow, failed]),
      );
    const hot = ask();
    expect(hot[0]).toEqual([[5, 1, 1]]);
    sealClosedHours(tables, from + 5 * HOUR_MS);
    expect(ask()).toEqual(hot);
  });

  it('end before their end: a sample there belongs to the next span', () => {
    tables.addHot(1, row(START + HOUR_MS));
    expect(tallies(tables, 1, START, START + HOUR_MS, 2).map(({ n }) => n)).toEqual([0, 0]);
    expect(tallies(tables, 1, START + HOUR_MS, START + 2 * HOUR_MS, 2).map(({ n }) => n)).toEqual([1, 0]);
  });

  it('have no percentile without a success', () => {
    tables.addHot(1, row(START, 50, 7));
    const [tally] = tallies(tables, 1, START, START + HOUR_MS, 1);
    expect(tally && quantilesOf(tally, [0.5])).toEqual([null]);
  });

  it('give the mean of each phase, of successes only, and none over a long span', () => {
    const phased = (at: number, dns: number, code: number = CODE_OK): StoredRow => ({
      ...row(at, 1_000, code),
      phases: STORED_PHASES.map((name) => (name === 'dns' ? dns : null)),
    });
    for (const one of [phased(START, 100), phased(START + 1, 300), phased(START + 2, 9_000, 7)]) tables.addHot(1, one);
    const ask = () => seriesOf(tables, 1, START, START + HOUR_MS, 1, true);
    expect(ask()).toMatchObject([{ n: 3, failed: 1, phases: { dns: 20 } }]);
    sealClosedHours(tables, START + 3 * HOUR_MS);
    expect(ask()).toMatchObject([{ phases: { dns: 20 } }]);
    expect(seriesOf(tables, 1, START, START + 9 * DAY_MS, 1, true)[0]?.phases).toEqual({});
    expect(seriesOf(tables, 1, START, START + HOUR_MS, 1, false)[0]?.phases).toEqual({});
  });

  it('a year in weeks is within 1 % of the samples, and misses no day', () => {
    for (let day = 0; day < 60; day++) fill(1, START + day * DAY_MS, 2, () => 2_000);
    sealClosedHours(tables, START + 61 * DAY_MS);
    const columns = seriesOf(tables, 1, START, START + 60 * DAY_MS, 6, false);
    expect(columns.map(({ n }) => n)).toEqual([240, 240, 240, 240, 240, 240]);
    for (const { p50, p99 } of columns) {
      expect(Math.abs((p50 ?? 0) / 200 - 1)).toBeLessThan(0.0105);
      expect(Math.abs((p99 ?? 0) / 200 - 1)).toBeLessThan(0.0105);
    }
  });
});

describe('hours', () => {
  it('are given once each, packed or hot, with counts and percentiles', () => {
    fill(1, START, 3, () => 2_000);
    tables.addHot(1, row(START + 10, 50, 7));
    const ask = () => hourFacts(tables, 1, START, START + 3 * HOUR_MS);
    const hot = ask();
    expect(hot.map(({ at, n, failed }) => [(at - START) / HOUR_MS, n, failed])).toEqual([
      [0, 13, 1],
      [1, 12, 0],
      [2, 12, 0],
    ]);
    sealClosedHours(tables, START + 2 * HOUR_MS + 2 * MINUTE_MS);
    expect(ask()).toEqual(hot);
    expect(hourFacts(tables, 1, START + HOUR_MS, START + 2 * HOUR_MS).map(({ at }) => at)).toEqual([START + HOUR_MS]);
    expect(hourFacts(tables, 2, START, START + DAY_MS)).toEqual([]);
  });
});

describe('errors', () => {
  it.each([
    [{ errcode: 5 }, 'busy'],
    [{ errcode: 13 }, 'disk-full'],
    [{ errcode: 8 | (3 << 8) }, 'read-only'],
    [{ errcode: 26 }, 'damaged'],
    [{ errcode: 1 }, 'failed'],
    [{ code: 'ENOSPC' }, 'disk-full'],
    [{ code: 'EACCES' }, 'cannot-open'],
    [{ code: 'EWHAT' }, 'failed'],
  ])('%j is %s', (facts, code) => {
    expect(toHistoryError(Object.assign(new Error('said'), facts))).toMatchObject({ code, message: 'said' });
  });

  it('wrap any thrown value, and keep one that is wrapped already', () => {
    const error = new HistoryError('closed', 'x');
    expect(toHistoryError(error)).toBe(error);
    expect(toHistoryError('a text').code).toBe('failed');
  });
});

it('two processes that meet the same new names at once both record', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-two-'));
  const file = join(folder, 'history.sqlite');
  const open = () => new SqliteHistory(openHistoryFile(file, START).database, { now: () => START + 1 });
  const [ours, theirs] = [open(), open()];
  const failed = (at: number): Sample => ({
    endpointId: 'new',
    at,
    outcome: 'failed',
    cause: 'connect-refused',
    phases: {},
    totalMs: 1,
  });
  ours.record([failed(START)]);
  theirs.record([failed(START + 1)]);
  expect(ours.samples('new', 0, START + 9, 9)).toHaveLength(2);
  ours.close();
  theirs.close();
  rmSync(folder, { recursive: true, force: true });
});
