/**
 * What the switcher remembers on disk: the intent of a switch in progress, and the finished switches with what they
 * replaced. Both are written in one step, so a crash leaves the old text or the new.
 */
import { readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import { writeFileAtomic } from '../system/files.ts';
import type { SavedFile } from './env-file.ts';

const record = v.object({
  id: v.string(),
  /** The profile that was active before; null when none was. */
  from: v.nullable(v.string()),
  to: v.string(),
  at: v.number(),
  envFile: v.string(),
  variables: v.object(v.entriesFromList(PROFILE_VARIABLES, v.optional(v.string()))),
  /** The env file before the switch; null = absent. */
  before: v.nullable(v.object({ base64: v.string(), mode: v.number() })),
  /** Fingerprint of the env file as the switch left it; absent in an intent. */
  after: v.optional(v.string()),
});

/** One switch: begun (intent) or finished. */
export type SwitchRecord = v.InferOutput<typeof record>;

/** More undo steps than anyone takes; bounds the file. */
const MAX_SWITCHES = 50;

export class SwitchJournal {
  readonly #folder: string;
  readonly #write: typeof writeFileAtomic;

  constructor(folder: string, write = writeFileAtomic) {
    this.#folder = folder;
    this.#write = write;
  }

  /** The switch in progress, or the one a crash interrupted. */
  async intent(): Promise<SwitchRecord | null> {
    return this.#read('intent.json', v.nullable(record), null);
  }

  async begin(intent: SwitchRecord): Promise<void> {
    await this.#write(this.#path('intent.json'), JSON.stringify(intent));
  }

  /** The intent is carried out or taken back. */
  async end(): Promise<void> {
    await unlink(this.#path('intent.json')).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  /** Finished switches that can be undone, newest last. */
  async switches(): Promise<readonly SwitchRecord[]> {
    return this.#read('switches.json', v.array(record), []);
  }

  async setSwitches(switches: readonly SwitchRecord[]): Promise<void> {
    await this.#write(this.#path('switches.json'), JSON.stringify(switches.slice(-MAX_SWITCHES)));
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }

  /** A missing file is empty; a damaged one is set aside, never overwritten. */
  async #read<T>(name: string, schema: v.GenericSchema<unknown, T>, empty: T): Promise<T> {
    let text: string;
    try {
      text = await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return empty;
      throw error;
    }
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    await rename(this.#path(name), this.#path(`${name}.damaged`));
    return empty;
  }
}

/** A saved file as it stands in a record. */
export function toRecord(saved: SavedFile): SwitchRecord['before'] {
  return saved === null ? null : { base64: saved.bytes.toString('base64'), mode: saved.mode };
}

/** The saved file in a record. */
export function fromRecord(before: SwitchRecord['before']): SavedFile {
  return before === null ? null : { bytes: Buffer.from(before.base64, 'base64'), mode: before.mode };
}
