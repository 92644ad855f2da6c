import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dataFolder, writeFileAtomic } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('dataFolder', () => {
  it('follows the conventions of the system', () => {
    expect(dataFolder('darwin', { HOME: '/h' })).toBe('/h/Library/Application Support/Gopherbar');
    expect(dataFolder('linux', { HOME: '/h' })).toBe('/h/.local/share/gopherbar');
    expect(dataFolder('linux', { HOME: '/h', XDG_DATA_HOME: '/x' })).toBe('/x/gopherbar');
    expect(dataFolder('linux', { HOME: '/h', XDG_DATA_HOME: 'relative' })).toBe('/h/.local/share/gopherbar');
    expect(() => dataFolder('linux', {})).toThrow(/HOME is not set/);
  });
});

describe('writeFileAtomic', () => {
  it('writes content and mode, folders included, and leaves nothing else', async () => {
    const path = join(folder, 'a', 'b', 'file');
    await writeFileAtomic(path, 'one', 0o640);
    await writeFileAtomic(path, 'two', 0o600);
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'a', 'b'))).toEqual(['file']);
  });

  it('keeps the old content when a write fails', async () => {
    const path = join(folder, 'taken');
    mkdirSync(path);
    writeFileSync(join(path, 'inside'), 'x');
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY/),
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('taken'))).toEqual(['taken']);
    expect(readdirSync(path)).toEqual(['inside']);
  });
});
