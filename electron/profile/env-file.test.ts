import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
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
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type FileRole,
  fingerprint,
  keepOwner,
  ownerOf,
  restoreFile,
  sameBytes,
  saveFile,
  valueIn,
} from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-env-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (text: string) => ({ bytes: Buffer.from(text), mode: 0o600 });

describe('saving and restoring', () => {
  it('restores any bytes and any mode', async () => {
    const path = join(folder, 'env');
    const mode = fc.constantFrom(0o600, 0o640, 0o644, 0o444);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        mode,
        async (a, b, bits) => {
          rmSync(path, { force: true });
          writeFileSync(path, a);
          chmodSync(path, bits);
          const saved = await saveFile(path);
          chmodSync(path, 0o600);
          writeFileSync(path, b);
          await restoreFile(path, saved, 'go');
          expect(readFileSync(path).equals(Buffer.from(a))).toBe(true);
          expect(statSync(path).mode & 0o777).toBe(bits);
          expect(sameBytes(saved, await saveFile(path))).toBe(true);
          expect(fingerprint(saved)).toBe(fingerprint(await saveFile(path)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('removes a file that did not exist before, and accepts one that never existed', async () => {
    const path = join(folder, 'absent');
    const saved = await saveFile(path);
    expect(saved).toBeNull();
    await restoreFile(path, saved, 'go');
    writeFileSync(path, 'x');
    await restoreFile(path, saved, 'go');
    expect(await saveFile(path)).toBeNull();
  });

  it('keeps a symbolic link and restores what it points to', async () => {
    const target = join(folder, 'dotfiles-env');
    const link = join(folder, 'linked-env');
    writeFileSync(target, 'GOPROXY=a\n');
    symlinkSync(target, link);
    const saved = await saveFile(link);
    writeFileSync(target, 'GOPROXY=b\n');
    await restoreFile(link, saved, 'go');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('GOPROXY=a\n');
  });
});

describe('a file that is more than its bytes', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(folder, 'case-'));
  });

  it('stays untouched when nothing has changed', async () => {
    const path = join(home, 'env');
    writeFileSync(path, 'GOPROXY=a\n');
    const [saved, before] = [await saveFile(path), statSync(path)];
    await restoreFile(path, saved, 'go');
    expect([statSync(path).ino, statSync(path).mtimeMs]).toEqual([before.ino, before.mtimeMs]);
  });

  it('keeps its other name (hard link)', async () => {
    const [path, other] = [join(home, 'env'), join(home, 'dotfiles-env')];
    writeFileSync(path, 'GOPROXY=a\n');
    linkSync(path, other);
    const saved = await saveFile(path);
    writeFileSync(path, 'GOPROXY=b\nGOSUMDB=off\n');
    await restoreFile(path, saved, 'go');
    expect([readFileSync(path, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['GOPROXY=a\n', 'GOPROXY=a\n']);
    expect(statSync(other).ino).toBe(statSync(path).ino);
  });

  it('of go is written over, as go does it; of git it is replaced, as git does it', async () => {
    const inodes = async (role: FileRole) => {
      const path = join(home, role);
      writeFileSync(path, 'a\n');
      const saved = await saveFile(path);
      writeFileSync(path, 'b\nlonger\n');
      const before = statSync(path).ino;
      await restoreFile(path, saved, role);
      expect(readFileSync(path, 'utf8')).toBe('a\n');
      return statSync(path).ino === before;
    };
    expect([await inodes('go'), await inodes('git')]).toEqual([true, false]);
  });

  it('gives a replaced file back to its owner', async () => {
    if (process.getuid?.() !== 0) return;
    const path = join(home, 'gitconfig');
    writeFileSync(path, 'a\n');
    chownSync(path, 1234, 2345);
    const owner = await ownerOf(path);
    rmSync(path);
    writeFileSync(path, 'b\n');
    await keepOwner(path, owner);
    const { uid, gid } = statSync(path);
    expect([uid, gid]).toEqual([1234, 2345]);
  });

  it('keeps its owner and group', async () => {
    if (process.getuid?.() !== 0) return;
    const path = join(home, 'env');
    writeFileSync(path, 'GOPROXY=a\n');
    chownSync(path, 1234, 2345);
    const saved = await saveFile(path);
    writeFileSync(path, 'GOPROXY=bb\n');
    await restoreFile(path, saved, 'go');
    const { uid, gid } = statSync(path);
    expect([uid, gid, readFileSync(path, 'utf8')]).toEqual([1234, 2345, 'GOPROXY=a\n']);
  });

  it('a link that dangled dangles again, and what was made at its end is gone', async () => {
    const [link, target] = [join(home, 'env'), join(home, 'dotfiles', 'env')];
    mkdirSync(join(home, 'dotfiles'));
    symlinkSync('dotfiles/env', link);
    const saved = await saveFile(link);
    writeFileSync(link, 'GOPROXY=b\n');
    await restoreFile(link, saved, 'go');
    expect([lstatSync(link).isSymbolicLink(), existsSync(target)]).toEqual([true, false]);
  });

  it.each(['/dev/null', tmpdir()])('%s is no file to save or to replace', async (path) => {
    const before = statSync(path);
    await expect(saveFile(path)).rejects.toMatchObject({ message: 'not a regular file', path });
    await expect(restoreFile(path, file('GOPROXY=a\n'), 'go')).rejects.toThrow();
    await expect(restoreFile(path, null, 'go')).rejects.toThrow();
    expect([statSync(path).ino, statSync(path).rdev]).toEqual([before.ino, before.rdev]);
  });
});

describe('valueIn', () => {
  it('reads lines as go does: the last wins, nothing is quoted', () => {
    expect(valueIn(file('GOPROXY=a\nGOPROXY=b\n'), 'GOPROXY')).toBe('b');
    expect(valueIn(file('# GOPROXY=a\n GOPROXY=b\nXGOPROXY=c\n'), 'GOPROXY')).toBeUndefined();
    expect(valueIn(file('GOPROXY="a b"\r\n'), 'GOPROXY')).toBe('"a b"');
    expect(valueIn(file('GOPROXY=\n'), 'GOPROXY')).toBe('');
    expect(valueIn(file('GOPROXY=a=b'), 'GOPROXY')).toBe('a=b');
    expect(valueIn(null, 'GOPROXY')).toBeUndefined();
  });
});
