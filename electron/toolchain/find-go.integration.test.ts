/** Finding go with the PATH of a terminal, of launchd, of a chatty login shell, and with none. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { systemClock } from '../system/clock.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { findGo, usualPlaces } from './find-go.ts';

const runner = new SystemProcessRunner(systemClock);
const [real] = goToolchains();
if (real === undefined) throw new Error('no go');
const LAUNCHD_PATH = '/nowhere/bin:/nowhere/sbin';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-find-go-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** An executable script below the scratch folder. */
function script(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

const goThatSays = (path: string, version: string) => script(path, `echo 'go version ${version} linux/amd64'`);

describe('findGo', () => {
  it('takes the one the settings choose, or reports its problem', async () => {
    const chosen = goThatSays('mine/go', 'go1.99');
    expect(await findGo(runner, { HOME: folder, PATH: dirname(real.path) }, chosen)).toEqual({
      ok: true,
      go: { path: chosen, version: 'go1.99' },
    });
    const wrong = join(folder, 'none');
    expect(await findGo(runner, { HOME: folder }, wrong)).toEqual({
      ok: false,
      problem: { key: 'go-broken', params: { path: wrong, detail: 'ENOENT' } },
    });
  });

  it('takes the first of PATH that works', async () => {
    script('broken/go', 'echo "wrong architecture" >&2; exit 1');
    mkdirSync(join(folder, 'folder', 'go'), { recursive: true });
    const good = goThatSays('good/go', 'go1.22.3');
    const path = ['relative', '', join(folder, 'broken'), join(folder, 'folder'), dirname(good), dirname(real.path)];
    expect(await findGo(runner, { HOME: folder, PATH: path.join(':') }, undefined)).toEqual({
      ok: true,
      go: { path: good, version: 'go1.22.3' },
    });
  });

  it('asks the login shell, ignoring other output', async () => {
    const good = goThatSays('sdk/go', 'go1.22.3');
    const shell = script(
      'shell',
      `echo 'Welcome!'; PATH=${dirname(good)}:$PATH; export PATH; [ "$1" = -l ] && shift; exec /bin/sh "$@"`,
    );
    const env = { HOME: folder, PATH: LAUNCHD_PATH, SHELL: shell };
    expect(await findGo(runner, env, undefined)).toMatchObject({ ok: true, go: { path: good } });
  });

  it('finds one in a common location when the shell fails', async () => {
    const good = goThatSays('sdk/go/bin/go', 'go1.22.3');
    const env = { HOME: folder, PATH: LAUNCHD_PATH, SHELL: script('shell', 'exit 1') };
    const usual = [join(folder, 'nothing-here'), dirname(good)];
    expect(await findGo(runner, env, undefined, usual)).toMatchObject({ ok: true, go: { path: good } });
  });

  it('prefers the PATH to common locations, and a later working one to an earlier broken one', async () => {
    const broken = script('broken/go', 'exit 1');
    const usual = goThatSays('usual/go', 'go1.20');
    const env = { HOME: folder, PATH: dirname(broken) };
    expect(await findGo(runner, env, undefined, [dirname(usual)])).toMatchObject({ ok: true, go: { path: usual } });
    const own = goThatSays('own/go', 'go1.21');
    const both = { ...env, PATH: `${dirname(broken)}:${dirname(own)}` };
    expect(await findGo(runner, both, undefined, [dirname(usual)])).toMatchObject({ ok: true, go: { path: own } });
  });

  it('names the first that it found when none of them works', async () => {
    const broken = script('broken/go', 'echo "cannot execute: no such loader" >&2; exit 126');
    const alsoBroken = script('also-broken/go', 'exit 1');
    expect(await findGo(runner, { HOME: folder, PATH: dirname(broken) }, undefined, [dirname(alsoBroken)])).toEqual({
      ok: false,
      problem: { key: 'go-broken', params: { path: broken, detail: 'cannot execute: no such loader' } },
    });
  });

  it('reports that there is none', async () => {
    const nothing = { ok: false, problem: { key: 'go-missing', params: {} } };
    expect(await findGo(runner, { HOME: folder, PATH: LAUNCHD_PATH }, undefined, [])).toEqual(nothing);
    expect(await findGo(runner, {}, undefined, [])).toEqual(nothing);
  });

  it('does not mistake another program for go', async () => {
    const other = script('board-game/go', 'echo "Welcome to Go, black begins"');
    const found = await findGo(runner, { HOME: folder, PATH: dirname(other) }, undefined, []);
    expect(found).toMatchObject({ ok: false, problem: { key: 'go-broken', params: { path: other } } });
  });
});

describe('the common locations', () => {
  it('are those of installers and version managers, below the home folder when there is one', () => {
    expect(usualPlaces('/Users/ann')).toEqual(
      expect.arrayContaining([
        '/usr/local/go/bin',
        '/opt/homebrew/bin',
        '/Users/ann/sdk/go/bin',
        '/Users/ann/.asdf/shims',
      ]),
    );
    for (const place of usualPlaces(undefined)) expect(place).toMatch(/^\/(?:usr|opt|snap)\//);
  });
});
