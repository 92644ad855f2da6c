/**
 * One switch is one transaction: check for overrides → save the files → write the intent → `go env -w` and
 * `git config --global` → read back → record; on failure everything is rolled back. Undo restores the saved bytes and
 * mode of each file that is still as the switch left it; in a file that changed since, only our values are reverted.
 */
import { randomUUID } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { isGitInForce } from '../../shared/domain/git-setting.ts';
import { DONE, type Failure, failed, type Outcome, problemOf, succeeded } from '../../shared/domain/outcome.ts';
import { type InForce, isInForce, namedVariables, type Profile } from '../../shared/domain/profile.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { PlannedCommand, SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Clock } from '../system/clock.ts';
import { errorFacts } from '../system/error-facts.ts';
import { takeLock } from '../system/exclusive-lock.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { JsonFilePorts } from '../system/json-file.ts';
import { fingerprint, keepOwner, ownerOf, restoreFile, sameBytes, saveFile } from './env-file.ts';
import {
  fromRecord,
  type Intent,
  JournalError,
  SwitchJournal,
  type SwitchLog,
  type SwitchRecord,
  toRecord,
} from './journal.ts';
import { planCommands, planSwitch } from './plan.ts';
import { settle } from './settle.ts';
import { type GitTools, readInForce, type Tools } from './tools.ts';
import { undoByKey } from './undo-by-key.ts';

/** How a switch was undone: byte for byte, or by key because a file had changed since. */
export type Undone = 'exactly' | 'by-key';

export interface SwitcherOptions extends JsonFilePorts {
  /** `<data folder>/profile`. */
  readonly folder: string;
  /** Tests replace it to simulate crashes. */
  readonly restore?: typeof restoreFile | undefined;
}

export class ProfileSwitcher {
  readonly #journal: SwitchJournal;
  readonly #lockFile: string;
  readonly #clock: Clock;
  readonly #restore: typeof restoreFile;

  constructor({ folder, restore = restoreFile, ...ports }: SwitcherOptions) {
    const { clock, log, onProblem, write } = ports;
    this.#journal = new SwitchJournal(folder, { clock, log, onProblem, write });
    this.#lockFile = join(folder, 'switch.lock');
    this.#clock = clock;
    this.#restore = restore;
  }

  /** What applying a profile would do; nothing is changed. Problems: goenv-off, value-overridden, git-missing, go-…. */
  async plan(tools: Tools, profile: Profile): Promise<Outcome<SwitchPlan>> {
    const inForce = await readInForce(tools);
    if (!inForce.ok) return inForce;
    const obstacle = await obstacleFor(profile, tools);
    return obstacle === null ? succeeded(planSwitch(profile, inForce.value)) : { ok: false, problem: obstacle };
  }

