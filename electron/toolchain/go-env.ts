/**
 * Reading and writing `go env`. Source of the rules: cmd/go/internal/envcmd/env.go; process environment (non-empty)
 * beats the user's env file (GOENV), which beats $GOROOT/go.env, which beats what is built in.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GoVariables, PROFILE_VARIABLES, type ProfileVariable } from '../../shared/domain/profile.ts';
import type { Override, Problem } from '../../shared/domain/snapshot.ts';
import type { Env } from '../system/files.ts';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { type FoundGo, firstLine } from './find-go.ts';

/** What `go` really uses, and where it would write. */
export interface GoEnv {
  readonly version: string;
  /** The file `go env -w` writes; `off` when GOENV=off. */
  readonly envFile: string;
  readonly effective: GoVariables;
  /** Variables that the process environment decides. */
  readonly overrides: readonly Override[];
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

const TIMEOUT_MS = 20_000;

/** The `go` command bound to one executable and one environment; runs in an empty folder, never downloads. */
export class GoCommand {
  readonly go: FoundGo;
  readonly #runner: ProcessRunner;
  readonly #env: Env;

  constructor(go: FoundGo, runner: ProcessRunner, env: Env) {
    this.go = go;
    this.#runner = runner;
    this.#env = env;
  }

  /** Reads the named variables only: reading all of them starts a C compiler and takes thirty times as long. */
  async readEnv(): Promise<Outcome<GoEnv>> {
    const outcome = await this.#run(['env', '-json', 'GOVERSION', 'GOENV', ...PROFILE_VARIABLES]);
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return { ok: false, problem: this.#problem(outcome) };
    let values: Record<string, unknown>;
    try {
      values = JSON.parse(outcome.stdout) as Record<string, unknown>;
    } catch {
      return { ok: false, problem: this.#problem(outcome) };
    }
    const text = (name: string) => (typeof values[name] === 'string' ? (values[name] as string) : '');
    const effective = Object.fromEntries(PROFILE_VARIABLES.map((name) => [name, text(name)]));
    const value = {
      version: text('GOVERSION') || this.go.version,
      envFile: text('GOENV'),
      effective,
      overrides: overridesIn(this.#env),
    };
    return { ok: true, value };
  }

  /** Writes all assignments in one call, so that they land together or not at all. */
  async writeEnv(variables: GoVariables): Promise<Outcome<null>> {
    const assignments = PROFILE_VARIABLES.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [`${name}=${value}`];
    });
    if (assignments.length === 0) return { ok: true, value: null };
    return this.#write(['env', '-w', ...assignments]);
  }

  /** Takes variables out of the env file. */
  async unsetEnv(names: readonly ProfileVariable[]): Promise<Outcome<null>> {
    return names.length === 0 ? { ok: true, value: null } : this.#write(['env', '-u', ...names]);
  }

  async #write(args: readonly string[]): Promise<Outcome<null>> {
    const outcome = await this.#run(args);
    if (outcome.ended === 'exited' && outcome.exitCode === 0) return { ok: true, value: null };
    return { ok: false, problem: this.#problem(outcome) };
  }

  async #run(args: readonly string[]): Promise<CommandOutcome> {
    // Empty folder and GOTOOLCHAIN=local: a go.mod nearby could make `go env` download a toolchain first.
    const cwd = await mkdtemp(join(tmpdir(), 'gopherbar-go-'));
    try {
      const env = { ...this.#env, GOTOOLCHAIN: 'local', GOFLAGS: '' };
      return await this.#runner.run({ file: this.go.path, args, env, cwd, timeoutMs: TIMEOUT_MS });
    } finally {
      await rm(cwd, { recursive: true, force: true });
    }
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
    return { key: 'go-env-refused', params: { detail: words } };
  }
}

/** Which of our variables the process environment decides; an empty value decides nothing (cmd/go/internal/cfg). */
export function overridesIn(env: Env): readonly Override[] {
  return PROFILE_VARIABLES.flatMap((variable) => {
    const value = env[variable];
    return value === undefined || value === '' ? [] : [{ variable, value }];
  });
}
