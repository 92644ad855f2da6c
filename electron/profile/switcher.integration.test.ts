/** Switching the real go, old and new, in scratch environments: exact undo, refusals without side effects, crashes. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains, type Toolchain } from '../../build/go-toolchains.ts';
import type { GoVariables, Profile } from '../../shared/domain/profile.ts';
import { systemClock } from '../system/clock.ts';
import { takeLock } from '../system/exclusive-lock.ts';
import { writeFileAtomic } from '../system/files.ts';
import { silentLog } from '../system/log.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { GitCommand } from '../toolchain/git-config.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { ProfileSwitcher } from './switcher.ts';
import type { Tools } from './tools.ts';

const runner = new SystemProcessRunner(systemClock);
let folder: string;
let envFile: string;
let journal: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-switch-'));
  envFile = join(folder, 'config', 'go', 'env');
  journal = join(folder, 'profile');
  mkdirSync(join(folder, 'config', 'go'), { recursive: true });
});

afterEach(() => {
  chmodSync(join(folder, 'config', 'go'), 0o755);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function profile(variables: GoVariables, id = 'test'): Profile {
  return { id, name: id, explanation: '', builtIn: false, variables, git: [], networks: [] };
}

function tools(toolchain: Toolchain, extra: Record<string, string> = {}): Tools {
  const env = { HOME: folder, PATH: process.env.PATH, GOENV: envFile, ...extra };
  return { go: new GoCommand(toolchain, runner, env), git: new GitCommand('git', runner, env) };
}

const CN = profile({ GOPROXY: 'https://goproxy.cn|https://proxy.golang.org|direct', GOSUMDB: 'sum.golang.google.cn' });

describe.each(goToolchains().map((one) => [one.version, one] as const))('%s', (_version, toolchain) => {
  const switcher = (write?: typeof writeFileAtomic) =>
    new ProfileSwitcher({
      folder: journal,
      clock: systemClock,
      log: silentLog,
      ...(write === undefined ? {} : { write }),
    });

  async function effective({ go }: Tools): Promise<GoVariables> {
    const env = await go.readEnv();
    if (!env.ok) throw new Error(env.problem.key);
    return env.value.effective;
  }

  it('switches what go uses, and undo restores every byte', async () => {
    const before = '# mine\nGOFLAGS=-modcacherw\nGOPROXY=https://old.example,direct\n\n';
    writeFileSync(envFile, before, { mode: 0o640 });
    const go = tools(toolchain);
    expect(await switcher().apply(go, CN, 'former')).toEqual({ ok: true });
    expect(await effective(go)).toMatchObject(CN.variables);
    expect(readFileSync(envFile, 'utf8')).toContain('GOFLAGS=-modcacherw');
    expect(await switcher().switches()).toMatchObject([{ from: 'former', to: 'test' }]);
    expect(await switcher().undo(go)).toEqual({ ok: true, value: 'exactly' });
    expect(readFileSync(envFile, 'utf8')).toBe(before);
    expect(statSync(envFile).mode & 0o777).toBe(0o640);
    expect(await switcher().undo(go)).toMatchObject({ ok: false, problem: { key: 'nothing-to-undo' } });
  });

  it('gives a variable its default where there is no env file yet', async () => {
    const go = tools(toolchain);
    expect(await switcher().apply(go, profile({ GOPRIVATE: '' }), null)).toEqual({ ok: true });
    expect(existsSync(envFile)).toBe(false);
    expect(await switcher().undo(go)).toEqual({ ok: true, value: 'exactly' });
  });

  it.each([
    ['off', 'goenv-off'],
    ['relative-env', 'variable-relative'],
    ['/dev/null', 'switch-failed'],
  ])('GOENV=%s is refused before anything is written', async (value, key) => {
    const device = statSync('/dev/null');
    const go = tools(toolchain, { GOENV: value, XDG_CONFIG_HOME: join(folder, 'config') });
    expect(await switcher().apply(go, CN, null)).toMatchObject({ ok: false, problem: { key } });
    expect(existsSync(envFile) || existsSync(join(folder, 'relative-env'))).toBe(false);
    expect(statSync('/dev/null').rdev).toBe(device.rdev);
    expect(await switcher().recover(async () => go)).toBeNull();
  });

  it('a relative GIT_CONFIG_GLOBAL is refused before anything is written', async () => {
    const go = tools(toolchain, { GIT_CONFIG_GLOBAL: 'relative-config' });
    const withGit = { ...CN, git: [{ key: 'http.proxy', value: 'http://127.0.0.1:7890' }] };
    expect(await switcher().apply(go, withGit, null)).toMatchObject({ problem: { key: 'variable-relative' } });
    expect(existsSync(envFile)).toBe(false);
  });

  it('a failed switch leaves a file alone that another program writes meanwhile', async () => {
    const gitconfig = join(folder, 'gitconfig');
    writeFileSync(gitconfig, '[user]\n\tname = before\n');
    // Another git is at work: ours is refused, and go's file alone is put back.
    writeFileSync(`${gitconfig}.lock`, '');
    const inode = statSync(gitconfig).ino;
    const go = tools(toolchain, { GIT_CONFIG_GLOBAL: gitconfig });
    const withGit = { ...CN, git: [{ key: 'http.proxy', value: 'http://127.0.0.1:7890' }] };
    expect(await switcher().apply(go, withGit, null)).toMatchObject({ ok: false, problem: { key: 'git-refused' } });
    expect(statSync(gitconfig).ino).toBe(inode);
    expect(existsSync(envFile)).toBe(false);
    expect(existsSync(`${gitconfig}.lock`)).toBe(true);
  });

  it('undo removes a file that did not exist before', async () => {
    rmSync(join(folder, 'config', 'go'), { recursive: true });
    const go = tools(toolchain);
    expect(await switcher().apply(go, CN, null)).toEqual({ ok: true });
    expect(existsSync(envFile)).toBe(true);
    expect(await switcher().undo(go)).toEqual({ ok: true, value: 'exactly' });
    expect(existsSync(envFile)).toBe(false);
    mkdirSync(join(folder, 'config', 'go'), { recursive: true });
  });

  it('undoes any series of switches to the byte, newest first', async () => {
    const value = fc.constantFrom(
      'off',
      'direct',
      'https://a.example|direct',
      'https://a.example,https://b.example',
      '',
    );
    const variables = fc.record(
      { GOPROXY: fc.constantFrom('off', 'direct', 'https://a.example|direct'), GOPRIVATE: value, GONOSUMDB: value },
      { requiredKeys: [] },
    );
    const line = fc.constantFrom(
      '# a remark',
      '',
      'GOFLAGS=-x',
      'GOPROXY=https://z.example',
      'GOPRIVATE=a b',
      'nonsense',
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 6 }),
        fc.array(variables, { minLength: 1, maxLength: 3 }),
        async (lines, series) => {
          rmSync(journal, { recursive: true, force: true, maxRetries: 5 });
          const text = lines.join('\n');
          writeFileSync(envFile, text);
          const go = tools(toolchain);
          const states = [text];
          for (const one of series) {
            expect(await switcher().apply(go, profile(one), null)).toEqual({ ok: true });
            states.push(readFileSync(envFile, 'utf8'));
          }
          for (const state of states.reverse().slice(1)) {
            expect(await switcher().undo(go)).toEqual({ ok: true, value: 'exactly' });
            expect(readFileSync(envFile, 'utf8')).toBe(state);
          }
        },
      ),
      { numRuns: 8 },
    );
  }, 60_000);

  it('undoes value by value when the file has changed since, and keeps the change', async () => {
    writeFileSync(envFile, 'GOPROXY=https://old.example\n');
    const go = tools(toolchain);
    await switcher().apply(go, CN, null);
    writeFileSync(envFile, `${readFileSync(envFile, 'utf8')}GOFLAGS=-modcacherw\n`);
    expect(await switcher().undo(go)).toEqual({ ok: true, value: 'by-key' });
    const text = readFileSync(envFile, 'utf8');
    expect(text).toMatch(/^GOPROXY=https:\/\/old\.example$/m);
    expect(text).toMatch(/^GOFLAGS=-modcacherw$/m);
    expect(text).not.toMatch(/GOSUMDB/);
  });

  it.each([
    ['a variable of the process decides', { GOPROXY: 'https://loud.example' }, 'value-overridden'],
    ['GOENV=off', { GOENV: 'off' }, 'goenv-off'],
  ])('refuses when %s, and leaves no trace', async (_name, extra, key) => {
    writeFileSync(envFile, 'GOPROXY=https://old.example\n');
    const done = await switcher().apply(tools(toolchain, extra), CN, null);
    expect(done).toMatchObject({ ok: false, problem: { key } });
    expect(readFileSync(envFile, 'utf8')).toBe('GOPROXY=https://old.example\n');
    expect(await switcher().switches()).toEqual([]);
  });

  it('accepts an environment variable with the same value', async () => {
    const go = tools(toolchain, { GOSUMDB: 'sum.golang.google.cn' });
    expect(await switcher().apply(go, CN, null)).toEqual({ ok: true });
  });

  it('reports that go refuses a value, and changes nothing', async () => {
    writeFileSync(envFile, 'GOPROXY=https://old.example\n');
    const go = tools(toolchain);
    const done = await switcher().apply(go, profile({ GOPROXY: 'https://a.example', GOPRIVATE: 'a\u0000b' }), null);
    expect(done.ok).toBe(false);
    expect(readFileSync(envFile, 'utf8')).toBe('GOPROXY=https://old.example\n');
    expect(await switcher().switches()).toEqual([]);
    expect(await switcher().recover(async () => tools(toolchain))).toBeNull();
  });

  it('names an env file that is a folder', async () => {
    mkdirSync(envFile);
    const done = await switcher().apply(tools(toolchain), CN, null);
    expect(done).toMatchObject({ ok: false });
    expect(await switcher().switches()).toEqual([]);
  });

  it('switches nothing on a full disk', async () => {
    writeFileSync(envFile, 'GOPROXY=https://old.example\n');
    const full = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC', path: 'intent.json' }));
    const done = await switcher(full).apply(tools(toolchain), CN, null);
    expect(done).toEqual({
      ok: false,
      problem: { key: 'switch-failed', params: { file: join(journal, 'intent.json'), detail: 'ENOSPC' } },
    });
    expect(readFileSync(envFile, 'utf8')).toBe('GOPROXY=https://old.example\n');
  });

  it('rolls back when the disk fills up while the switch is recorded', async () => {
    writeFileSync(envFile, 'GOPROXY=https://old.example\n');
    let writes = 0;
    const filling: typeof writeFileAtomic = (...args) =>
      ++writes === 1 ? writeFileAtomic(...args) : Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    expect(await switcher(filling).apply(tools(toolchain), CN, null)).toMatchObject({ ok: false });
    expect(readFileSync(envFile, 'utf8')).toBe('GOPROXY=https://old.example\n');
    expect(await switcher().recover(async () => tools(toolchain))).toBeNull();
  });

  it('refuses while another switch runs', async () => {
    const held = takeLock(join(journal, 'switch.lock'));
    expect(await switcher().apply(tools(toolchain), CN, null)).toMatchObject({ problem: { key: 'switch-busy' } });
    expect(await switcher().recover(async () => tools(toolchain))).toBeNull();
    held?.release();
    expect(await switcher().apply(tools(toolchain), CN, null)).toEqual({ ok: true });
  });

  it('names a go that stopped working', async () => {
    const gone = tools({ ...toolchain, path: join(folder, 'no', 'go') });
    expect(await switcher().apply(gone, CN, null)).toMatchObject({
      problem: { key: 'go-broken', params: { detail: 'ENOENT' } },
    });
  });
});

it('sets a damaged journal aside without overwriting it', async () => {
  mkdirSync(journal, { recursive: true });
  writeFileSync(join(journal, 'switches.json'), '[{"id":');
  const switcher = new ProfileSwitcher({ folder: journal, clock: systemClock, log: silentLog });
  expect(await switcher.switches()).toEqual([]);
  const aside = readdirSync(journal).find((name) => name.startsWith('switches.json.damaged-')) ?? '';
  expect(readFileSync(join(journal, aside), 'utf8')).toBe('[{"id":');
});
