/**
 * Git's global configuration, read and written by git itself, which keeps comments and order and locks the file.
 * Source: git-config(1); the choice of the global file: git's config.c (git_global_config_paths): GIT_CONFIG_GLOBAL,
 * else ~/.gitconfig, else $XDG_CONFIG_HOME/git/config when only that one exists.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitSetting, gitKey } from '../../shared/domain/git-setting.ts';
import { DONE, type Outcome, problemOf } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Env } from '../system/files.ts';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { firstLine, isExecutable, toolFolders } from './find-go.ts';

const TIMEOUT_MS = 20_000;

const USUAL_PLACES = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin', '/usr/bin'];

/** The exit code of `--unset-all` for a missing key (git-config(1)). */
const NOT_THERE = 5;

/**
 * Finds git as a terminal would; null when there is none. On macOS /usr/bin/git only forwards to the developer tools:
 * without them, running it opens a dialog, so `xcode-select -p` is asked first.
 */
export async function findGit(
  runner: ProcessRunner,
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  for await (const folder of toolFolders(runner, env, USUAL_PLACES)) {
    const path = join(folder, 'git');
    if (!(await isExecutable(path))) continue;
    if (platform !== 'darwin' || path !== '/usr/bin/git') return path;
    const tools = await runner.run({ file: '/usr/bin/xcode-select', args: ['-p'], env, timeoutMs: 5_000 });
    if (tools.ended === 'exited' && tools.exitCode === 0) return path;
  }
  return null;
}

/** The file that `git config --global` writes. */
async function globalGitFile(env: Env): Promise<string | null> {
  if (env.GIT_CONFIG_GLOBAL !== undefined) return env.GIT_CONFIG_GLOBAL === '' ? null : env.GIT_CONFIG_GLOBAL;
  if (env.HOME === undefined || env.HOME === '') return null;
  const own = join(env.HOME, '.gitconfig');
  const xdg = join(env.XDG_CONFIG_HOME || join(env.HOME, '.config'), 'git', 'config');
  return !(await exists(own)) && (await exists(xdg)) ? xdg : own;
}

/** Git bound to one executable and one environment; reads no repository. */
export class GitCommand {
  readonly path: string;
  readonly #runner: ProcessRunner;
  readonly #env: Env;

  constructor(path: string, runner: ProcessRunner, env: Env) {
    this.path = path;
    this.#runner = runner;
    this.#env = env;
  }

  /** The file that `git config --global` writes; null when the environment gives it none. */
  globalFile(): Promise<string | null> {
    return globalGitFile(this.#env);
  }

  /** The managed settings in one file alone. */
  async readFile(path: string): Promise<Outcome<readonly GitSetting[]>> {
    const outcome = await this.#run(['config', '--file', path, '--list', '-z']);
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return { ok: false, problem: this.#problem(outcome) };
    return { ok: true, value: parseGitList(outcome.stdout) };
  }

  /** The managed settings that git uses outside of any repository, in its reading order: the last one wins. */
  async read(): Promise<Outcome<readonly GitSetting[]>> {
    const outcome = await this.#run(['config', '--list', '-z']);
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return { ok: false, problem: this.#problem(outcome) };
    return { ok: true, value: parseGitList(outcome.stdout) };
  }

  /** Runs one planned change. `onStart` gets the child's process id. Removing a missing key succeeds. */
  async change(args: readonly string[], onStart?: (pid: number) => void): Promise<Outcome> {
    const outcome = await this.#run(args, onStart);
    const isDone =
      outcome.ended === 'exited' &&
      (outcome.exitCode === 0 || (outcome.exitCode === NOT_THERE && args.includes('--unset-all')));
    return isDone ? DONE : { ok: false, problem: this.#problem(outcome) };
  }

  #run(args: readonly string[], onStart?: (pid: number) => void): Promise<CommandOutcome> {
    // GIT_DIR points to no repository: settings of a nearby one are not global.
    const env = { ...this.#env, GIT_DIR: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
    return this.#runner.run({ file: this.path, args, env, cwd: '/', timeoutMs: TIMEOUT_MS, onStart });
  }

  #problem(outcome: CommandOutcome): Problem {
    if (outcome.ended === 'killed' && outcome.by === 'timeout') {
      return { key: 'git-silent', params: { path: this.path, seconds: TIMEOUT_MS / 1_000 } };
    }
    const detail = outcome.ended === 'not-started' ? outcome.code : firstLine(outcome.stderr);
    return problemOf('git-refused', { path: this.path, detail });
  }
}

/** What `git config --list -z` prints: `key LF value NUL`; a key without a value means true. */
export function parseGitList(text: string): readonly GitSetting[] {
  return text.split('\0').flatMap((entry) => {
    const at = entry.indexOf('\n');
    const key = gitKey(at < 0 ? entry : entry.slice(0, at));
    return key === null ? [] : [{ key, value: at < 0 ? 'true' : entry.slice(at + 1) }];
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
