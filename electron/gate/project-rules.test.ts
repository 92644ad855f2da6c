import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProject } from '../profile/preflight/project.ts';
import { readDockerfiles } from '../profile/read-dockerfiles.ts';
import { checkoutOf } from './checkout.ts';
import { projectFindings, selectedModules } from './project-rules.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-gate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: { readonly [name: string]: string }): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

async function findings(at = '.', hasOwnProxy = true) {
  const read = await readProject(join(folder, at));
  if (!read.ok) throw new Error(read.problem.key);
  const { project } = read;
  const dockerfiles = await readDockerfiles(project.folder);
  const facts = { project, checkout: await checkoutOf(project.folder), dockerfiles, hasOwnProxy };
  return projectFindings(facts).map((one) => `${one.severity} ${one.rule} ${one.file}:${one.line ?? ''}`);
}

async function selected(at = '.') {
  const read = await readProject(join(folder, at));
  if (!read.ok) throw new Error(read.problem.key);
  return selectedModules(read.project).map(
    ({ path, version, file, line }) => `${path}@${version} ${file}:${line ?? ''}`,
  );
}

it('is content with a project without risks', async () => {
  write({
    'go.mod': 'module a.example/x\ngo 1.22\nrequire b.example/y v1.0.0\n',
    'go.sum': 'b.example/y v1.0.0 h1:x=\nb.example/y v1.0.0/go.mod h1:x=\n',
    Dockerfile: 'FROM golang\nARG GOPROXY\nRUN go build ./...\n',
  });
  expect(await findings()).toEqual([]);
  expect(await selected()).toEqual(['b.example/y@v1.0.0 go.mod:3']);
});

it('distinguishes replacements inside the checkout, outside of it, and missing', async () => {
  write({
    'repo/.git/HEAD': '',
    'repo/lib/go.mod': 'module lib.example/l\n',
    'other/go.mod': 'module other.example/o\n',
    'repo/app/go.mod':
      'module a.example/x\nreplace (\n\tlib.example/l => ../lib\n\tother.example/o v1.0.0 => ../../other\n\tgone.example/g => ./gone\n)\n',
  });
  expect(await findings('repo/app')).toEqual([
    'hint replace-inside go.mod:3',
    'warning replace-outside go.mod:4',
    'hint replace-inside go.mod:5',
    'error replace-missing go.mod:',
  ]);
  expect(await selected('repo/app')).toEqual([]);
});

it('names what go.sum lacks, and a go.sum that is not there', async () => {
  write({ 'go.mod': 'module a\nrequire b.example/y v1.0.0\n' });
  expect(await findings()).toEqual(['warning go-sum-missing go.sum:']);
  write({ 'go.sum': 'c.example/z v1.0.0 h1:x=\n' });
  expect(await findings()).toEqual(['error go-sum-lines go.sum:']);
});

it('reads a workspace, its own replacements, and the modules of each member', async () => {
  write({
    'go.work': 'go 1.22\nuse (\n\t./a\n\t./b\n)\nreplace b.example/y => c.example/z v1.2.3\n',
    'a/go.mod': 'module a.example/a\ngo 1.22\nrequire (\n\tb.example/y v1.0.0\n\ta.example/b v0.0.0\n)\n',
    'a/go.sum': 'c.example/z v1.2.3 h1:x=\n',
    'b/go.mod': 'module a.example/b\ngo 1.16\nrequire d.example/d v1.0.0\n',
    'b/go.sum': 'd.example/d v1.0.0 h1:x=\ne.example/e v1.1.0 h1:x=\ne.example/e v1.0.0/go.mod h1:x=\n',
  });
  expect(await findings()).toEqual([]);
  expect(await selected()).toEqual([
    'c.example/z@v1.2.3 a/go.mod:4',
    'd.example/d@v1.0.0 b/go.mod:3',
    'e.example/e@v1.1.0 b/go.mod:',
  ]);
});

it('finds Dockerfiles in subfolders, follows no link, and asks nothing of a vendored project', async () => {
  write({
    'go.mod': 'module a\n',
    'deploy/api.Dockerfile': 'FROM golang\nRUN go build\n',
    'deploy/Dockerfile.dev': 'FROM golang\nRUN go test\n',
    'node_modules/x/Dockerfile': 'FROM golang\nRUN go build\n',
    'docs/dockerfile.md.txt': 'FROM golang\nRUN go build\n',
  });
  symlinkSync('/', join(folder, 'deploy', 'loop'));
  const both = ['dockerfile-goproxy deploy/Dockerfile.dev:2', 'dockerfile-goproxy deploy/api.Dockerfile:2'];
  const files = (await findings()).filter((one) => !one.includes('.txt'));
  expect(files).toEqual(both.map((one) => `warning ${one}`));
  expect((await findings('.', false)).filter((one) => !one.includes('.txt'))).toEqual(both.map((one) => `hint ${one}`));
  write({ 'vendor/modules.txt': '' });
  expect(await findings()).toEqual([]);
});
