/** Consultations in the app, on real files: one at a time, archived when they have ended, and quiet after close. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doctorPorts, poolOf } from '../../e2e/doubles/diagnosis.ts';
import { type QuietCheck, watchForQuiet } from '../../e2e/lab/expect-quiet.ts';
import { until } from '../../e2e/until.ts';
import type { Consultation } from '../../shared/domain/doctor.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { DoctorSessions } from './doctor-sessions.ts';

const ONE = 'https://127.0.0.1:1';
let folder: string;
let file: string;
let sessions: DoctorSessions;
let pool: ProbePool;
let quiet: QuietCheck;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-sessions-'));
  file = join(folder, 'consultations.json');
  quiet = watchForQuiet(folder);
  pool = poolOf({ [ONE]: 'connect-refused in connect' });
  sessions = await open();
});
afterEach(async () => {
  await sessions.close();
  await quiet.expectQuiet();
  rmSync(folder, { recursive: true, force: true });
});

function open(): Promise<DoctorSessions> {
  const ports = () => doctorPorts({}, { effective: null, ports: { pool } });
  return DoctorSessions.open({ ports, file, clock: systemClock, log: silentLog });
}

/** A pool whose probes end when the test says so, cancelled or not. */
function heldPool(): ProbePool & { release: () => void; readonly asked: number } {
  let waiting: (() => void)[] = [];
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    probe: (request, signal) => {
      asked += 1;
      return new Promise((resolve) => {
        waiting.push(() => resolve(poolOf({ [ONE]: 'connect-refused in connect' }).probe(request, signal)));
      });
    },
    close: async () => {},
    release: () => {
      for (const end of waiting) end();
      waiting = [];
    },
  };
}

async function ended(): Promise<Consultation> {
  return until('the consultation to end', () => {
    const current = sessions.current();
    return current?.endedAt == null || sessions.archived()[0]?.startedAt !== current.startedAt ? null : current;
  });
}

describe('a consultation', () => {
  it('reports each step to its listeners, is archived with its incident, and is there after a restart', async () => {
    const seen: Consultation[] = [];
    const stop = sessions.onChange((state) => seen.push(state));
    expect(sessions.start(ONE, 'incident-7')).toBe(true);
    const done = await ended();
    stop();
    expect(seen.length).toBeGreaterThan(done.checks.length);
    expect(seen.at(-1)).toEqual(done);
    expect(sessions.archived()).toEqual([
      { startedAt: done.startedAt, target: ONE, incidentId: 'incident-7', finding: done.finding },
    ]);
    await sessions.close();
    sessions = await open();
    expect(sessions.current()).toEqual(done);
    expect(sessions.archived()).toHaveLength(1);
  });

  it('is not begun for a text that is neither host nor module', () => {
    expect(sessions.start('not a host', null)).toBe(false);
    expect(sessions.current()).toBeNull();
  });

  it('that is cancelled shows so, and is not archived', async () => {
    const held = heldPool();
    pool = held;
    sessions.start(ONE, null);
    await until('the first probe', () => held.asked > 0);
    sessions.cancel();
    held.release();
    await until('the end', () => sessions.current()?.cancelled);
    expect(sessions.archived()).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });

  it('that another one replaces never shows itself again', async () => {
    const held = heldPool();
    pool = held;
    sessions.start(ONE, 'first');
    await until('the first probe', () => held.asked > 0);
    pool = poolOf({});
    sessions.start('', 'second');
    await ended();
    held.release();
    await sessions.close();
    expect(sessions.current()?.target).toBe('');
    expect(sessions.archived().map(({ incidentId }) => incidentId)).toEqual(['second']);
  });

  it('of before is shown again by its start, and one that is unknown is not', async () => {
    sessions.start(ONE, null);
    const first = await ended();
    await until('another millisecond', () => systemClock.now() > first.startedAt);
    sessions.start('', null);
    await ended();
    expect(sessions.reopen(first.startedAt)).toBe(true);
    expect(sessions.current()).toEqual(first);
    expect(sessions.reopen(1)).toBe(false);
  });
});

describe('the archive', () => {
  it('keeps the newest thirty', async () => {
    sessions.start(ONE, null);
    const done = await ended();
    await sessions.close();
    const many = Array.from({ length: 30 }, (_, i) => ({
      incidentId: null,
      consultation: { ...done, startedAt: done.startedAt - 1 - i },
    }));
    writeFileSync(file, JSON.stringify({ schema: 1, kept: many }));
    sessions = await open();
    expect(sessions.archived()).toHaveLength(30);
    sessions.start(ONE, 'newest');
    await until('its end', () => sessions.archived()[0]?.incidentId === 'newest');
    expect(sessions.archived()).toHaveLength(30);
    await sessions.close();
    expect(JSON.parse(readFileSync(file, 'utf8')).kept).toHaveLength(30);
  });

  it.each(['', '{"schema":1}', '{"schema":2,"kept":[]}', '[]', '\u0000'])(
    'that is damaged (%j) is started afresh',
    async (text) => {
      writeFileSync(file, text);
      await sessions.close();
      sessions = await open();
      expect([sessions.current(), sessions.archived()]).toEqual([null, []]);
    },
  );
});

it('close resolves only when every consultation has ended, also one that was replaced', async () => {
  const first = heldPool();
  pool = first;
  sessions.start(ONE, null);
  await until('the first probe', () => first.asked > 0);
  pool = poolOf({});
  sessions.start('', null);
  await ended();
  let isClosed = false;
  const closing = sessions.close().then(() => {
    isClosed = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(isClosed).toBe(false);
  first.release();
  await closing;
});

it('that throws ends as cancelled, and the next one runs', async () => {
  const working = pool;
  pool = { probe: () => Promise.reject(new Error('no worker')), close: async () => {} };
  expect(sessions.start(ONE, null)).toBe(true);
  const broken = await until('its end', () => (sessions.current()?.endedAt == null ? null : sessions.current()));
  expect(broken).toMatchObject({ cancelled: true });
  expect(sessions.archived()).toEqual([]);
  pool = working;
  expect(sessions.start(ONE, null)).toBe(true);
  expect(await ended()).toMatchObject({ cancelled: false });
});
