import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DatabaseSigner } from '../../e2e/lab/signed-database.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import { FakeClock } from '../system/fake-clock.ts';
import { silentLog } from '../system/log.ts';
import { HeadHistory } from './head-history.ts';
import { parseGosumdb } from './verifier-key.ts';

const signer = new DatabaseSigner('sum.test');
const parsed = parseGosumdb(signer.verifier);
if (parsed.kind !== 'database') throw new Error('no key');
const { key } = parsed;
const note = (size: number) => Buffer.from(signer.note(size, Buffer.alloc(32, size)));

let folder: string;
let path: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-heads-'));
  path = join(folder, 'heads', 'sum.test.json');
  clock = new FakeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => new HeadHistory(path, key, { clock, log: silentLog });

it('keeps one head an hour, over restarts and beside another process', async () => {
  const [one, other] = [open(), open()];
  const began = clock.now();
  await one.saw(note(5));
  await clock.advance(HOUR_MS / 2);
  await other.saw(note(6));
  await clock.advance(HOUR_MS / 2);
  await other.saw(note(7));
  await Promise.all([one.close(), other.close()]);
  expect(await open().heads()).toEqual([
    { at: began, size: 5 },
    { at: began + HOUR_MS, size: 7 },
  ]);
});

it('takes nothing from its file that the database did not sign, or that is dated in the future', async () => {
  const history = open();
  await history.saw(note(5));
  await history.close();
  const document = JSON.parse(readFileSync(path, 'utf8'));
  const [first] = document.heads;
  const forged = new DatabaseSigner('sum.test').note(9, Buffer.alloc(32));
  document.heads.push({ at: first.at + 1, note: forged }, { at: first.at + DAY_MS, note: note(8).toString() });
  writeFileSync(path, JSON.stringify(document));
  expect(await open().heads()).toEqual([{ at: first.at, size: 5 }]);
});
