/** The scripts of docs/examples as people run them: over the real command, which asks an engine's socket. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleEndpoint, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { runToEnd } from '../../e2e/run-to-end.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { openControl } from '../composition/control.ts';
import type { ProfileService } from '../engine/engine-api.ts';
import { dataFolder } from '../system/files.ts';
import { silentLog } from '../system/log.ts';

const root = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(root, 'docs', 'examples');
let home: string;
let snapshot: Snapshot;
let control: { close(): Promise<void> };
const env = () => ({
  PATH: `${join(home, 'bin')}:${process.env.PATH}`,
  HOME: home,
  XDG_DATA_HOME: join(home, 'data'),
  XDG_CACHE_HOME: join(home, 'cache'),
  GOENV: join(home, 'goenv'),
  GOTOOLCHAIN: 'local',
  LANG: 'C.UTF-8',
});

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-examples-'));
  const folder = dataFolder(process.platform, env());
  for (const one of [join(home, 'bin'), folder]) mkdirSync(one, { recursive: true, mode: 0o700 });
  const command = join(home, 'bin', 'gopherbar');
  const main = join(root, 'electron', 'cli', 'main.ts');
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" --disable-warning=ExperimentalWarning "${main}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  snapshot = sampleSnapshot();
  control = await openControl({ folder, log: silentLog }, { snapshot: () => snapshot, profiles: {} as ProfileService });
});
afterEach(async () => {
  await control.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const fail = () => {
  snapshot = sampleSnapshot({ endpoints: [sampleEndpoint('first', { status: 'down' })] });
};
const script = (name: string, ...args: string[]) => runToEnd(join(EXAMPLES, name), args, { env: env() });

it('are plain shell that shellcheck accepts, each in the list', () => {
  const list = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');
  const files = globSync('*.sh', { cwd: EXAMPLES });
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) {
    const checked = spawnSync('shellcheck', ['--shell', 'sh', join(EXAMPLES, file)], { encoding: 'utf8' });
    expect(`${checked.error ?? ''}${checked.stdout}`).toBe('');
    expect(list).toContain(`(${file})`);
  }
});

it('the menu-bar plugin shows the state, the profiles and undo', async () => {
  const { stdout } = await script('gopherbar.30s.sh');
  const [title, rule, ...lines] = stdout.trimEnd().split('\n');
  expect([title, rule]).toEqual(['go ✓', '---']);
  expect(lines[0]).toMatch(/first\.example.* \| font=Menlo trim=false$/);
  const command = join(home, 'bin', 'gopherbar');
  expect(lines).toContain(`Use china-pipe | shell=${command} param1=use param2=china-pipe terminal=false refresh=true`);
  expect(lines.at(-1)).toBe(`Undo the last switch | shell=${command} param1=undo terminal=false refresh=true`);
  fail();
  expect((await script('gopherbar.30s.sh')).stdout).toMatch(/^go ✗ \| color=red\n---\n/);
});

it('the Raycast commands show the state, and switch', async () => {
  fail();
  const shown = await script('raycast-status.sh');
  expect(shown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('first.example') });
  await control.close();
  expect(await script('raycast-use.sh', 'china-pi')).toMatchObject({ exitCode: 0 });
  expect(readFileSync(join(home, 'goenv'), 'utf8')).toContain('|');
  expect(await script('raycast-use.sh', 'nobody')).toMatchObject({ exitCode: 2 });
});

describe.each(['bash', 'dash', 'zsh'])('the prompt in %s', (shell) => {
  it('is marked while downloads fail, and never waits', async () => {
    const seen = join(home, 'cache', 'gopherbar-prompt');
    const prompt = () => runToEnd(shell, ['-c', `. ${join(EXAMPLES, 'prompt.sh')}; gopherbar_prompt`], { env: env() });
    const state = () => (existsSync(seen) ? readFileSync(seen, 'utf8').trim() : '');
    expect(await prompt()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    await expect.poll(state, { timeout: 10_000 }).toBe('0');
    fail();
    utimesSync(seen, 0, 0);
    expect(await prompt()).toMatchObject({ stdout: '' });
    await expect.poll(state, { timeout: 10_000 }).toBe('1');
    expect(await prompt()).toMatchObject({ exitCode: 0, stdout: '✗go ' });
  });
});
