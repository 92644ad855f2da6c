/**
 * Contexts beyond shells and apps, read from real files. Each agrees with what the real `go env` says when it is run with
 * that context's environment; after the remedy it says what the terminal says.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { goToolchains } from '../../../build/go-toolchains.ts';
import type { ContextId, EffectiveContext, EffectiveTable } from '../../../shared/domain/effective.ts';
import { systemClock } from '../../system/clock.ts';
import { SystemProcessRunner } from '../../system/process-runner.ts';
import { effectiveTable } from './effective-table.ts';

const go = goToolchains().at(-1)?.path ?? '/usr/bin/go';
const TERMINAL = 'https://terminal.test|direct';
let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'gopherbar-contexts-')));
  files({ '.zshrc': `export GOPROXY='${TERMINAL}'\nexport HTTPS_PROXY=http://127.0.0.1:9\n` });
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

function files(texts: Readonly<Record<string, string>>, mode?: number): void {
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text, { mode });
  }
}

/** Programs below the root of the system's tools. */
const tools = (texts: Readonly<Record<string, string>>) =>
  files(Object.fromEntries(Object.entries(texts).map(([name, text]) => [join('root', name), text])), 0o755);

function table(platform: NodeJS.Platform = 'linux'): Promise<EffectiveTable> {
  return effectiveTable({
    runner: new SystemProcessRunner(systemClock),
    env: { HOME: home, PATH: `${dirname(go)}:/usr/bin:/bin`, SHELL: '/usr/bin/zsh', USER: 'me' },
    platform,
    toolRoot: join(home, 'root'),
    folder: join(home, 'project'),
  });
}

function contextOf({ contexts }: EffectiveTable, id: ContextId): EffectiveContext {
  const found = contexts.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
}

const valueIn = ({ values }: EffectiveContext, name: string) => values.find((one) => one.name === name)?.value;

/** What go itself says in that environment. */
function goSays(env: Readonly<Record<string, string>>, program = go): string {
  const options = {
    env: { GOTOOLCHAIN: 'local', PATH: '/usr/bin:/bin', ...env },
    encoding: 'utf8',
    cwd: home,
  } as const;
  return execFileSync(program, ['env', 'GOPROXY'], options).trim();
}

it('leaves out what this machine does not have', async () => {
  const ids = (await table()).contexts.map(({ id }) => id);
  expect(ids).toEqual(['interactive-shell', 'login-shell', 'gui', 'app']);
});

it('an editor starts from the terminal, and its settings win', async () => {
  files({
    '.config/Code/User/settings.json':
      '{\n  // mirrors\n  "go.toolsEnvVars": {"GOPROXY": "https://editor.test,direct"},\n}\n',
    '.config/Cursor/User/keybindings.json': '[]',
    'project/.vscode/settings.json': '{"go.toolsEnvVars": {"GOPRIVATE": "git.corp.test"}}',
  });
  const seen = await table();
  const [code, cursor] = seen.contexts.filter(({ id }) => id === 'editor');
  if (code === undefined || cursor === undefined) throw new Error('two editors');
  expect(code).toMatchObject({
    shell: 'VS Code',
    differs: ['GOPROXY', 'GOPRIVATE'],
    sources: [expect.any(String), expect.any(String)],
  });
  expect(valueIn(code, 'GOPROXY')).toBe(goSays({ HOME: home, GOPROXY: 'https://editor.test,direct' }));
  expect(code.remedy?.lines.join('')).toContain(`"GOPROXY": "${TERMINAL}"`);
  expect(code.remedy?.file).toBe(join(home, '.config/Code/User/settings.json'));
  // Without settings of its own: the workspace's, over the terminal.
  expect(cursor).toMatchObject({ shell: 'Cursor', differs: ['GOPRIVATE'] });
});

it('GoLand has an environment for each project', async () => {
  const entry = '<environment><map><entry key="GOPROXY" value="https://goland.test" /></map></environment>';
  files({ 'project/.idea/workspace.xml': `<project><component name="VgoProject">${entry}</component></project>` });
  const goland = contextOf(await table(), 'goland');
  expect(goland).toMatchObject({ differs: ['GOPROXY'], remedy: { lines: [`GOPROXY=${TERMINAL}`] } });
  expect(valueIn(goland, 'GOPROXY')).toBe(goSays({ HOME: home, GOPROXY: 'https://goland.test' }));
});

