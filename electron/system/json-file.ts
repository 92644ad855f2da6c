/**
 * A small JSON document on disk, kept by one owner. Changes run one after another, each is written atomically, and what
 * cannot be parsed is never overwritten: a damaged file is renamed, one of a newer version is left alone.
 */
import { existsSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import * as v from 'valibot';
import { DONE, type Failure, failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Clock } from './clock.ts';
import { errorDetail } from './error-facts.ts';
import { type HeldLock, waitForLock } from './exclusive-lock.ts';
import { flushFile, writeFileAtomic } from './files.ts';
import type { Log } from './log.ts';
import { readRegularFile, unreadDetail } from './read-file.ts';

/** Far above any document of ours; a larger file is not ours. */
const MAX_BYTES = 64 * 1024 * 1024;

/** An update takes a few milliseconds: another process that holds the lock for longer hangs. */
const LOCK_PATIENCE_MS = 5_000;

/** Shared options of every document in the data folder. */
export interface JsonFilePorts {
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Called with problems of the file to show: `file-damaged`, `file-newer`, `file-not-readable`, `file-not-written`.
   */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  /** Replaced by tests that fill the disk. */
  readonly write?: typeof writeFileAtomic | undefined;
}

export interface JsonFileOptions<T> extends JsonFilePorts {
  readonly path: string;
  /** Of the whole document. A number `schema` in an object above `version` says that a newer Gopherbar wrote it. */
  readonly schema: v.GenericSchema<unknown, T>;
  /** The value of a missing or damaged file. */
  readonly empty: T;
  /** 1 unless given. */
  readonly version?: number | undefined;
  /** Other processes update it as well: each update takes the lock file `<path>.lock`. */
  readonly shared?: boolean | undefined;
}

/** See the head of this file. Nothing rejects; failures are values and reach the log. */
export class JsonFile<T> {
  readonly path: string;
  readonly #options: JsonFileOptions<T>;
  #queue: Promise<unknown> = Promise.resolve();
  #reported = '';

  constructor(options: JsonFileOptions<T>) {
    this.path = options.path;
    this.#options = options;
  }

  /** The document as it is on disk, after all earlier changes. Fails when it cannot be read or is newer. */
  read(): Promise<Outcome<T>> {
    return this.#enqueue(() => this.#read());
  }

  /** Reads the document and writes what `change` makes of it; returns that. On a failure the file stays as it was. */
  update(change: (document: T) => T): Promise<Outcome<T>> {
    return this.#enqueue(() => this.#locked(() => this.#update(change)));
  }

  /** Writes a document over any content except a newer version's. `flush: false` leaves flushing to `flush()`. */
  replace(document: T, { flush = true } = {}): Promise<Outcome> {
    return this.#enqueue(async () => {
      const now = await this.#read();
      return now.ok ? this.#write(document, flush) : now;
    });
  }

  /** Flushes the file to the disk. */
  flush(): Promise<Outcome> {
    return this.#enqueue(() => this.#attempt(() => flushFile(this.path)));
  }

  /** Deletes the file; a missing one is fine. */
  remove(): Promise<Outcome> {
    return this.#enqueue(() => this.#attempt(() => unlink(this.path), 'ENOENT'));
  }

  /** Resolves when every requested write has completed or failed. */
  async close(): Promise<void> {
    let last: Promise<unknown>;
    do {
      last = this.#queue;
      await last;
    } while (last !== this.#queue);
  }

  #enqueue<R>(act: () => Promise<R>): Promise<R> {
    const done = this.#queue.then(act);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #locked<R>(act: () => Promise<Outcome<R>>): Promise<Outcome<R>> {
    if (this.#options.shared !== true) return act();
    let lock: HeldLock | null;
    try {
      lock = await waitForLock(`${this.path}.lock`, LOCK_PATIENCE_MS);
    } catch (error) {
      return this.#fail('file-not-written', { detail: errorDetail(error) });
    }
    if (lock === null) return this.#fail('file-not-written', { detail: 'locked' });
    try {
      return await act();
    } finally {
      lock.release();
    }
  }

  async #update(change: (document: T) => T): Promise<Outcome<T>> {
    const now = await this.#read();
    if (!now.ok) return now;
    const next = change(now.value);
    const written = await this.#write(next, true);
    return written.ok ? succeeded(next) : written;
  }

  async #read(): Promise<Outcome<T>> {
    const { empty, schema, version = 1 } = this.#options;
    const file = await readRegularFile(this.path, MAX_BYTES);
    if (!file.ok) {
      if (file.why === 'missing') return succeeded(empty);
      return this.#fail('file-not-readable', { detail: unreadDetail(file) });
    }
    const document = parse(file.bytes);
    const written = versionOf(document);
    if (written !== null && written > version) {
      return this.#fail('file-newer', { version: written, known: version });
    }
    const parsed = v.safeParse(schema, document);
    if (!parsed.success) return this.#setAside();
    this.#reported = '';
    return succeeded(parsed.output);
  }

  async #setAside(): Promise<Outcome<T>> {
    const aside = asideOf(this.path, this.#options.clock.now());
    try {
      await rename(this.path, aside);
    } catch (error) {
      return this.#fail('file-not-readable', { detail: errorDetail(error) });
    }
    this.#fail('file-damaged', { aside });
    return succeeded(this.#options.empty);
  }

  #write(document: T, flush: boolean): Promise<Outcome> {
    const write = this.#options.write ?? writeFileAtomic;
    return this.#attempt(() => write(this.path, JSON.stringify(document), 0o600, flush));
  }

  async #attempt(act: () => Promise<unknown>, harmless?: string): Promise<Outcome> {
    try {
      await act();
      return DONE;
    } catch (error) {
      const detail = errorDetail(error);
      return detail === harmless ? DONE : this.#fail('file-not-written', { detail });
    }
  }

  /** Reports a problem once until another outcome occurs, so that a file read every minute does not fill the log. */
  #fail(key: string, facts: Problem['params']): Failure {
    const failure = failed(key, { file: this.path, ...facts });
    const seen = JSON.stringify(failure);
    if (seen !== this.#reported) {
      this.#options.log.warn(key, failure.problem.params);
      this.#options.onProblem?.(failure.problem);
    }
    this.#reported = seen;
    return failure;
  }
}

/** undefined for what is not JSON in UTF-8, which fits no schema. */
function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function versionOf(document: unknown): number | null {
  if (typeof document !== 'object' || document === null || !('schema' in document)) return null;
  return typeof document.schema === 'number' ? document.schema : null;
}

/** `<path>.damaged-20261126T061500Z`, numbered when that name is taken. */
function asideOf(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const aside = `${path}.damaged-${stamp}`;
  let free = aside;
  for (let copy = 2; existsSync(free); copy++) free = `${aside}-${copy}`;
  return free;
}
