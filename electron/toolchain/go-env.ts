/**
 * Reading and writing `go env`. Source of the rules: cmd/go/internal/envcmd/env.go; process environment (non-empty)
 * overrides the user's env file (GOENV), which overrides $GOROOT/go.env, which overrides the defaults.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DONE, type Outcome, problemOf } from '../../shared/domain/outcome.ts';
import { type GoVariables, PROFILE_VARIABLES, type ProfileVariable, unknownTo } from '../../shared/domain/profile.ts';
import type { Override, Problem } from '../../shared/domain/snapshot.ts';
import { emptyFolder } from '../system/empty-folder.ts';
import type { Env } from '../system/files.ts';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { readTextIfRegular } from '../system/read-file.ts';
import { envFileValue } from './env-file-lines.ts';
import { type FoundGo, firstLine } from './find-go.ts';

/** What `go` really uses, and the file it would write. */
export interface GoEnv {
  readonly version: string;
  /** The file `go env -w` writes; `off` when GOENV=off. */
  readonly envFile: string;
  readonly effective: GoVariables;
  /** Variables that the environment or the env file sets. */
  readonly set: readonly ProfileVariable[];
  /** Variables that this `go` does not know. */
  readonly unknown: readonly ProfileVariable[];
  /** Variables that the process environment sets. */
  readonly overrides: readonly Override[];
}

const TIMEOUT_MS = 20_000;

/** The `go` command bound to one executable and one environment; runs in an empty folder, never downloads. */
export class GoCommand {
  readonly go: FoundGo;
  readonly #runner: ProcessRunner;
  readonly #env: Env;
  #envFile: string | null = null;

  constructor(go: FoundGo, runner: ProcessRunner, env: Env) {
    this.go = go;
    this.#runner = runner;
    this.#env = env;
  }

  /** The variables that this version of `go` does not know. */
  get unknown(): readonly ProfileVariable[] {
    return unknownTo(this.go.version);
  }

