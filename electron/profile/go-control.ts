/** The real `go` and git as the engine sees them: effective settings, switching, undoing, changes made by others. */
import { isAbsolute } from 'node:path';
import { goauthPrograms } from '../../shared/domain/goauth.ts';
import { failed, type Outcome, problemOf, succeeded } from '../../shared/domain/outcome.ts';
import type { InForce, Profile } from '../../shared/domain/profile.ts';
import type { Drift, GoState, Problem, UndoState } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import { watchFiles } from '../system/file-watch.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { eitherSignal } from '../system/web.ts';
import { type FindGoOutcome, findGo } from '../toolchain/find-go.ts';
import { findGit, GitCommand } from '../toolchain/git-config.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { driftOf, formerProfile } from './drift.ts';
import { JournalError } from './journal.ts';
import { ProfileSwitcher, type Undone } from './switcher.ts';
import { readInForce, type Tools } from './tools.ts';

export interface GoControlOptions {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly env: Env;
  /** `<data folder>/profile`. */
  readonly folder: string;
  /** The path chosen in the settings, read each time `go` is looked for. */
  readonly chosenPath: () => string | undefined;
  /** The git chosen in the settings, read likewise. */
  readonly chosenGit?: (() => string | undefined) | undefined;
  /** Programs that GOAUTH of a profile may make `go` run, read each time. */
  readonly allowedPrograms: () => readonly string[];
  readonly log: Log;
  /** Called when the switch journal is damaged, unreadable or not writable. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
}

export class GoControl {
  readonly #options: GoControlOptions;
  readonly #switcher: ProfileSwitcher;
  readonly #closing = new AbortController();
  /** Aborts commands that only read, when the control is closed. */
  readonly #reader: ProcessRunner;
  /** Separate for reading and for switching: quitting the app must not interrupt a switch. */
  #tools: { readonly reading: Tools; readonly switching: Tools } | null = null;
  #chosen: string | undefined;

