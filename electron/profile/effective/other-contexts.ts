/**
 * Contexts beyond shells and apps: editors, Homebrew, cron, launchd agents, sudo. Each is read from its own files; one
 * that this machine does not have is left out.
 */
import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledGo, Place } from '../../../shared/domain/effective.ts';
import { emptyFolder } from '../../system/empty-folder.ts';
import type { Env } from '../../system/files.ts';
import { readTextIfRegular } from '../../system/read-file.ts';
import { isExecutable } from '../../toolchain/find-go.ts';
import { type EditorSettings, editorEnvironment, editorSettings, golandVariables } from './editors.ts';
import type { EffectivePorts } from './effective-ports.ts';
import { agentVariables, cronEnvironment, crontabVariables } from './jobs.ts';
import { type Looked, placesIn } from './looked.ts';

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_AGENTS = 200;
const TOOL_MS = 3_000;

/** Folders of settings, below the place for applications' data. */
const EDITORS = [
  ['Code', 'VS Code'],
  ['Code - Insiders', 'VS Code Insiders'],
  ['VSCodium', 'VSCodium'],
  ['Cursor', 'Cursor'],
  ['Windsurf', 'Windsurf'],
] as const;

const PREFIXES = ['opt/homebrew', 'usr/local', 'home/linuxbrew/.linuxbrew'];

/** All that Homebrew keeps of the environment besides HOMEBREW_* (bin/brew, ENV_VAR_NAMES). */
const KEPT_BY_HOMEBREW = [
  'http_proxy',
  'https_proxy',
  'ftp_proxy',
  'no_proxy',
  'all_proxy',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'ALL_PROXY',
] as const;

/** sudo's usual PATH on Linux; macOS keeps the caller's (sudoers(5), secure_path). */
const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Reads them all. `terminal` is the environment of an interactive shell, `gui` that of apps; null = not macOS. */
export async function otherContexts(ports: EffectivePorts, terminal: Env, gui: Env | null): Promise<readonly Looked[]> {
  const found = await Promise.all([
    editors(ports, terminal),
    goland(ports, terminal),
    homebrew(ports, terminal),
    cron(ports),
    agents(ports, gui),
    sudo(ports, terminal),
  ]);
  return found.flat();
}

async function editors({ env, platform, folder }: EffectivePorts, terminal: Env): Promise<readonly Looked[]> {
  const base =
    platform === 'darwin'
      ? join(env.HOME ?? '/', 'Library', 'Application Support')
      : (env.XDG_CONFIG_HOME ?? join(env.HOME ?? '/', '.config'));
  const workspace = folder === null ? [] : [join(folder, '.vscode', 'settings.json')];
  const found = await Promise.all(
    EDITORS.map(async ([name, shell]): Promise<readonly Looked[]> => {
      const user = join(base, name, 'User');
      if (!(await exists(user))) return [];
      const files: { file: string; settings: EditorSettings }[] = [];
      for (const file of [join(user, 'settings.json'), ...workspace]) {
        const text = await readTextIfRegular(file, MAX_BYTES);
        if (text !== null) files.push({ file, settings: editorSettings(text) });
      }
      const settings = files.map((one) => one.settings);
      const places = new Map(files.flatMap((one) => [...placesIn(one.file, one.settings.variables)]));
      const sources = files.map(({ file }) => file);
      const all = editorEnvironment(terminal, settings, folder ?? '');
      return [{ id: 'editor', shell, problem: null, env: all, places, sources }];
    }),
  );
  return found.flat();
}

async function goland({ folder }: EffectivePorts, terminal: Env): Promise<readonly Looked[]> {
  if (folder === null) return [];
  const file = join(folder, '.idea', 'workspace.xml');
  const text = await readTextIfRegular(file, MAX_BYTES);
  if (text === null) return [];
  const variables = golandVariables(text);
  const env = { ...terminal, ...variables };
  return [{ id: 'goland', shell: null, problem: null, env, places: placesIn(file, variables), sources: [file] }];
}

