import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from './clock.ts';
import { SystemProcessRunner } from './process-runner.ts';
import { programPath } from './program-path.ts';

const folder = mkdtempSync(join(tmpdir(), 'gopherbar-path-'));
const own = join(folder, 'bin');

beforeAll(() => {
  mkdirSync(own);
  for (const file of [join(folder, 'tshark'), join(own, 'ip')]) {
    writeFileSync(file, '#!/bin/sh\necho ran\n');
    chmodSync(file, 0o755);
  }
  writeFileSync(join(own, 'plain'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('finds it in the first absolute folder that contains it', () => {
  expect(programPath('ip', `.:bin:/no/such:${own}`)).toBe(join(own, 'ip'));
  expect(programPath('/bin/sh', '')).toBe('/bin/sh');
});

it.each([
  ['without a PATH', undefined],
  ['with an empty PATH', ''],
  ['with empty entries', '::'],
  ['with the current folder', '.'],
  ['with a relative folder', 'bin'],
])('runs nothing of the current folder %s', async (_, path) => {
  expect(programPath('tshark', path)).toBeNull();
  const runner = new SystemProcessRunner(systemClock);
  const outcome = await runner.run({ file: 'tshark', args: [], env: { PATH: path }, cwd: folder, timeoutMs: 5_000 });
  expect(outcome).toMatchObject({ ended: 'not-started', code: 'ENOENT' });
});

it('ignores files that are not executable, and relative paths', () => {
  expect(programPath('plain', own)).toBeNull();
  expect(programPath('./tshark', folder)).toBeNull();
});
