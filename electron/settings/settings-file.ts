/**
 * The settings file on disk: read, written atomically, watched. The last text that was valid is kept beside it. An
 * invalid file is never touched: the last good text (or the defaults) is used until it is fixed, and changes are refused
 * meanwhile.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  SETTINGS_SCHEMA,
  SETTINGS_SCHEMA_URL,
  type SettingsFileContent,
} from '../../shared/contract/settings-schema.ts';
import type { KnownNetwork } from '../../shared/domain/network.ts';
import { DONE, failed, type Outcome, problemOf } from '../../shared/domain/outcome.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { Preferences, Problem } from '../../shared/domain/snapshot.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorDetail, errorFacts } from '../system/error-facts.ts';
import { watchFiles } from '../system/file-watch.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { type Settings, settingsFrom } from './effective-settings.ts';
import { folderIdentity, loadSettings } from './load-settings.ts';
import { layered, type Managed, overruledKeys, personsChange, UNMANAGED } from './managed.ts';
import { readSettings } from './read-settings.ts';
import { editText } from './settings-text.ts';

const PLAIN_TEXT = `${JSON.stringify({ $schema: SETTINGS_SCHEMA_URL, schema: SETTINGS_SCHEMA }, null, 2)}\n`;
/** Of the first start: the welcome is still to come. */
const FIRST_TEXT = `${JSON.stringify(
  { $schema: SETTINGS_SCHEMA_URL, schema: SETTINGS_SCHEMA, preferences: { welcomed: false } },
  null,
  2,
)}\n`;

/** Problems with a text that another text can take the place of. */
const MISTAKES: ReadonlySet<string> = new Set(['settings-not-json', 'settings-invalid']);

/** Where an organization's settings come from. */
export interface ManagedSource {
  /** Files that are watched, too. */
  readonly paths: readonly string[];
  /** Never rejects. */
  read(): Promise<Managed>;
}

export interface SettingsFileOptions {
  readonly log?: Log;
  /** The running app: the file is written where there is none, so that it can be opened in an editor. */
  readonly owned?: boolean;
  /** None unless given. */
  readonly managed?: ManagedSource;
  /** Tests replace it to simulate a full disk. */
  readonly write?: typeof writeFileAtomic;
}

/** The settings file; `open` it once, then `settings` is always usable. */
export class SettingsFile {
  readonly path: string;
  readonly #clock: Clock;
  readonly #log: Log | undefined;
  readonly #write: typeof writeFileAtomic;
  readonly #listeners = new Set<() => void>();
  #stopWatching: Stop | null = null;
  readonly #source: ManagedSource | undefined;
  #managed: Managed = UNMANAGED;
  #content: SettingsFileContent = {};
  #text = '';
  #problem: Problem | null = null;
  /** Of the folder at the last look; null before the first. */
  #folder: string | null = null;
  /** The text that is known to be in the backup; '' = not known. */
  #good = '';
  #settings: Settings = settingsFrom({});
  #undo: { readonly before: string; readonly after: string } | null = null;
  #updating: Promise<Outcome> = Promise.resolve(DONE);

  private constructor(path: string, clock: Clock, { log, managed, write = writeFileAtomic }: SettingsFileOptions) {
    this.#source = managed;
    this.path = path;
    this.#clock = clock;
    this.#log = log;
    this.#write = write;
  }

  /** Reads the file (missing = defaults). Never rejects: what is wrong with it is `problem`. */
  static async open(path: string, clock: Clock, options: SettingsFileOptions = {}): Promise<SettingsFile> {
    const file = new SettingsFile(path, clock, options);
    await file.#reload();
    if (options.owned === true) await file.#own();
    return file;
  }

