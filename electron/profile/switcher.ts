/**
 * One switch is one transaction: check what would win against it → save the env file → write the intent → one
 * `go env -w` → read back → record; or everything back as it was. Undo restores the saved bytes and mode while the file
 * still is what the switch left; if it changed since, it undoes key by key and says so.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PROFILE_VARIABLES, type Profile, type ProfileVariable } from '../../shared/domain/profile.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Clock } from '../system/clock.ts';
import { takeLock } from '../system/exclusive-lock.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { GoCommand, GoEnv } from '../toolchain/go-env.ts';
import { fingerprint, restoreFile, type SavedFile, sameBytes, saveFile, valueIn } from './env-file.ts';
import { fromRecord, SwitchJournal, type SwitchRecord, toRecord } from './journal.ts';

/** `undone` tells how: to the byte, or key by key because the file had been changed meanwhile. */
export type SwitchOutcome =
  | { readonly ok: true; readonly undone?: 'exactly' | 'by-key' }
  | { readonly ok: false; readonly problem: Problem };

export interface SwitcherOptions {
  /** `<data folder>/profile`. */
  readonly folder: string;
  readonly clock: Clock;
  /** Replaced by tests that fill the disk or crash. */
  readonly write?: typeof writeFileAtomic;
}

export class ProfileSwitcher {
  readonly #journal: SwitchJournal;
  readonly #lockFile: string;
  readonly #clock: Clock;

  constructor({ folder, clock, write = writeFileAtomic }: SwitcherOptions) {
    this.#journal = new SwitchJournal(folder, write);
    this.#lockFile = join(folder, 'switch.lock');
    this.#clock = clock;
  }