it('Homebrew keeps proxies alone, and its own go.env is the remedy', async () => {
  // `go env -w` and exports of the person: neither applies.
  files({ '.config/go/env': 'GOPROXY=https://written.test\n' });
  tools({ 'opt/homebrew/bin/brew': '#!/bin/sh\n' });
  const goroot = join(home, 'root', 'opt', 'homebrew', 'opt', 'go');
  const original = dirname(dirname(realpathSync(go)));
  mkdirSync(join(goroot, 'bin'), { recursive: true });
  for (const name of ['src', 'pkg', 'VERSION']) symlinkSync(join(original, name), join(goroot, name));
  cpSync(realpathSync(go), join(goroot, 'bin', 'go'));
  writeFileSync(join(goroot, 'go.env'), '# of Homebrew\nGOTOOLCHAIN=local\n');
  const brew = contextOf(await table(), 'homebrew');
  const built = { HOME: join(home, 'empty') };
  expect(brew.go?.path).toBe(join(goroot, 'bin', 'go'));
  expect(valueIn(brew, 'GOPROXY')).toBe(goSays(built, brew.go?.path));
  expect(valueIn(brew, 'HTTPS_PROXY')).toBe('http://127.0.0.1:9');
  expect(brew.differs).toContain('GOPROXY');
  const [command = ''] = brew.remedy?.commands ?? [];
  execFileSync('sh', ['-c', command], { env: { PATH: '/usr/bin:/bin', HOME: home, GOTOOLCHAIN: 'local' } });
  expect(readFileSync(join(goroot, 'go.env'), 'utf8')).toContain('# of Homebrew');
  expect(goSays(built, brew.go?.path)).toBe(TERMINAL);
  expect(contextOf(await table(), 'homebrew').differs).not.toContain('GOPROXY');
});

it('cron has the variables of the crontab, and no export', async () => {
  tools({ 'usr/bin/crontab': '#!/bin/sh\necho "GOSUMDB=off"\necho "0 3 * * * go test ./..."\n' });
  files({ '.config/go/env': 'GOPRIVATE=written.test\n' });
  const cron = contextOf(await table(), 'cron');
  expect(valueIn(cron, 'GOPROXY')).toBe(goSays({ HOME: home }));
  expect(valueIn(cron, 'GOSUMDB')).toBe('off');
  expect(valueIn(cron, 'GOPRIVATE')).toBe('written.test');
  expect(cron.differs).toEqual(['GOPROXY', 'GOSUMDB']);
  expect(cron.remedy?.lines).toEqual([`GOPROXY=${TERMINAL}`, expect.stringMatching(/^GOSUMDB=sum/)]);
  tools({ 'usr/bin/crontab': '#!/bin/sh\necho "no crontab for me" >&2\nexit 1\n' });
  expect((await table()).contexts.some(({ id }) => id === 'cron')).toBe(false);
});

it('a launchd agent has variables of its own', async () => {
  tools({ 'usr/bin/plutil': '#!/bin/sh\ncase "$7" in *nightly*) echo \'{"GOPROXY":"direct"}\';; *) exit 1;; esac\n' });
  files({ 'Library/LaunchAgents/test.nightly.plist': 'binary', 'Library/LaunchAgents/test.other.plist': 'binary' });
  const seen = await table('darwin');
  const jobs = seen.contexts.filter(({ id }) => id === 'launchd-job');
  expect(jobs).toMatchObject([{ shell: 'test.nightly', differs: ['GOPROXY'] }]);
  const [command = ''] = jobs[0]?.remedy?.commands ?? [];
  expect(command).toBe(
    `plutil -replace EnvironmentVariables.GOPROXY -string '${TERMINAL}' -- ${join(home, 'Library/LaunchAgents/test.nightly.plist')}`,
  );
});

it('sudo has its own home on Linux, the same on macOS, and never an export', async () => {
  tools({ 'usr/bin/sudo': '#!/bin/sh\n' });
  files({ 'root/root/.config/go/env': 'GOPROXY=https://root.test\n', '.config/go/env': 'GOPRIVATE=mine.test\n' });
  const linux = contextOf(await table(), 'sudo');
  expect(valueIn(linux, 'GOPROXY')).toBe(goSays({ HOME: join(home, 'root', 'root') }));
  expect(linux.remedy?.commands).toEqual([`sudo env 'GOPROXY=${TERMINAL}' GOPRIVATE=mine.test go`]);
});

it('of a project, names what its Dockerfiles and Compose file leave out', async () => {
  files({
    'project/go.mod': 'module a.test\n',
    'project/docker/Dockerfile': 'FROM golang AS build\nRUN go build ./...\n',
    'project/compose.yaml': 'services:\n  api:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n',
    'elsewhere/Dockerfile': 'FROM golang\nRUN go build\n',
  });
  const { builds } = await table();
  expect(builds).toMatchObject([
    {
      file: 'docker/Dockerfile',
      service: 'compose.yaml: api',
      stage: 'build',
      values: [{ name: 'GOPROXY', wanted: TERMINAL, value: null, by: 'undeclared' }],
      insert: { after: 1, lines: ['ARG GOPROXY'] },
      composeArgs: ['- GOPROXY'],
    },
  ]);
});
