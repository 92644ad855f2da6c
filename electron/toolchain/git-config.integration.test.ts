import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { findGit, GitCommand, parseGitList } from './git-config.ts';

const runner = new SystemProcessRunner(systemClock);
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-git-config-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function git(env: Record<string, string> = {}): GitCommand {
  return new GitCommand('git', runner, { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...env });
}

/** A file below the scratch home. */
function write(path: string, text: string, mode = 0o644): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const REWRITE = 'url.https://mirror.example/.insteadof';
const CONFIG = '[user]\n\tname = Ann\n[url "https://mirror.example/"]\n\tinsteadOf = https://github.com/\n';

describe('the global configuration of git', () => {
  it('is read by git, and only what profiles manage is kept', async () => {
    write('.gitconfig', CONFIG);
    const read = await git().read();
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && read.value.map(({ key, value }) => [key.toLowerCase(), value])).toEqual([
      [REWRITE, 'https://github.com/'],
    ]);
  });

  it('contains nothing of a nearby repository', async () => {
    const repository = join(home, 'repository');
    mkdirSync(repository);
    const env = { PATH: process.env.PATH, HOME: home };
    await runner.run({ file: 'git', args: ['init', '-q'], cwd: repository, env, timeoutMs: 10_000 });
    write('repository/.git/config', CONFIG);
    expect(await git({ GIT_DIR: join(repository, '.git') }).read()).toEqual({ ok: true, value: [] });
  });

  it('is changed by git: set, add, unset; unsetting a missing key succeeds', async () => {
    const change = (...args: string[]) => git().change(['config', '--global', ...args]);
    expect(await change(REWRITE, 'https://github.com/')).toMatchObject({ ok: true });
    expect(await change('--add', REWRITE, 'https://gitlab.com/')).toMatchObject({ ok: true });
    const read = await git().readFile(join(home, '.gitconfig'));
    expect(read.ok && read.value.map(({ value }) => value)).toEqual(['https://github.com/', 'https://gitlab.com/']);
    expect(await change('--unset-all', REWRITE)).toMatchObject({ ok: true });
    expect(await change('--unset-all', REWRITE)).toMatchObject({ ok: true });
    expect(await git().read()).toEqual({ ok: true, value: [] });
  });

  it('when damaged is a problem with the message of git', async () => {
    write('.gitconfig', '[url "broken\n');
    expect(await git().read()).toMatchObject({ ok: false, problem: { key: 'git-refused', params: { path: 'git' } } });
    expect(await git().change(['config', '--global', REWRITE, 'x'])).toMatchObject({ ok: false });
    const gone = new GitCommand(join(home, 'none'), runner, { HOME: home });
    expect(await gone.read()).toMatchObject({ ok: false, problem: { params: { detail: 'ENOENT' } } });
  });

  it('is in the file that git itself would write', async () => {
    const xdg = join(home, '.config', 'git', 'config');
    expect(await git().globalFile()).toBe(join(home, '.gitconfig'));
    write('.config/git/config', '');
    expect(await git().globalFile()).toBe(xdg);
    await git().change(['config', '--global', REWRITE, 'https://github.com/']);
    expect(await git().readFile(xdg)).toMatchObject({ ok: true, value: [{ value: 'https://github.com/' }] });
    write('.gitconfig', '');
    expect(await git().globalFile()).toBe(join(home, '.gitconfig'));
    expect(await git({ GIT_CONFIG_GLOBAL: '/x/config' }).globalFile()).toBe('/x/config');
    expect(await git({ GIT_CONFIG_GLOBAL: '' }).globalFile()).toBeNull();
    expect(await git({ HOME: '' }).globalFile()).toBeNull();
  });
});

describe('finding git', () => {
  it('takes the first of PATH', async () => {
    const own = write('bin/git', '#!/bin/sh\n', 0o755);
    expect(await findGit(runner, { PATH: `${home}/none:${dirname(own)}`, HOME: home }, 'linux')).toBe(own);
  });

  it('skips a file that is not executable', async () => {
    const plain = write('plain/git', '');
    const own = write('bin/git', '#!/bin/sh\n', 0o755);
    expect(await findGit(runner, { PATH: `${dirname(plain)}:${dirname(own)}`, HOME: home }, 'linux')).toBe(own);
  });
});

describe('parseGitList', () => {
  it('reads what git prints, with values of several lines and keys without a value', () => {
    expect(parseGitList('http.proxy\nhttp://a\0user.name\nAnn\0http.https://b.followredirects\0')).toMatchObject([
      { key: 'http.proxy', value: 'http://a' },
      { key: 'http.https://b.followredirects', value: 'true' },
    ]);
    expect(parseGitList('http.proxy\na\nb\0')).toMatchObject([{ value: 'a\nb' }]);
    expect(parseGitList('')).toEqual([]);
  });

  it('never throws, and gives no keys that are not managed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const { key } of parseGitList(text)) expect(key).toMatch(/\./);
      }),
    );
  });
});
