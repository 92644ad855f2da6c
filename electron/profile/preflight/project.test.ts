import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { projectGo } from '../effective/project-go.ts';
import { readProject } from './project.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-project-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

async function needed() {
  const outcome = await readProject(folder);
  return outcome.ok ? outcome.project.needed.map(({ path, version }) => `${path}@${version}`) : outcome.problem.key;
}

it.each([
  ['go.mod as a pipe', 'go.mod', 'fifo'],
  ['go.mod as an endless device', 'go.mod', '/dev/zero'],
  ['go.sum as a pipe', 'go.sum', 'fifo'],
])('names %s and does not wait for it', async (_, name, what) => {
  write('go.mod', 'module a.test/a\n\ngo 1.21\n');
  rmSync(join(folder, name), { force: true });
  if (what === 'fifo') execFileSync('mkfifo', [join(folder, name)]);
  else symlinkSync(what, join(folder, name));
  expect(await readProject(folder)).toMatchObject({ ok: false, problem: { key: 'project-file-special' } });
});

it('names a go.mod that is a folder', async () => {
  mkdirSync(join(folder, 'go.mod'));
  expect(await readProject(folder)).toMatchObject({ ok: false, problem: { key: 'project-file-special' } });
});

it('looks for the go line in a go.mod of blank lines only once', async () => {
  write('go.mod', `module a.test/a\n${'\n'.repeat(400_000)}toolchain go1.26.1\n`);
  expect(await projectGo(folder)).toMatchObject({ go: null, toolchain: 'go1.26.1' });
});

it('finds the replacement of each of many modules without comparing all with all', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `h.test/m${i}`);
  write('go.mod', `module a.test/a\n\nreplace (\n${names.map((one) => `\t${one} => ../x\n`).join('')})\n`);
  const sums = Array.from({ length: 100_000 }, (_, i) => `k.test/n${i} v1.0.0 h1:x=\n`).join('');
  write('go.sum', `h.test/m7 v1.0.0 h1:x=\n${sums}`);
  expect((await needed()).length).toBe(100_000);
});

it('prefers the replacement of a version to that of every version, in any order', async () => {
  write(
    'go.mod',
    'module a.test/a\n\nrequire h.test/m v1.0.0\n\nreplace h.test/m => h.test/any v1.9.0\nreplace h.test/m v1.0.0 => h.test/one v1.1.0\n',
  );
  expect(await needed()).toEqual(['h.test/one@v1.1.0']);
});

it('applies a go.work before its modules', async () => {
  mkdirSync(join(folder, 'a'));
  write('go.work', 'go 1.21\n\nuse ./a\n\nreplace h.test/m => h.test/work v1.2.0\n');
  write('a/go.mod', 'module a.test/a\n\nrequire h.test/m v1.0.0\n\nreplace h.test/m v1.0.0 => h.test/mod v1.1.0\n');
  expect(await needed()).toEqual(['h.test/work@v1.2.0']);
});