  /**
   * Applies a profile. Problems: switch-busy, goenv-off, value-overridden, git-missing, env-file-…, go-…, git-…,
   * switch-not-in-effect, switch-failed.
   */
  apply(tools: Tools, profile: Profile, from: string | null): Promise<Outcome> {
    return this.#alone(async () => {
      const obstacle = await obstacleFor(profile, tools);
      if (obstacle !== null) return { ok: false, problem: obstacle };
      const git = await gitForProfile(tools, profile);
      if (!git.ok) return git;
      const record = await this.#begin(tools, profile, from, git.value);
      const takeBack = async () => {
        for (const { path, before, role } of record.files) await this.#restore(path, fromRecord(before), role);
        await this.#journal.end();
      };
      try {
        // While the tools run, the intent is flushed to disk and the journal is read.
        const [done, book] = await Promise.all([
          this.#writeAndReadBack(tools, profile, git.value),
          this.#journal.book(),
          this.#journal.flushIntent(),
        ]);
        if (done.ok) await this.#finish(record, done.value, book);
        else await takeBack();
        return done.ok ? DONE : done;
      } catch (error) {
        // Without a record it could not be undone.
        await takeBack();
        throw error;
      }
    });
  }

  /** Undoes the last switch; with `until`, every switch back to the one with that id. Problems: nothing-to-undo, …. */
  undo(tools: Tools, until?: string): Promise<Outcome<Undone>> {
    return this.#alone(async () => {
      const { switches } = await this.#journal.book();
      const first = until === undefined ? switches.length - 1 : switches.findIndex(({ id }) => id === until);
      if (first < 0) return failed('nothing-to-undo');
      let undone: Undone = 'exactly';
      for (const record of switches.slice(first).reverse()) {
        const done = await this.#undoOne(tools, record);
        if (!done.ok) return done;
        if (done.value === 'by-key') undone = 'by-key';
      }
      return succeeded(undone);
    });
  }

  /** The switches that can be undone, oldest first. */
  async switches(): Promise<readonly SwitchRecord[]> {
    return (await this.#journal.book()).switches;
  }

  /** The settings after our last change; null = unknown. */
  async known(): Promise<InForce | null> {
    return (await this.#journal.book()).known;
  }

  /** Records these settings as accepted by the user. Skipped while a switch is running. */
  async setKnown(known: InForce): Promise<void> {
    const lock = takeLock(this.#lockFile);
    if (lock === null) return;
    try {
      const { switches } = await this.#journal.book();
      await this.#journal.setBook({ known: copyOf(known), switches: [...switches] });
    } finally {
      lock.release();
    }
  }

  /**
   * Recovers from a crash, once the processes it had started have ended: when every value had been written,
   * the switch is recorded; otherwise the files are restored; an undo is completed. Returns what was done; null
   * when nothing was open (or another process is recovering).
   */
  async recover(find: () => Promise<Tools | null>): Promise<'completed' | 'taken-back' | null> {
    const lock = takeLock(this.#lockFile);
    if (lock === null) return null;
    try {
      const intent = await this.#journal.intent();
      if (intent === null) return null;
      await settle(await this.#journal.children(), this.#clock);
      return await this.#settle(intent, await find());
    } finally {
      lock.release();
    }
  }

  /** Resolves when all writes have ended. */
  close(): Promise<void> {
    return this.#journal.close();
  }

  async #settle({ doing, record }: Intent, tools: Tools | null): Promise<'completed' | 'taken-back'> {
    const { switches } = await this.#journal.book();
    const recorded = switches.some(({ id }) => id === record.id);
    if (doing === 'undo') {
      if (recorded) await this.#carryOutUndo(tools, record);
      else await this.#journal.end();
      return 'completed';
    }
    if (recorded) {
      await this.#journal.end();
      return 'completed';
    }
    const now = tools === null ? null : await readInForce(tools);
    if (now?.ok && isWritten(record, now.value)) {
      await this.#finish(record, now.value, await this.#journal.book());
      return 'completed';
    }
    for (const { path, before, role } of record.files) {
      const [found, saved] = [await saveFile(path), fromRecord(before)];
      if (sameBytes(found, saved)) continue;
      // It may have been edited since the crash: a copy of the current file is kept.
      if (found !== null) await writeFileAtomic(join(this.#journal.folder, `interrupted-${role}`), found.bytes);
      await this.#restore(path, saved, role);
    }
    await this.#journal.end();
    return 'taken-back';
  }

  async #begin(tools: Tools, profile: Profile, from: string | null, git: GitTools | null): Promise<SwitchRecord> {
    const envFile = await tools.go.envFile();
    const paths = [
      { role: 'go' as const, path: envFile.ok ? envFile.value : '' },
      ...(git === null ? [] : [{ role: 'git' as const, path: git.file }]),
    ];
    const files = await Promise.all(paths.map(async (one) => ({ ...one, before: toRecord(await saveFile(one.path)) })));
    const record: SwitchRecord = {
      id: randomUUID(),
      from,
      to: profile.id,
      at: this.#clock.now(),
      variables: { ...profile.variables },
      git: profile.git.map((one) => ({ ...one })),
      files,
    };
    await this.#journal.begin({ doing: 'apply', record });
    return record;
  }

  /** Go and git have separate files: both tools write and read back in parallel. */
  async #writeAndReadBack(tools: Tools, profile: Profile, git: GitTools | null): Promise<Outcome<InForce>> {
    const commands = planCommands(profile, tools.go.unknown, git?.settings ?? []);
    const owner = git === null ? null : await ownerOf(git.file);
    const written = await Promise.all(
      (['go', 'git'] as const).map((tool) =>
        this.#carryOut(
          tools,
          commands.filter((one) => one.tool === tool),
        ),
      ),
    );
    if (git !== null) await keepOwner(git.file, owner);
    const refused = written.find((one) => !one.ok);
    if (refused !== undefined && !refused.ok) return refused;
    const back = await readInForce(profile.git.length === 0 ? { go: tools.go, git: null } : tools);
    if (!back.ok) return back;
    const problem = mismatch(profile, back.value);
    return problem === null ? back : { ok: false, problem };
  }

  async #carryOut(tools: Tools, commands: readonly PlannedCommand[]): Promise<Outcome> {
    for (const { tool, args } of commands) {
      const done = await (tool === 'go' ? tools.go : tools.git)?.change(args, this.#journal.noteChild);
      if (done !== undefined && !done.ok) return done;
    }
    return DONE;
  }

  async #finish(record: SwitchRecord, back: InForce, { known, switches }: SwitchLog): Promise<void> {
    const files = await Promise.all(
      record.files.map(async (file) => ({ ...file, after: fingerprint(await saveFile(file.path)) })),
    );
    // A switch without git settings did not read git: the known values still apply.
    const now = copyOf(back.git === null ? { ...back, git: known?.git ?? null } : back);
    await this.#journal.setBook({ known: now, switches: [...switches, { ...record, files }] });
    await this.#journal.end();
  }

  async #undoOne(tools: Tools, record: SwitchRecord): Promise<Outcome<Undone>> {
    await this.#journal.begin({ doing: 'undo', record });
    const done = await this.#carryOutUndo(tools, record);
    if (!done.ok) await this.#journal.end();
    return done;
  }

  /** Idempotent, so it can be repeated after a crash. */
  async #carryOutUndo(tools: Tools | null, record: SwitchRecord): Promise<Outcome<Undone>> {
    let how: Undone = 'exactly';
    for (const file of record.files) {
      const [current, before] = [await saveFile(file.path), fromRecord(file.before)];
      if (sameBytes(current, before)) continue;
      if (fingerprint(current) === file.after) {
        await this.#restore(file.path, before, file.role);
        continue;
      }
      how = 'by-key';
      const undone = await undoByKey(tools, record, file.role, before, this.#journal.noteChild);
      if (!undone.ok) return undone;
    }
    const { switches } = await this.#journal.book();
    // The effective settings are unknown until the next read.
    await this.#journal.setBook({ known: null, switches: switches.filter(({ id }) => id !== record.id) });
    await this.#journal.end();
    return succeeded(how);
  }

  /** Runs under the lock that keeps the app and the command line apart; the system's errors become problems. */
  async #alone<T>(act: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    try {
      const lock = takeLock(this.#lockFile);
      if (lock === null) return failed('switch-busy');
      try {
        return await act();
      } finally {
        lock.release();
      }
    } catch (error) {
      if (error instanceof JournalError) return journalFailure(error);
      const { code, path, message } = errorFacts(error);
      return failed('switch-failed', { file: path ?? '', detail: code ?? message });
    }
  }
}

