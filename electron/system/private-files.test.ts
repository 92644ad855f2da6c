import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ForeignFolderError, privateFile, privateFolder, writePrivateFile } from './private-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-private-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...names: string[]) => join(folder, ...names);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

it('makes a folder for its owner alone', async () => {
  await privateFolder(at('a', 'data'));
  expect(modeOf(at('a', 'data'))).toBe('700');
});

it('narrows a folder that was open to everyone, and the files in it', async () => {
  mkdirSync(at('data'));
  writeFileSync(at('data', 'settings.json'), '{}');
  writeFileSync(at('outside'), '');
  chmodSync(at('data'), 0o777);
  chmodSync(at('data', 'settings.json'), 0o666);
  chmodSync(at('outside'), 0o644);
  symlinkSync(at('outside'), at('data', 'link'));
  await privateFolder(at('data'));
  expect([modeOf(at('data')), modeOf(at('data', 'settings.json')), modeOf(at('outside'))]).toEqual([
    '700',
    '600',
    '644',
  ]);
});

it('a link to a folder is followed', async () => {
  mkdirSync(at('elsewhere'), { mode: 0o755 });
  symlinkSync(at('elsewhere'), at('data'));
  await privateFolder(at('data'));
  expect([modeOf(at('elsewhere')), lstatSync(at('data')).isSymbolicLink()]).toEqual(['700', true]);
});

it.runIf(process.geteuid?.() === 0)('refuses the folder of another user, and changes nothing', async () => {
  mkdirSync(at('data'));
  chmodSync(at('data'), 0o777);
  chownSync(at('data'), 65_534, 65_534);
  const error: unknown = await privateFolder(at('data')).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(ForeignFolderError);
  expect(error).toMatchObject({ problem: { key: 'folder-foreign', params: { folder: at('data'), owner: '65534' } } });
  expect(modeOf(at('data'))).toBe('777');
});

it('a file for SQLite is made or narrowed; a FIFO, device or folder is refused at once', () => {
  privateFile(at('new'));
  writeFileSync(at('old'), 'kept', { mode: 0o644 });
  privateFile(at('old'));
  expect([modeOf(at('new')), modeOf(at('old')), readFileSync(at('old'), 'utf8')]).toEqual(['600', '600', 'kept']);
  execFileSync('mkfifo', [at('fifo')]);
  for (const special of [at('fifo'), '/dev/zero', folder]) expect(() => privateFile(special)).toThrow();
});

it('what is recorded into an existing file is its owner’s alone', async () => {
  writeFileSync(at('old.pcap'), 'longer than what is written now', { mode: 0o644 });
  symlinkSync(at('old.pcap'), at('link.pcap'));
  await writePrivateFile(at('link.pcap'), 'packets');
  expect([modeOf(at('old.pcap')), readFileSync(at('old.pcap'), 'utf8')]).toEqual(['600', 'packets']);
  await writePrivateFile(at('new.pcap'), 'packets');
  expect(modeOf(at('new.pcap'))).toBe('600');
});
