/** The truth table over real shells, a real go and a fake launchctl: every override is found, with file and line. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains } from '../../../build/go-toolchains.ts';
import type { ContextId, EffectiveName, EffectiveTable } from '../../../shared/domain/effective.ts';
import { systemClock } from '../../system/clock.ts';
import type { Env } from '../../system/files.ts';
import { SystemProcessRunner } from '../../system/process-runner.ts';
import { effectiveTable } from './effective-table.ts';
import { tracedPlaces } from './shell-trace.ts';

let home: string;
const toolchains = goToolchains();
const newest = toolchains.at(-1);

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gopherbar-effective-')));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** Writes files below the home; `~` in a text is left to the shell. */
function files(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
}

async function table(shell: string, extra: Env = {}, toolRoot = join(home, 'root')): Promise<EffectiveTable> {
  return effectiveTable({
    runner: new SystemProcessRunner(systemClock),
    env: { HOME: home, PATH: '/usr/bin:/bin', SHELL: shell, ...extra },
    platform: 'linux',
    toolRoot,
    folder: home,
  });
}

function valueIn({ contexts }: EffectiveTable, id: ContextId, name: EffectiveName) {
  return contexts.find((one) => one.id === id)?.values.find((one) => one.name === name);
}

/** Where the winning value is set, relative to the home folder. */
function placeOf(seen: EffectiveTable, id: ContextId, name: EffectiveName): string {
  const [winner] = valueIn(seen, id, name)?.layers ?? [];
  return `${winner?.value} ${winner?.place?.file.replace(`${home}/`, '')}:${winner?.place?.line}`;
}

const ZSH = {
  '.zshenv': '# first\nexport GOFLAGS=-x\n',
  '.zprofile': 'export GOINSECURE=a.test\n',
  '.zshrc': [
    'echo a banner',
    'if true; then',
    '  export GOPROXY=https://old.test',
    'fi',
    'source ~/more.zsh',
    'set_it() { typeset -x GOSUMDB="sum.golang.org" }',
    'set_it',
    'export GOPROXY=https://u:p@new.test NO_PROXY=x.test',
    '',
    "eval 'export GONOPROXY=none'",
    '',
  ].join('\n'),
  'more.zsh': '\nexport GOPRIVATE="a b,c.test"\n',
};

describe('zsh', () => {
  it('finds every kind of export with its line; the last one wins', async () => {
    files(ZSH);
    const seen = await table('/usr/bin/zsh');
    const at = (name: EffectiveName) => placeOf(seen, 'interactive-shell', name);
    expect(at('GOPROXY')).toBe('https://u:p@new.test .zshrc:8');
    expect(at('NO_PROXY')).toBe('x.test .zshrc:8');
    expect(at('GOPRIVATE')).toBe('a b,c.test more.zsh:2');
    expect(at('GOSUMDB')).toBe('sum.golang.org .zshrc:6');
    expect(at('GONOPROXY')).toBe('none .zshrc:10');
    expect(at('GOINSECURE')).toBe('a.test .zprofile:1');
    expect(at('GOFLAGS')).toBe('-x .zshenv:2');
    expect(valueIn(seen, 'interactive-shell', 'GOPROXY')?.remedy).toContain(`sed -i.bak -- '8s/^/# /'`);
  });

  it('a login shell that runs a command does not read .zshrc', async () => {
    files(ZSH);
    const seen = await table('/usr/bin/zsh');
    expect(valueIn(seen, 'login-shell', 'GOPROXY')?.layers[0]?.layer).not.toBe('environment');
    expect(placeOf(seen, 'login-shell', 'GOINSECURE')).toBe('a.test .zprofile:1');
  });

  it.each([
    ['ends the shell', 'exit 3\n'],
    ['never ends', 'sleep 60\n'],
  ])('reports a start file that %s, and shows the rest', async (_name, text) => {
    files({ '.zshrc': text });
    const seen = await table('/usr/bin/zsh');
    const problems = Object.fromEntries(seen.contexts.map(({ id, problem }) => [id, problem]));
    expect(problems).toEqual({ 'interactive-shell': 'shell-silent', 'login-shell': null, gui: 'not-here', app: null });
  });
});

describe('bash and fish', () => {
  it('finds exports of bash, in files that source each other', async () => {
    files({
      '.bash_profile': 'export GOSUMDB=off\nexport GOINSECURE=old.test\n[ -f ~/.bashrc ] && . ~/.bashrc\n',
      '.bashrc': '# export GOPROXY=https://commented.test\nexport GOPROXY="https://b.test" GOINSECURE=new.test\n',
    });
    const seen = await table('/usr/bin/bash');
    expect(placeOf(seen, 'interactive-shell', 'GOPROXY')).toBe('https://b.test .bashrc:2');
    expect(placeOf(seen, 'login-shell', 'GOSUMDB')).toBe('off .bash_profile:1');
  });

  it('finds exports of fish: config.fish, conf.d and universal variables', async () => {
    files({
      '.config/fish/config.fish': 'set -gx GOPROXY https://f.test\nif true\n  set --export --global GOSUMDB off\nend\n',
      '.config/fish/conf.d/go.fish': "set -gx GOPRIVATE 'a.test'\n",
      '.config/fish/fish_variables': '# VERSION: 3.0\nSETUVAR --export GOINSECURE:x\\x2etest\n',
    });
    const seen = await table('/usr/bin/fish');
    const at = (name: EffectiveName) => placeOf(seen, 'login-shell', name);
    expect(at('GOPROXY')).toBe('https://f.test .config/fish/config.fish:1');
    expect(at('GOSUMDB')).toBe('off .config/fish/config.fish:3');
    expect(at('GOPRIVATE')).toBe('a.test .config/fish/conf.d/go.fish:1');
    expect(at('GOINSECURE')).toBe('x.test .config/fish/fish_variables:2');
    expect(valueIn(seen, 'login-shell', 'GOINSECURE')?.remedy).toBe('set -Ue GOINSECURE');
  });

  it('reports that there is no shell', async () => {
    const seen = await table('', { SHELL: undefined });
    expect(seen.contexts.find(({ id }) => id === 'login-shell')?.problem).toBe('no-shell');
  });
});

