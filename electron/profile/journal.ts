/**
 * The switcher's state on disk: the intent of a change in progress with the processes it started, the finished
 * switches with what they replaced, and the settings after the last of them. Each file is written atomically, so
 * that a crash leaves the old or the new content.
 */
import { appendFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Outcome } from '../../shared/domain/outcome.ts';
import { PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import { errorCode } from '../system/error-facts.ts';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';
import { readTextIfRegular } from '../system/read-file.ts';
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

/** One switch, started or finished. */
export type SwitchRecord = v.InferOutput<typeof record>;
export type Intent = v.InferOutput<typeof intent>;
/** Finished switches that can be undone, newest last, and the settings after our last change. */
export type SwitchLog = v.InferOutput<typeof book>;

/** A line for each process of one switch. */
const MAX_CHILDREN_BYTES = 1024 * 1024;

/** More undo steps than anyone takes; bounds the file. */
const MAX_SWITCHES = 50;

/** The journal cannot be read or written: nothing can be switched or undone, and past switches are unknown. */
export class JournalError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.key}: ${JSON.stringify(problem.params)}`);
    this.problem = problem;
  }
}

/** Rejects with JournalError. */
export class SwitchJournal {
  readonly folder: string;
  readonly #intent: JsonFile<Intent | null>;
  readonly #book: JsonFile<SwitchLog>;

  constructor(folder: string, ports: JsonFilePorts) {
    this.folder = folder;
    this.#intent = new JsonFile({ ...ports, path: this.#path('intent.json'), schema: v.nullable(intent), empty: null });
    const empty: SwitchLog = { known: null, switches: [] };
    this.#book = new JsonFile({ ...ports, path: this.#path('switches.json'), schema: book, empty });
  }

  /** The change in progress, or the one a crash interrupted. */
  async intent(): Promise<Intent | null> {
    return orThrow(await this.#intent.read());
  }

  /** Notes an intent: a killed process leaves it. It survives a power failure only after `flushIntent`. */
  async begin(one: Intent): Promise<void> {
    orThrow(await this.#intent.replace(one, { flush: false }));
  }

  /** Takes a millisecond: done while the tools run. */
  async flushIntent(): Promise<void> {
    orThrow(await this.#intent.flush());
  }

  /** The intent has been carried out or reverted. */
  async end(): Promise<void> {
    const [done] = await Promise.all([this.#intent.remove(), remove(this.#path('children'))]);
    orThrow(done);
  }

  /** Notes a process that writes for the intent, at once: it outlives us if we are killed. */
  noteChild = (pid: number): void => {
    appendFileSync(this.#path('children'), `${pid}\n`, { mode: 0o600 });
  };

  /** The processes that were started for the intent. */
  async children(): Promise<readonly number[]> {
    const text = (await readTextIfRegular(this.#path('children'), MAX_CHILDREN_BYTES)) ?? '';
    return text.split('\n').flatMap((line) => (/^\d+$/.test(line) ? [Number(line)] : []));
  }

  async book(): Promise<SwitchLog> {
    return orThrow(await this.#book.read());
  }

  async setBook({ known, switches }: SwitchLog): Promise<void> {
    orThrow(await this.#book.replace({ known, switches: switches.slice(-MAX_SWITCHES) }));
  }

  /** Resolves when all writes have ended. */
  async close(): Promise<void> {
    await Promise.all([this.#intent.close(), this.#book.close()]);
  }

  #path(name: string): string {
    return join(this.folder, name);
  }
}

function orThrow<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new JournalError(outcome.problem);
}

async function remove(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
}

/** The record form of a saved file. */
export function toRecord(saved: SavedFile): { base64: string; mode: number } | null {
  return saved === null ? null : { base64: saved.bytes.toString('base64'), mode: saved.mode };
}

/** The saved file in a record. */
export function fromRecord(before: SwitchRecord['files'][number]['before']): SavedFile {
  return before === null ? null : { bytes: Buffer.from(before.base64, 'base64'), mode: before.mode };
}