  /** Writes the first text where there is none, and keeps the last good one. */
  async #own(): Promise<void> {
    if (this.#problem !== null) return;
    if (this.#text !== '') await this.#keepGood();
    else this.#problem = await this.#replace(FIRST_TEXT).then((done) => (done.ok ? null : done.problem));
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The problem with the file on disk; null when it is valid. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** The valid values in use, as the file has them. */
  get content(): SettingsFileContent {
    return this.#content;
  }

  /** The settings in use, in the form of the file: managed values over those of the file. */
  get inForce(): SettingsFileContent {
    return layered(this.#content, this.#managed.values);
  }

  /** What an organization manages. */
  get managed(): SettingsFileContent {
    return this.#managed.values;
  }

  /** What a person should know about managed settings; nothing is kept from changing by it. */
  get managedNotice(): Problem | null {
    const fields = overruledKeys(this.#content, this.#managed.values).join(', ');
    return this.#managed.problem ?? (fields === '' ? null : problemOf('settings-overruled', { fields }));
  }

  /** The text on disk; '' = there is no file. */
  get text(): string {
    return this.#text;
  }

  /** Whether the last change by `change` or `replace` can be undone: the file has not been written since. */
  get canUndo(): boolean {
    return this.#undo !== null && this.#undo.after === this.#text;
  }

  /** Changes the content, after reading the file again; the edit may refuse. Can be undone. */
  change(edit: (content: SettingsFileContent) => Outcome<SettingsFileContent>): Promise<Outcome> {
    return this.#undoable(async () => {
      if (this.#problem !== null) return { ok: false, problem: this.#problem };
      const edited = edit(this.#content);
      return edited.ok ? this.#update(() => edited.value) : edited;
    });
  }

  /** Writes a whole text, if it is valid; null = one without any setting. Can be undone. */
  replaceText(text: string | null): Promise<Outcome> {
    return this.#undoable(async () => {
      if (this.#problem !== null) return { ok: false, problem: this.#problem };
      return this.#replace(text ?? PLAIN_TEXT);
    });
  }

  /**
   * Writes a whole text over exactly the text `before`, also over one with a mistake in it. Can be undone. Problems:
   * settings-changed (another writer was faster), those of the text, and that of a file that could not be read.
   */
  replaceOver(before: string, text: string): Promise<Outcome> {
    return this.#undoable(async () => {
      const problem = this.#problem;
      if (problem !== null && !MISTAKES.has(problem.key)) return { ok: false, problem };
      if (this.#text !== before) return failed('settings-changed');
      const done = await this.#replace(text);
      if (done.ok) this.#problem = null;
      return done;
    });
  }

  /** Takes the last change back, to the byte. Problem: settings-changed. */
  undo(): Promise<Outcome> {
    const work = async () => {
      await this.#reload();
      const undo = this.#undo;
      if (undo === null || undo.after !== this.#text) return failed('settings-changed');
      this.#undo = null;
      return this.#replace(undo.before === '' ? PLAIN_TEXT : undo.before);
    };
    this.#updating = this.#updating.then(work);
    return this.#updating;
  }

  #undoable(work: () => Promise<Outcome>): Promise<Outcome> {
    this.#updating = this.#updating.then(async () => {
      await this.#reload();
      const before = this.#text;
      const done = await work();
      if (done.ok) this.#undo = { before, after: this.#text };
      return done;
    });
    return this.#updating;
  }

  /** Changes preferences and writes the file, keeping everything else in it. Updates run one after another. */
  setPreferences(change: Partial<Preferences>): Promise<Outcome> {
    const { failoverProfiles, ...others } = change;
    const own = failoverProfiles === undefined ? others : { ...others, failoverProfiles: [...failoverProfiles] };
    return this.#enqueue((content) => ({ ...content, preferences: { ...content.preferences, ...own } }));
  }

