import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fingerprint, restoreFile, sameBytes, saveFile, valueIn } from './env-file.ts';

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
          await restoreFile(path, saved);
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
    await restoreFile(path, saved);
    writeFileSync(path, 'x');
    await restoreFile(path, saved);
    expect(await saveFile(path)).toBeNull();
  });

  it('keeps a symbolic link and restores what it points to', async () => {
    const target = join(folder, 'dotfiles-env');
    const link = join(folder, 'linked-env');
    writeFileSync(target, 'GOPROXY=a\n');
    symlinkSync(target, link);
    const saved = await saveFile(link);
    writeFileSync(target, 'GOPROXY=b\n');
    await restoreFile(link, saved);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('GOPROXY=a\n');
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
