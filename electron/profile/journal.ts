/**
 * What the switcher remembers on disk: the intent of a change in progress with the processes it started, the finished
 * switches with what they replaced, and what was in force after the last of them. Each file is written in one step, so
 * that a crash leaves the old text or the new.
 */
import { appendFileSync } from 'node:fs';
import { readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import { errorCode } from '../system/error-facts.ts';
import { flushFile, writeFileAtomic } from '../system/files.ts';
import type { SavedFile } from './env-file.ts';

const variables = v.object(v.entriesFromList(PROFILE_VARIABLES, v.optional(v.string())));
const git = v.array(v.object({ key: v.string(), value: v.nullable(v.string()) }));
const names = v.array(v.picklist(PROFILE_VARIABLES));

const record = v.object({
  id: v.string(),
  /** The profile that was active before; null when none was. */
  from: v.nullable(v.string()),
  to: v.string(),
  at: v.number(),
  variables,
  git,
  files: v.array(
    v.object({
      role: v.picklist(['go', 'git']),
      path: v.string(),
      /** The file before the switch; null = absent. */
      before: v.nullable(v.object({ base64: v.string(), mode: v.number() })),
      /** Fingerprint of the file as the switch left it; absent in an intent. */
      after: v.optional(v.string()),
    }),
  ),
});

const intent = v.object({ doing: v.picklist(['apply', 'undo']), record });

const known = v.object({ effective: variables, set: names, unknown: names, git: v.nullable(git) });

const book = v.object({ known: v.nullable(known), switches: v.array(record) });

/** One switch: begun or finished. */
export type SwitchRecord = v.InferOutput<typeof record>;
export type Intent = v.InferOutput<typeof intent>;
/** Finished switches that can be undone, newest last, and what was in force when we last had a hand in it. */
export type SwitchLog = v.InferOutput<typeof book>;

/** More undo steps than anyone takes; bounds the file. */
const MAX_SWITCHES = 50;

export class SwitchJournal {
  readonly folder: string;
  readonly #write: typeof writeFileAtomic;

  constructor(folder: string, write = writeFileAtomic) {
    this.folder = folder;
    this.#write = write;
  }

  /** The change in progress, or the one a crash interrupted. */
  async intent(): Promise<Intent | null> {
    return this.#read('intent.json', v.nullable(intent), null);
  }

  /** Notes an intent: a killed process leaves it. On the disk itself it is after `flushIntent`. */
  async begin(one: Intent): Promise<void> {
    await this.#write(this.#path('intent.json'), JSON.stringify(one), 0o600, false);
  }

  /** Takes a millisecond: done while the tools run. */
  async flushIntent(): Promise<void> {
    await flushFile(this.#path('intent.json'));
  }

  /** The intent is carried out or taken back. */
  async end(): Promise<void> {
    await Promise.all([remove(this.#path('intent.json')), remove(this.#path('children'))]);
  }

  /** Notes a process that writes for the intent, at once: it outlives us if we are killed. */
  noteChild = (pid: number): void => {
    appendFileSync(this.#path('children'), `${pid}\n`, { mode: 0o600 });
  };

  /** The processes that were started for the intent. */
  async children(): Promise<readonly number[]> {
    const text = await readFile(this.#path('children'), 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []));
  }

  async book(): Promise<SwitchLog> {
    return this.#read('switches.json', book, { known: null, switches: [] });
  }

  async setBook({ known, switches }: SwitchLog): Promise<void> {
    const text = JSON.stringify({ known, switches: switches.slice(-MAX_SWITCHES) });
    await this.#write(this.#path('switches.json'), text);
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  /** A missing file is empty; a damaged one is set aside, never overwritten. */
  async #read<T>(name: string, schema: v.GenericSchema<unknown, T>, empty: T): Promise<T> {
    let text: string;
    try {
      text = await readFile(this.#path(name), 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return empty;
      throw error;
    }
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (parsed.success) return parsed.output;
    await rename(this.#path(name), this.#path(`${name}.damaged`));
    return empty;
  }
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}

/** A saved file as it stands in a record. */
export function toRecord(saved: SavedFile): { base64: string; mode: number } | null {
  return saved === null ? null : { base64: saved.bytes.toString('base64'), mode: saved.mode };
}

/** The saved file in a record. */
export function fromRecord(before: SwitchRecord['files'][number]['before']): SavedFile {
  return before === null ? null : { bytes: Buffer.from(before.base64, 'base64'), mode: before.mode };
}
