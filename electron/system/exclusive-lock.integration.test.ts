import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeLock } from './exclusive-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('takeLock', () => {
  it('has one holder at a time, within a process too', () => {
    const file = join(folder, 'deep', 'one.lock');
    const first = takeLock(file);
    expect(first).not.toBeNull();
    expect(takeLock(file)).toBeNull();
    first?.release();
    const second = takeLock(file);
    expect(second).not.toBeNull();
    second?.release();
  });

  it('is free again after kill -9 of its holder', async () => {
    const file = join(folder, 'two.lock');
    const script = `
      const { takeLock } = await import(${JSON.stringify(join(import.meta.dirname, 'exclusive-lock.ts'))});
      globalThis.lock = takeLock(${JSON.stringify(file)});
      console.log(globalThis.lock === null ? 'busy' : 'held');
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      script,
    ]);
    const [said] = await once(holder.stdout, 'data');
    expect(String(said)).toBe('held\n');
    expect(takeLock(file)).toBeNull();
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const lock = takeLock(file);
    expect(lock).not.toBeNull();
    lock?.release();
  });

  it('says what is wrong with its file', () => {
    const file = join(folder, 'text.lock');
    writeFileSync(file, 'this is no database, and long enough to be looked at as one'.repeat(10));
    expect(() => takeLock(file)).toThrow(/not a database/);
  });
});