  /**
   * The file `go env -w` writes; '' or `off` when it would have no effect. It depends on the environment only, so it is
   * read once.
   */
  async envFile(): Promise<Outcome<string>> {
    if (this.#envFile === null) {
      const env = await this.readEnv();
      if (!env.ok) return env;
    }
    return { ok: true, value: this.#envFile ?? '' };
  }

  /** GOMODCACHE (since Go 1.15; before, GOPATH/pkg/mod); '' when `go` does not report it. */
  async moduleCache(): Promise<string> {
    const outcome = await this.#run(['env', 'GOMODCACHE', 'GOPATH']);
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return '';
    const [cache = '', gopath = ''] = outcome.stdout.split('\n');
    return cache === '' && gopath !== '' ? join(gopath, 'pkg', 'mod') : cache;
  }

  /** GOFLAGS as the env file has it. */
  async flagsInFile(): Promise<string> {
    const file = await this.envFile();
    return file.ok && file.value !== '' && file.value !== 'off'
      ? (envFileValue(await readText(file.value), 'GOFLAGS') ?? '')
      : '';
  }

  /** Variables that the process environment sets; known without running `go`. */
  get overrides(): readonly Override[] {
    return overridesIn(this.#env);
  }

  /** Reads the named variables only: reading all of them starts a C compiler and takes thirty times as long. */
  async readEnv(): Promise<Outcome<GoEnv>> {
    const unreadable = await unreadableEnvFile(this.#env);
    if (unreadable !== null) return { ok: false, problem: unreadable };
    const outcome = await this.#run(['env', '-json', 'GOVERSION', 'GOENV', 'GOROOT', ...PROFILE_VARIABLES]);
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return { ok: false, problem: this.#problem(outcome) };
    let values: Record<string, unknown>;
    try {
      values = JSON.parse(outcome.stdout) as Record<string, unknown>;
    } catch {
      return { ok: false, problem: this.#problem(outcome) };
    }
    const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : '');
    const envFile = text('GOENV');
    this.#envFile = envFile;
    const file = envFile === '' || envFile === 'off' ? '' : await readText(envFile);
    const isSet = (name: ProfileVariable) => (this.#env[name] || envFileValue(file, name) || '') !== '';
    const effective = Object.fromEntries(PROFILE_VARIABLES.map((name) => [name, text(name)]));
    // Run with GOTOOLCHAIN=local, `go` reports `local`: the real value is found as cmd/go/internal/cfg would.
    const toolchain =
      this.#env.GOTOOLCHAIN ||
      envFileValue(file, 'GOTOOLCHAIN') ||
      envFileValue(await readText(join(text('GOROOT'), 'go.env')), 'GOTOOLCHAIN');
    const value = {
      version: text('GOVERSION') || this.go.version,
      envFile,
      effective: { ...effective, GOTOOLCHAIN: this.unknown.includes('GOTOOLCHAIN') ? '' : toolchain || 'local' },
      set: PROFILE_VARIABLES.filter(isSet),
      unknown: this.unknown,
      overrides: this.overrides,
    };
    return { ok: true, value };
  }

  /** Runs one planned `go env -w` or `-u`. `onStart` gets the child's process id. */
  async change(args: readonly string[], onStart?: (pid: number) => void): Promise<Outcome> {
    const outcome = await this.#run(args, onStart);
    if (outcome.ended === 'exited' && (outcome.exitCode === 0 || hasNothingToUnset(args, outcome.stderr))) {
      return DONE;
    }
    return { ok: false, problem: this.#problem(outcome) };
  }

  #run(args: readonly string[], onStart?: (pid: number) => void): Promise<CommandOutcome> {
    // Empty folder and GOTOOLCHAIN=local: a nearby go.mod could make `go env` download a toolchain first.
    const env = { ...this.#env, GOTOOLCHAIN: 'local', GOFLAGS: '' };
    return this.#runner.run({ file: this.go.path, args, env, cwd: emptyFolder(), timeoutMs: TIMEOUT_MS, onStart });
  }

  #problem(outcome: CommandOutcome): Problem {
    if (outcome.ended === 'not-started') {
      return { key: 'go-broken', params: { path: this.go.path, detail: outcome.code } };
    }
    if (outcome.ended === 'killed') {
      return { key: 'go-silent', params: { path: this.go.path, seconds: TIMEOUT_MS / 1_000 } };
    }
    const words = firstLine(outcome.stderr);
    const denied = /writing go env config: open (.+): permission denied/.exec(words);
    if (denied !== null) return { key: 'env-file-not-writable', params: { file: denied[1] ?? '' } };
    return problemOf('go-env-refused', { detail: words });
  }
}

/**
 * The calls of `go` that set variables: `go env -w` in one call, so that its values are written together or not at all;
 * what
 * must have its default is unset with `-u`: since Go 1.21 an empty line is not the default but an empty value.
 */
export function envCalls(variables: GoVariables, unknown: readonly ProfileVariable[]): readonly (readonly string[])[] {
  const names = PROFILE_VARIABLES.filter((name) => variables[name] !== undefined && !unknown.includes(name));
  const unset = names.filter((name) => variables[name] === '');
  const assignments = names.filter((name) => variables[name] !== '').map((name) => `${name}=${variables[name]}`);
  return [
    ...(assignments.length === 0 ? [] : [['env', '-w', ...assignments]]),
    ...(unset.length === 0 ? [] : [['env', '-u', ...unset]]),
  ];
}

/** Which of our variables the process environment sets; an empty value does not count (cmd/go/internal/cfg). */
export function overridesIn(env: Env): readonly Override[] {
  return PROFILE_VARIABLES.flatMap((variable) => {
    const value = env[variable];
    return value === undefined || value === '' ? [] : [{ variable, value }];
  });
}

/** `go env -u` fails without an env file: then nothing is set. */
function hasNothingToUnset(args: readonly string[], stderr: string): boolean {
  return args.includes('-u') && /reading go env config: open .*: no such file or directory/.test(stderr);
}

/** Far above any file of `go env -w`. */
const MAX_ENV_BYTES = 8_000_000;

/**
 * Why `go` must not be run: it reads its env file whole and waits for it, whatever it is. null = it is a file, missing,
 * or the empty device.
 */
async function unreadableEnvFile(env: Env): Promise<Problem | null> {
  const file = envFilePath(env, process.platform);
  if (file === null || file === '/dev/null') return null;
  const found = await stat(file).catch(() => null);
  if (found === null) return null;
  if (!found.isFile()) return { key: 'file-special', params: { file } };
  const megabytes = MAX_ENV_BYTES / 1e6;
  return found.size > MAX_ENV_BYTES ? { key: 'project-file-large', params: { file, megabytes } } : null;
}

/** GOENV, else where os.UserConfigDir has it (cmd/go/internal/cfg, EnvFile); null for none. */
function envFilePath({ GOENV, HOME = '', XDG_CONFIG_HOME = '' }: Env, platform: NodeJS.Platform): string | null {
  if (GOENV === 'off') return null;
  if (GOENV !== undefined && GOENV !== '') return GOENV;
  if (platform === 'darwin') return HOME === '' ? null : join(HOME, 'Library', 'Application Support', 'go', 'env');
  if (XDG_CONFIG_HOME !== '') return join(XDG_CONFIG_HOME, 'go', 'env');
  return HOME === '' ? null : join(HOME, '.config', 'go', 'env');
}

/** A file's text; '' when it cannot be read. */
async function readText(path: string): Promise<string> {
  return (await readTextIfRegular(path, MAX_ENV_BYTES)) ?? '';
}
