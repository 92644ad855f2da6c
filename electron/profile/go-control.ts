/** The real `go` as the engine sees it: what is in force, switching, undoing. Finds `go` once and again when it is gone. */
import type { Profile } from '../../shared/domain/profile.ts';
import type { GoState, Problem, UndoState } from '../../shared/domain/snapshot.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { type FindGoOutcome, findGo } from '../toolchain/find-go.ts';
import { GoCommand } from '../toolchain/go-env.ts';
import { ProfileSwitcher, type SwitchOutcome } from './switcher.ts';

export interface GoControlOptions {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly env: Env;
  /** `<data folder>/profile`. */
  readonly folder: string;
  /** The path chosen in the settings, asked anew each time `go` is looked for. */
  readonly chosenPath: () => string | undefined;
}

export class GoControl {
  readonly #options: GoControlOptions;
  readonly #switcher: ProfileSwitcher;
  #command: GoCommand | null = null;
  #chosen: string | undefined;

  constructor(options: GoControlOptions) {
    this.#options = options;
    this.#switcher = new ProfileSwitcher(options);
  }

  /** Settles a switch that a crash interrupted; the problem tells that it was taken back. */
  async recover(): Promise<Problem | null> {
    try {
      const settled = await this.#switcher.recover();
      return settled === 'taken-back' ? { key: 'switch-taken-back', params: {} } : null;
    } catch (error) {
      return { key: 'switch-failed', params: { file: '', detail: (error as Error).message } };
    }
  }

  /** What `go` really uses now. */
  async read(): Promise<GoState> {
    const found = await this.#find();
    if (!found.ok) return { state: found.problem.key === 'go-missing' ? 'missing' : 'broken', problem: found.problem };
    const env = await found.command.readEnv();
    if (!env.ok) {
      // It may have been moved or uninstalled: look again next time.
      this.#command = null;
      return { state: 'broken', problem: env.problem };
    }
    return { state: 'found', path: found.command.go.path, ...env.value, checkedAt: this.#options.clock.now() };
  }

  async apply(profile: Profile, from: string | null): Promise<SwitchOutcome> {
    const found = await this.#find();
    return found.ok ? this.#switcher.apply(found.command, profile, from) : found;
  }

  async undo(): Promise<SwitchOutcome> {
    const found = await this.#find();
    return found.ok ? this.#switcher.undo(found.command) : found;
  }

  /** Where the `go` is that all of this acts on. */
  async locate(): Promise<FindGoOutcome> {
    const found = await this.#find();
    return found.ok ? { ok: true, go: found.command.go } : found;
  }

  /** The switch that undo would take back. */
  async undoable(): Promise<UndoState | null> {
    const last = await this.#switcher.last().catch(() => null);
    return last === null ? null : { switchId: last.id, from: last.from, to: last.to, at: last.at };
  }

  async #find(): Promise<
    { readonly ok: true; readonly command: GoCommand } | { readonly ok: false; readonly problem: Problem }
  > {
    const { runner, env, chosenPath } = this.#options;
    const chosen = chosenPath();
    if (this.#command !== null && chosen === this.#chosen) return { ok: true, command: this.#command };
    const found = await findGo(runner, env, chosen);
    if (!found.ok) return found;
    this.#command = new GoCommand(found.go, runner, env);
    this.#chosen = chosen;
    return { ok: true, command: this.#command };
  }
}
