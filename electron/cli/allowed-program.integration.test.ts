/** A profile written by hand whose GOAUTH is a program: nothing is applied, and nothing runs, before it was allowed. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goToolchains } from '../../build/go-toolchains.ts';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';

let home: string;
let env: Record<string, string>;
const settingsFile = () => join(home, 'share', 'gopherbar', 'settings.json');
const owned = () => join(home, 'owned');

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-program-'));
  mkdirSync(join(home, 'share', 'gopherbar'), { recursive: true });
  const program = join(home, 'helper.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${owned()}\n`, { mode: 0o755 });
  const go = goToolchains().at(-1)?.path ?? 'go';
  const profiles = [{ id: 'helper', name: 'Helper', variables: { GOPROXY: 'http://127.0.0.1:9', GOAUTH: program } }];
  writeFileSync(settingsFile(), JSON.stringify({ schema: 1, endpoints: [], profiles, go: { path: go } }));
  env = {
    PATH: '/usr/bin:/bin',
    HOME: home,
    XDG_DATA_HOME: join(home, 'share'),
    GOENV: join(home, 'goenv'),
    GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
    GOTOOLCHAIN: 'local',
  };
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const gopherbar = (...args: string[]) => new MemoryTerminal({ env }).run(args);

it('use and canary name the program, and change and run nothing', async () => {
  for (const command of [
    ['use', 'helper'],
    ['canary', 'example.test/a@v1.0.0', '--profile', 'helper'],
  ]) {
    const { code, err } = await gopherbar(...command);
    expect([command[0], code, err]).toEqual([command[0], 1, expect.stringContaining('go would run the program')]);
  }
  expect(existsSync(join(home, 'goenv'))).toBe(false);
  expect(existsSync(owned())).toBe(false);
});

it('is asked once: allowed by name, it is remembered', async () => {
  expect((await gopherbar('use', 'helper', '--allow-program')).code).toBe(0);
  expect(readFileSync(join(home, 'goenv'), 'utf8')).toContain('GOAUTH=');
  expect(JSON.parse(readFileSync(settingsFile(), 'utf8')).go.allowedPrograms).toEqual([join(home, 'helper.sh')]);
  expect((await gopherbar('undo')).code).toBe(0);
  expect((await gopherbar('use', 'helper')).code).toBe(0);
});