/** Formulae are built with a home folder of their own, so that the file of `go env -w` is not found. */
async function homebrew({ toolRoot }: EffectivePorts, terminal: Env): Promise<readonly Looked[]> {
  for (const prefix of PREFIXES.map((one) => join(toolRoot, one))) {
    const brew = join(prefix, 'bin', 'brew');
    if (!(await isExecutable(brew))) continue;
    const kept = Object.fromEntries(KEPT_BY_HOMEBREW.map((name) => [name, terminal[name]]));
    const PATH = [join(prefix, 'opt', 'go', 'bin'), join(prefix, 'bin'), '/usr/bin', '/bin'].join(':');
    const env = { ...kept, PATH, HOME: emptyFolder() };
    return [{ id: 'homebrew', shell: null, problem: null, env, places: new Map(), sources: [brew] }];
  }
  return [];
}

async function cron({ runner, env, toolRoot }: EffectivePorts): Promise<readonly Looked[]> {
  const file = join(toolRoot, 'usr', 'bin', 'crontab');
  if (!(await isExecutable(file))) return [];
  const own = { HOME: env.HOME, USER: env.USER, LOGNAME: env.LOGNAME, PATH: '/usr/bin:/bin' };
  const outcome = await runner.run({ file, args: ['-l'], env: own, timeoutMs: TOOL_MS });
  // Exit 1 is "no crontab for USER".
  const variables = outcome.ended === 'exited' && outcome.exitCode === 0 ? crontabVariables(outcome.stdout) : null;
  if (variables === null) return [];
  const places = placesIn('crontab -l', variables);
  const sources = ['crontab -l'];
  return [{ id: 'cron', shell: null, problem: null, env: cronEnvironment(env, variables), places, sources }];
}

async function agents({ runner, env, toolRoot }: EffectivePorts, gui: Env | null): Promise<readonly Looked[]> {
  const plutil = join(toolRoot, 'usr', 'bin', 'plutil');
  if (!(await isExecutable(plutil))) return [];
  const folder = join(env.HOME ?? '/', 'Library', 'LaunchAgents');
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith('.plist')).sort();
  const found: Looked[] = [];
  // One after the other: each costs a process, and there may be many.
  for (const name of files.slice(0, MAX_AGENTS)) {
    const file = join(folder, name);
    const args = ['-extract', 'EnvironmentVariables', 'json', '-o', '-', '--', file];
    const outcome = await runner.run({ file: plutil, args, env: { PATH: '/usr/bin:/bin' }, timeoutMs: TOOL_MS });
    const isRead = outcome.ended === 'exited' && outcome.exitCode === 0;
    const variables = isRead ? agentVariables(outcome.stdout) : null;
    if (variables === null) continue;
    const base = { HOME: env.HOME, USER: env.USER, PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
    const shell = name.replace(/\.plist$/, '');
    const places = placesIn(file, variables);
    found.push({
      id: 'launchd-job',
      shell,
      problem: null,
      env: { ...base, ...gui, ...variables },
      places,
      sources: [file],
    });
  }
  return found;
}

/** sudo clears the environment but for a few names; on Linux it changes the home folder, too (sudoers(5), env_reset). */
async function sudo({ platform, toolRoot }: EffectivePorts, terminal: Env): Promise<readonly Looked[]> {
  if (!(await isExecutable(join(toolRoot, 'usr', 'bin', 'sudo')))) return [];
  const isMac = platform === 'darwin';
  const HOME = isMac ? terminal.HOME : join(toolRoot, 'root');
  const env = { HOME, USER: 'root', LOGNAME: 'root', PATH: isMac ? terminal.PATH : SECURE_PATH };
  const places: ReadonlyMap<string, Place> = new Map();
  const isReadable = await access(HOME ?? '/', constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  return [{ id: 'sudo', shell: null, problem: isReadable ? null : 'unreadable', env, places, sources: [] }];
}

/** Where the `go` of a context has its own defaults, and whether it reads them (Go 1.21 and later). */
export function ownDefaultsOf(go: InstalledGo | null, goroot: string | undefined): string | null {
  const [, minor = '0'] = /^go1\.(\d+)/.exec(go?.version ?? '') ?? [];
  return goroot === undefined || goroot === '' || Number(minor) < 21 ? null : join(goroot, 'go.env');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