  /** Applies a profile. Problems: switch-busy, goenv-off, value-overridden, env-file-…, go-…, switch-not-in-effect. */
  apply(go: GoCommand, profile: Profile, from: string | null): Promise<SwitchOutcome> {
    return this.#alone(async () => {
      const env = await go.readEnv();
      if (!env.ok) return env;
      const obstacle = obstacleFor(profile, env.value);
      if (obstacle !== null) return { ok: false, problem: obstacle };
      const before = await saveFile(env.value.envFile);
      const intent: SwitchRecord = {
        id: randomUUID(),
        from,
        to: profile.id,
        at: this.#clock.now(),
        envFile: env.value.envFile,
        variables: { ...profile.variables },
        before: toRecord(before),
      };
      await this.#journal.begin(intent);
      const takeBack = async () => {
        await restoreFile(intent.envFile, before);
        await this.#journal.end();
      };
      try {
        const problem = await writeAndReadBack(go, profile);
        if (problem === null) await this.#finish(intent);
        else await takeBack();
        return problem === null ? { ok: true } : { ok: false, problem };
      } catch (error) {
        // What cannot be recorded could not be undone either.
        await takeBack();
        throw error;
      }
    });
  }

  /** Takes the last switch back. Problems: nothing-to-undo, switch-busy, go-…. */
  undo(go: GoCommand): Promise<SwitchOutcome> {
    return this.#alone(async () => {
      const switches = await this.#journal.switches();
      const last = switches.at(-1);
      if (last === undefined) return failed('nothing-to-undo', {});
      const before = fromRecord(last.before);
      const current = await saveFile(last.envFile);
      const untouched = fingerprint(current) === last.after || sameBytes(current, before);
      if (untouched) await restoreFile(last.envFile, before);
      else {
        const problem = await undoByKey(go, last, before);
        if (problem !== null) return { ok: false, problem };
      }
      await this.#journal.setSwitches(switches.slice(0, -1));
      return { ok: true, undone: untouched ? 'exactly' : 'by-key' };
    });
  }

  /** The switch that undo would take back. */
  async last(): Promise<SwitchRecord | null> {
    return (await this.#journal.switches()).at(-1) ?? null;
  }

  /**
   * Settles what a crash interrupted: when every value had been written, the switch is recorded; otherwise the file
   * is put back. Returns what was done; null when nothing was open (or another process is at it).
   */
  async recover(): Promise<'completed' | 'taken-back' | null> {
    const lock = takeLock(this.#lockFile);
    if (lock === null) return null;
    try {
      const intent = await this.#journal.intent();
      if (intent === null) return null;
      const recorded = (await this.#journal.switches()).some(({ id }) => id === intent.id);
      if (recorded) {
        await this.#journal.end();
        return 'completed';
      }
      const current = await saveFile(intent.envFile);
      const written = named(intent.variables).every((name) => valueIn(current, name) === intent.variables[name]);
      if (written) {
        await this.#finish(intent);
        return 'completed';
      }
      await restoreFile(intent.envFile, fromRecord(intent.before));
      await this.#journal.end();
      return 'taken-back';
    } finally {
      lock.release();
    }
  }

  async #finish(intent: SwitchRecord): Promise<void> {
    const after = fingerprint(await saveFile(intent.envFile));
    await this.#journal.setSwitches([...(await this.#journal.switches()), { ...intent, after }]);
    await this.#journal.end();
  }

  /** Runs under the lock that keeps the app and the command line apart; the system's errors become problems. */
  async #alone(act: () => Promise<SwitchOutcome>): Promise<SwitchOutcome> {
    try {
      const lock = takeLock(this.#lockFile);
      if (lock === null) return failed('switch-busy', {});
      try {
        return await act();
      } finally {
        lock.release();
      }
    } catch (error) {
      const { code, path, message } = error as NodeJS.ErrnoException;
      return failed('switch-failed', { file: path ?? '', detail: code ?? message });
    }
  }
}

/** What would make the switch untrue; checked before anything is written. */
function obstacleFor(profile: Profile, env: GoEnv): Problem | null {
  if (env.envFile === '' || env.envFile === 'off') return { key: 'goenv-off', params: {} };
  const loud = env.overrides.find(({ variable, value }) => {
    const wanted = profile.variables[variable];
    return wanted !== undefined && wanted !== value;
  });
  if (loud === undefined) return null;
  const wanted = profile.variables[loud.variable] ?? '';
  return { key: 'value-overridden', params: { variable: loud.variable, value: loud.value, wanted } };
}

async function writeAndReadBack(go: GoCommand, profile: Profile): Promise<Problem | null> {
  const written = await go.writeEnv(profile.variables);
  if (!written.ok) return written.problem;
  const back = await go.readEnv();
  if (!back.ok) return back.problem;
  const wrong = named(profile.variables).find((name) => !inEffect(name, profile.variables[name], back.value));
  if (wrong === undefined) return null;
  const params = { variable: wrong, wanted: profile.variables[wrong] ?? '', got: back.value.effective[wrong] ?? '' };
  return { key: 'switch-not-in-effect', params };
}

/** An empty value means "the default", which `go env` then shows instead (for GONOPROXY: GOPRIVATE's value). */
function inEffect(name: ProfileVariable, wanted: string | undefined, env: GoEnv): boolean {
  return wanted === '' || env.effective[name] === wanted;
}

/** Former values go back one by one: those that stood in the file are written, the others taken out. */
async function undoByKey(go: GoCommand, last: SwitchRecord, before: SavedFile): Promise<Problem | null> {
  const names = named(last.variables);
  const former = names.filter((name) => valueIn(before, name) !== undefined);
  const written = await go.writeEnv(Object.fromEntries(former.map((name) => [name, valueIn(before, name)])));
  if (!written.ok) return written.problem;
  const unset = await go.unsetEnv(names.filter((name) => !former.includes(name)));
  return unset.ok ? null : unset.problem;
}

function named(variables: Profile['variables']): readonly ProfileVariable[] {
  return PROFILE_VARIABLES.filter((name) => variables[name] !== undefined);
}

function failed(key: string, params: Problem['params']): SwitchOutcome {
  return { ok: false, problem: { key, params } };
}
