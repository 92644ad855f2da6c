/** The journal of switches on a real disk. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { systemClock } from '../system/clock.ts';
import { silentLog } from '../system/log.ts';
import { fromRecord, JournalError, SwitchJournal, type SwitchRecord, toRecord } from './journal.ts';

let folder: string;
let journal: SwitchJournal;
let problems: Problem[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gopherbar-journal-'));
  problems = [];
  journal = open();
});

afterEach(async () => {
  await journal.close();
  await rm(folder, { recursive: true, force: true });
});

function open(): SwitchJournal {
  return new SwitchJournal(folder, {
    clock: systemClock,
    log: silentLog,
    onProblem: (problem) => problems.push(problem),
  });
}

function record(id: string): SwitchRecord {
  const before = { base64: Buffer.from('GOPROXY=direct\n').toString('base64'), mode: 0o600 };
  const files: SwitchRecord['files'] = [{ role: 'go', path: '/home/u/env', before, after: 'abc' }];
  return { id, from: null, to: 'china', at: 1, variables: { GOPROXY: 'off' }, git: [], files };
}

describe('the intent', () => {
  it('survives the process that wrote it, until it ends', async () => {
    expect(await journal.intent()).toBeNull();
    await journal.begin({ doing: 'apply', record: record('one') });
    await journal.flushIntent();
    expect(await open().intent()).toEqual({ doing: 'apply', record: record('one') });
    await journal.end();
    expect(await open().intent()).toBeNull();
  });

  it('keeps the processes that were started for it, and forgets them at its end', async () => {
    await journal.begin({ doing: 'undo', record: record('one') });
    journal.noteChild(4711);
    journal.noteChild(4712);
    expect(await open().children()).toEqual([4711, 4712]);
    await journal.end();
    expect(await journal.children()).toEqual([]);
  });

  it('reads only whole numbers as processes', async () => {
    await writeFile(join(folder, 'children'), '12\n-1\nx\n\n3.5\n34\n');
    expect(await journal.children()).toEqual([12, 34]);
  });
});

describe('finished switches', () => {
  it('are kept in order, the newest fifty', async () => {
    const switches = Array.from({ length: 53 }, (_, n) => record(`switch-${n}`));
    await journal.setBook({ known: null, switches });
    expect((await open().book()).switches.map(({ id }) => id)).toEqual(switches.slice(3).map(({ id }) => id));
  });

  it('survive with the settings after them', async () => {
    const known = { effective: { GOPROXY: 'off' }, set: ['GOPROXY' as const], unknown: [], git: null };
    await journal.setBook({ known, switches: [record('one')] });
    expect(await open().book()).toEqual({ known, switches: [record('one')] });
  });

  it('are unknown when the file belongs to a newer version, which is kept', async () => {
    await writeFile(join(folder, 'switches.json'), '{"schema":99,"switches":"other"}');
    await expect(journal.book()).rejects.toBeInstanceOf(JournalError);
    await expect(journal.setBook({ known: null, switches: [] })).rejects.toBeInstanceOf(JournalError);
    expect(await readdir(folder)).toEqual(['switches.json']);
  });

  it('begin again after a damaged file, which is set aside and reported', async () => {
    await writeFile(join(folder, 'switches.json'), '{"known":');
    expect(await journal.book()).toEqual({ known: null, switches: [] });
    expect(problems.map(({ key }) => key)).toEqual(['file-damaged']);
    expect((await readdir(folder)).some((name) => name.startsWith('switches.json.damaged-'))).toBe(true);
  });
});

it('restores every byte and mode from a record', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 0, max: 0o777 }), (bytes, mode) => {
      const saved = { bytes: Buffer.from(bytes), mode };
      expect(fromRecord(JSON.parse(JSON.stringify(toRecord(saved))))).toEqual(saved);
    }),
  );
  expect(fromRecord(toRecord(null))).toBeNull();
});