/** A journal that cannot be written fails the switch; one that cannot be read has its own problem. */
function journalFailure({ problem }: JournalError): Failure {
  const { file = '', detail = '' } = problem.params;
  return problem.key === 'file-not-written' ? failed('switch-failed', { file, detail }) : { ok: false, problem };
}

/** What would keep the switch from taking effect; checked before anything is written. */
async function obstacleFor(profile: Profile, { go }: Tools): Promise<Problem | null> {
  const envFile = await go.envFile();
  if (!envFile.ok) return envFile.problem;
  if (envFile.value === '' || envFile.value === 'off') return { key: 'goenv-off', params: {} };
  // Each folder would have a file of its own, and no one works in ours.
  if (!isAbsolute(envFile.value)) return relativePath('GOENV', envFile.value);
  const loud = go.overrides.find(({ variable, value }) => {
    const wanted = profile.variables[variable];
    return wanted !== undefined && wanted !== value && !go.unknown.includes(variable);
  });
  if (loud === undefined) return null;
  const wanted = profile.variables[loud.variable] ?? '';
  return problemOf('value-overridden', { variable: loud.variable, value: loud.value, wanted });
}

/** What a profile with git settings needs from git; null without git settings. */
async function gitForProfile(tools: Tools, profile: Profile): Promise<Outcome<GitTools | null>> {
  if (profile.git.length === 0) return succeeded(null);
  if (tools.git === null) return failed('git-missing');
  const file = await tools.git.globalFile();
  if (file === null) return failed('git-no-global-file');
  if (!isAbsolute(file)) return { ok: false, problem: relativePath('GIT_CONFIG_GLOBAL', file) };
  const settings = await tools.git.read();
  return settings.ok ? succeeded({ file, settings: settings.value }) : settings;
}

function relativePath(variable: string, value: string): Problem {
  return { key: 'variable-relative', params: { variable, value } };
}

function mismatch(profile: Profile, back: InForce): Problem | null {
  const wrong = namedVariables(profile).find(
    (name) => !back.unknown.includes(name) && !isInForce(name, profile.variables[name] ?? '', back),
  );
  if (wrong !== undefined) {
    const params = { variable: wrong, wanted: profile.variables[wrong] ?? '', got: back.effective[wrong] ?? '' };
    return problemOf('switch-not-in-effect', params);
  }
  if (isGitInForce(profile.git, back.git ?? [])) return null;
  return problemOf('git-not-in-effect', { key: profile.git.map(({ key }) => key).join(', ') });
}

/** Whether everything the interrupted switch wanted is in effect. */
function isWritten(record: SwitchRecord, now: InForce): boolean {
  return mismatch({ ...record, name: '', explanation: '', builtIn: false, networks: [] }, now) === null;
}

function copyOf({ effective, set, unknown, git }: InForce) {
  return { effective: { ...effective }, set: [...set], unknown: [...unknown], git: git === null ? null : [...git] };
}