  /** Saves the entry of one network, replacing its previous entry. */
  setNetwork(network: KnownNetwork): Promise<Outcome> {
    return this.#enqueue((content) => ({
      ...content,
      networks: [...(content.networks ?? []).filter(({ id }) => id !== network.id), { ...network }],
    }));
  }

  /** Saves a profile over the one with its id; a new one at a position in the list, or at its end. */
  saveProfile(profile: Profile, at?: number): Promise<Outcome> {
    const { builtIn: _, ...kept } = profile;
    return this.#enqueue((content) => {
      const before = content.profiles ?? [];
      const index = before.findIndex(({ id }) => id === profile.id);
      const profiles = before.filter(({ id }) => id !== profile.id);
      const own = {
        ...kept,
        variables: { ...kept.variables },
        git: kept.git.map((one) => ({ ...one })),
        networks: [...kept.networks],
      };
      profiles.splice(at ?? (index < 0 ? profiles.length : index), 0, own);
      const order = content.profileOrder?.filter((id) => id !== profile.id);
      if (at !== undefined) order?.splice(at, 0, profile.id);
      else if (index >= 0) return { ...content, profiles };
      return { ...content, profiles, ...(order === undefined ? {} : { profileOrder: order }) };
    });
  }

  /** Removes one of the user's own profiles. */
  deleteProfile(profileId: string): Promise<Outcome> {
    return this.#enqueue((content) => ({
      ...content,
      profiles: (content.profiles ?? []).filter(({ id }) => id !== profileId),
    }));
  }

  /** The order in which profiles are listed. */
  orderProfiles(ids: readonly string[]): Promise<Outcome> {
    return this.#enqueue((content) => ({ ...content, profileOrder: [...ids] }));
  }

  /** Remembers that the person lets GOAUTH of a profile run a program. */
  allowProgram(program: string): Promise<Outcome> {
    return this.#enqueue((content) => {
      const allowed = content.go?.allowedPrograms ?? [];
      if (allowed.includes(program)) return content;
      return { ...content, go: { ...content.go, allowedPrograms: [...allowed, program] } };
    });
  }

  #enqueue(change: (content: SettingsFileContent) => SettingsFileContent): Promise<Outcome> {
    this.#updating = this.#updating.then(() => this.#update(change));
    return this.#updating;
  }

  /** Calls back after another program changed the file, once `settings` is updated. Our own writes are not reported. */
  watch(listener: () => void): Stop {
    this.#listeners.add(listener);
    this.#stopWatching ??= watchFiles(
      [this.path, ...(this.#source?.paths ?? [])],
      this.#clock,
      () => void this.#look(),
    );
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#endWatch();
    };
  }

  /** Ends watching; resolves when all writes have ended. */
  async close(): Promise<void> {
    this.#listeners.clear();
    this.#endWatch();
    await this.#updating;
  }

  #endWatch(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
  }

  /** Waits for running updates, so that it never reads a partial one. */
  #look(): Promise<Outcome> {
    this.#updating = this.#updating.then(async () => {
      const before = this.#text;
      const problemBefore = this.#problem;
      const managedBefore = JSON.stringify(this.#managed);
      await this.#reload();
      if (this.#problem === null) await this.#keepGood();
      const isManagedNew = JSON.stringify(this.#managed) !== managedBefore;
      if (isManagedNew || this.#text !== before || this.#problem?.key !== problemBefore?.key) {
        for (const listener of this.#listeners) listener();
      }
      return DONE;
    });
    return this.#updating;
  }

  async #update(change: (content: SettingsFileContent) => SettingsFileContent): Promise<Outcome> {
    await this.#reload();
    if (this.#problem !== null) return { ok: false, problem: this.#problem };
    const before = this.#text === '' ? PLAIN_TEXT : this.#text.replace(/^\uFEFF/, '');
    const known = this.#text === '' ? { $schema: SETTINGS_SCHEMA_URL, schema: SETTINGS_SCHEMA } : this.#content;
    // What the change leaves out is taken out of the file.
    const kept = this.#text === '' ? known : {};
    const next = personsChange(this.#content, change(this.#content), this.#managed.values);
    if (!next.ok) return next;
    const text = editText(before, known, { ...kept, schema: SETTINGS_SCHEMA, ...next.value });
    return this.#replace(text);
  }

  /** Writes a text and uses it, when it is valid. */
  async #replace(text: string): Promise<Outcome> {
    const read = readSettings(Buffer.from(text), this.path);
    if (!read.ok) return read;
    try {
      await this.#write(this.path, text);
    } catch (error) {
      return { ok: false, problem: this.#failure('settings-not-written', error) };
    }
    this.#text = text;
    this.#content = read.value;
    this.#settings = settingsFrom(this.inForce);
    await this.#keepGood();
    return DONE;
  }

  /** Keeps the present text as the last good one; a failure only costs that. */
  async #keepGood(): Promise<void> {
    if (this.#text === this.#good || this.#text === '') return;
    try {
      await this.#write(this.#backup, this.#text);
      this.#good = this.#text;
    } catch (error) {
      this.#log?.warn('last good settings not kept', { detail: errorDetail(error) });
    }
  }

  get #backup(): string {
    return `${this.path}.bak`;
  }

  async #reload(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      this.#log?.warn('data folder not made', { folder: dirname(this.path), detail: String(error) });
    });
    const folder = await folderIdentity(dirname(this.path));
    // Another one may have been made by the history, which writes there, too.
    const isOther = this.#folder !== null && folder !== null && folder !== this.#folder;
    this.#folder = folder ?? this.#folder;
    let loaded = await loadSettings(this.path);
    if (isOther && loaded.isMissing && this.#good !== '') {
      await this.#putBack();
      loaded = await loadSettings(this.path);
    }
    if (loaded.problem !== null && loaded.problem.key !== this.#problem?.key) {
      // Omits the detail, which may contain a URL with its password.
      this.#log?.warn(loaded.problem.key, { file: this.path });
    }
    this.#problem = loaded.problem;
    this.#text = loaded.text;
    const content =
      loaded.content ?? (this.#good === '' ? (await loadSettings(this.#backup, null)).content : this.#content) ?? {};
    this.#content = content;
    this.#managed = (await this.#source?.read()) ?? UNMANAGED;
    this.#settings = settingsFrom(this.inForce);
  }

  /** The whole folder was removed, not this file: no wish for the defaults, which probe hosts that the person left out. */
  async #putBack(): Promise<void> {
    const text = this.#good;
    this.#good = '';
    try {
      await this.#write(this.path, text);
      this.#log?.warn('settings put back', { file: this.path });
    } catch (error) {
      this.#log?.error('settings not put back', { detail: errorDetail(error) });
    }
  }

  #failure(key: string, error: unknown): Problem {
    const { code, message } = errorFacts(error);
    return { key, params: { file: this.path, detail: code ?? message } };
  }
}