describe('layers', () => {
  it('env file and $GOROOT/go.env rank below the environment, with their lines', async () => {
    files({ 'own/env': 'GOFLAGS=-y\nGOPROXY=https://twice.test\nGOPROXY=https://file.test\n' });
    const seen = await table('/usr/bin/zsh', { GOENV: join(home, 'own/env'), GOPROXY: 'https://loud.test' });
    const value = valueIn(seen, 'app', 'GOPROXY');
    expect(value).toMatchObject({ value: 'https://loud.test', unexplained: false, remedy: 'unset GOPROXY' });
    expect(value?.layers.map(({ layer, place }) => [layer, place?.line ?? null]).slice(0, 2)).toEqual([
      ['environment', null],
      ['go-env-file', 3],
    ]);
    const quiet = await table('/usr/bin/zsh', { GOENV: join(home, 'own/env') });
    expect(valueIn(quiet, 'app', 'GOPROXY')).toMatchObject({
      value: 'https://file.test',
      remedy: 'go env -u GOPROXY',
    });
    const off = await table('/usr/bin/zsh', { GOENV: 'off' });
    expect(valueIn(off, 'app', 'GOPROXY')?.layers[0]?.layer).not.toBe('go-env-file');
  });

  it('reads the go.env of a repackaged Go', async () => {
    if (newest === undefined) throw new Error('no newer Go');
    const goroot = join(home, 'sdk', 'go1.99');
    const original = dirname(dirname(realpathSync(newest.path)));
    mkdirSync(join(goroot, 'bin'), { recursive: true });
    for (const name of ['src', 'pkg', 'VERSION']) symlinkSync(join(original, name), join(goroot, name));
    cpSync(realpathSync(newest.path), join(goroot, 'bin', 'go'));
    writeFileSync(join(goroot, 'go.env'), '# ours\nGOPROXY=direct\nGOTOOLCHAIN=auto\n');
    const seen = await table('/usr/bin/zsh', { PATH: `${goroot}/bin`, GOROOT: goroot });
    expect(valueIn(seen, 'app', 'GOPROXY')).toMatchObject({ value: 'direct' });
    expect(placeOf(seen, 'app', 'GOPROXY')).toBe('direct sdk/go1.99/go.env:2');
    expect(seen.gos.find(({ path }) => path.startsWith(goroot))?.installer).toBe('sdk');
    expect(seen.gos.length).toBeGreaterThan(1);
  });

  it('launchctl reaches GUI apps and, through them, terminals', async () => {
    const root = join(home, 'root', 'bin');
    mkdirSync(root, { recursive: true });
    const script = '#!/bin/sh\n[ "$1" = getenv ] && [ "$2" = GOPROXY ] && echo https://launch.test\nexit 0\n';
    writeFileSync(join(root, 'launchctl'), script);
    chmodSync(join(root, 'launchctl'), 0o755);
    const seen = await table('/usr/bin/zsh');
    expect(placeOf(seen, 'gui', 'GOPROXY')).toBe('https://launch.test launchctl:null');
    expect(valueIn(seen, 'gui', 'GOPROXY')?.remedy).toBe('launchctl unsetenv GOPROXY');
    expect(valueIn(seen, 'login-shell', 'GOPROXY')?.value).toBe('https://launch.test');
  });

  it('names what the project requires, the workspace before the module', async () => {
    files({ 'go.mod': 'module a.test\n\ngo 1.21\ntoolchain go1.22.3\n' });
    expect((await table('/usr/bin/zsh')).project).toMatchObject({ go: '1.21', toolchain: 'go1.22.3' });
    files({ 'go.work': 'go 1.23\nuse .\n' });
    expect((await table('/usr/bin/zsh')).project).toMatchObject({ go: '1.23', toolchain: null });
  });
});

it('reads the trace of bash for users other than root', () => {
  const trace = [
    '+/etc/profile:3> export GOPROXY=https://one.test',
    '++/home/a/.bashrc:12> export GOPROXY=https://two.test',
    '++/home/a/.bashrc:12> GOPROXY=https://two.test',
    '+:5> GOPROXY=nowhere',
  ].join('\n');
  expect(tracedPlaces(trace, ['GOPROXY'])).toEqual(new Map([['GOPROXY', { file: '/home/a/.bashrc', line: 12 }]]));
});