  constructor(options: GoControlOptions) {
    this.#options = options;
    this.#switcher = new ProfileSwitcher(options);
    const { signal } = this.#closing;
    this.#reader = {
      run: (command) => {
        const either = command.signal === undefined ? signal : eitherSignal(signal, command.signal);
        return options.runner.run({ ...command, signal: either });
      },
    };
  }

  /** Cancels what only reads, now and from now on; a switch and its writes run to completion. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#switcher.close();
  }

  /** Completes or rolls back a switch that a crash interrupted; the problem says which, or why neither was possible. */
  async recover(): Promise<Problem | null> {
    try {
      const settled = await this.#switcher.recover(async () => {
        const found = await this.#findForSwitch();
        return found.ok ? found.value : null;
      });
      if (settled !== 'taken-back') return null;
      return { key: 'switch-taken-back', params: { folder: this.#options.folder } };
    } catch (error) {
      if (error instanceof JournalError) return error.problem;
      return problemOf('switch-failed', { file: '', detail: errorMessage(error) });
    }
  }

  /** What `go` and git really use now. */
  async read(): Promise<GoState> {
    const found = await this.#find();
    if (!found.ok) return { state: found.problem.key === 'go-missing' ? 'missing' : 'broken', problem: found.problem };
    const inForce = await readInForce(found.value);
    if (!inForce.ok) {
      // It may have been moved or uninstalled: look again next time.
      this.#tools = null;
      return { state: 'broken', problem: inForce.problem };
    }
    const { go } = found.value.go;
    return { state: 'found', path: go.path, ...inForce.value, checkedAt: this.#options.clock.now() };
  }

  /** Applies a profile. Problem `runs-program` if its GOAUTH runs a program that has not been allowed. */
  async apply(profile: Profile, from: string | null): Promise<Outcome> {
    const program = this.unallowedProgram(profile);
    return program === null ? this.#apply(profile, from) : failed('runs-program', { program, profile: profile.id });
  }

  /** The program that `go` would run for a profile and that is not allowed yet; null if there is none. */
  unallowedProgram({ variables }: Pick<Profile, 'variables'>): string | null {
    const allowed = this.#options.allowedPrograms();
    return goauthPrograms(variables.GOAUTH ?? '').find((program) => !allowed.includes(program)) ?? null;
  }

  async #apply(profile: Profile, from: string | null): Promise<Outcome> {
    const found = await this.#findForSwitch();
    return found.ok ? this.#switcher.apply(found.value, profile, from) : found;
  }

  /** What applying would do; nothing is changed. */
  async plan(profile: Profile): Promise<Outcome<SwitchPlan>> {
    const found = await this.#find();
    return found.ok ? this.#switcher.plan(found.value, profile) : found;
  }

  /** Undoes the last switch; with `until`, every switch back to the one with that id. */
  async undo(until?: string): Promise<Outcome<Undone>> {
    const found = await this.#findForSwitch();
    return found.ok ? this.#switcher.undo(found.value, until) : found;
  }

  /** GOFLAGS as `go` has it; '' when there is no go. */
  async goflags(): Promise<string> {
    const found = await this.#find();
    return found.ok ? (this.#options.env.GOFLAGS ?? (await found.value.go.flagsInFile())) : '';
  }

  /** GOMODCACHE; '' when there is no go. */
  async moduleCache(): Promise<string> {
    const found = await this.#find();
    return found.ok ? found.value.go.moduleCache() : '';
  }

  /** The path of the `go` in use. */
  async locate(): Promise<FindGoOutcome> {
    const found = await this.#find();
    return found.ok ? { ok: true, go: found.value.go.go } : found;
  }

  /** The switches that can be undone, newest first; a problem when the journal cannot be read. */
  async undoable(): Promise<Outcome<readonly UndoState[]>> {
    try {
      const switches = await this.#switcher.switches();
      return succeeded(switches.map(({ id, from, to, at }) => ({ switchId: id, from, to, at })).reverse());
    } catch (error) {
      return { ok: false, problem: this.#journalProblem(error) };
    }
  }

  /** What others changed since our last switch; null while the journal is unreadable. The first read is the base. */
  async drift(now: InForce): Promise<Drift | null> {
    try {
      const known = await this.#switcher.known();
      if (known !== null) return driftOf(known, now);
      await this.accept(now);
    } catch (error) {
      this.#journalProblem(error);
    }
    return null;
  }

  /** Accepts the effective settings as intended. */
  async accept(now: InForce): Promise<void> {
    try {
      await this.#switcher.setKnown(now);
    } catch (error) {
      this.#journalProblem(error);
    }
  }

  /** Restores the settings from before the outside change; a switch like any other. */
  async revert(now: InForce): Promise<Outcome> {
    try {
      const known = await this.#switcher.known();
      return known === null ? failed('nothing-to-undo') : await this.#apply(formerProfile(known, now), null);
    } catch (error) {
      return { ok: false, problem: this.#journalProblem(error) };
    }
  }

  /** Calls back after any program wrote the files of go or git. */
  async watch(onChange: () => void): Promise<Stop> {
    const found = await this.#find();
    if (!found.ok) return () => {};
    const envFile = await found.value.go.envFile();
    const gitFile = await found.value.git?.globalFile();
    const paths = [envFile.ok ? envFile.value : '', gitFile ?? ''].filter((path) => isAbsolute(path));
    return watchFiles(paths, this.#options.clock, onChange);
  }

  /** A JournalError has been logged by its file; anything else is logged here. */
  #journalProblem(error: unknown): Problem {
    if (error instanceof JournalError) return error.problem;
    const detail = errorMessage(error);
    this.#options.log.error('the switch journal failed', { detail });
    return { key: 'file-not-readable', params: { file: this.#options.folder, detail } };
  }

  async #find(): Promise<Outcome<Tools>> {
    const found = await this.#findBoth();
    return found.ok ? succeeded(found.value.reading) : found;
  }

  async #findForSwitch(): Promise<Outcome<Tools>> {
    const found = await this.#findBoth();
    return found.ok ? succeeded(found.value.switching) : found;
  }

  async #findBoth(): Promise<Outcome<{ readonly reading: Tools; readonly switching: Tools }>> {
    const { runner, env, chosenPath, chosenGit } = this.#options;
    const [chosenGo, ownGit] = [chosenPath(), chosenGit?.()];
    const chosen = `${chosenGo ?? ''}\0${ownGit ?? ''}`;
    if (this.#tools !== null && chosen === this.#chosen) return succeeded(this.#tools);
    const [found, git] = await Promise.all([findGo(this.#reader, env, chosenGo), ownGit ?? findGit(this.#reader, env)]);
    if (!found.ok) return found;
    const toolsWith = (by: ProcessRunner): Tools => ({
      go: new GoCommand(found.go, by, env),
      git: git === null ? null : new GitCommand(git, by, env),
    });
    this.#tools = { reading: toolsWith(this.#reader), switching: toolsWith(runner) };
    this.#chosen = chosen;
    return succeeded(this.#tools);
  }
}
