/**
 * The gateway's cache: a GOPROXY tree of files (`file://` works), an index beside it, and the small hot files in memory.
 * Files appear by renaming, so that a crash leaves none half-written, and several processes may share the folder. What a
 * process serves for the first time is checked by its hash first. Problems with the folder are reported, and do not stop it from serving.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type GatewayFigures, type GatewayTransfer, NO_FIGURES } from '../../shared/domain/gateway.ts';
import { unescapeModule } from '../../shared/domain/module-path.ts';
import type { Clock } from '../system/clock.ts';
import { errorMessage } from '../system/error-facts.ts';
import { readRegularFile } from '../system/read-file.ts';
import { type CacheEntry, CacheIndex, type Counter } from './cache-index.ts';
import { HOT_BYTES, HotFiles } from './hot-files.ts';
import type { ServableFile } from './servable-file.ts';

interface CacheOptions {
  readonly folder: string;
  /** Above this the files used longest ago go. */
  readonly maxBytes: number;
  readonly clock: Clock;
  readonly onProblem: (problem: string) => void;
}

/** Where the index, downloads in progress and refused files lie; no module path begins with a dot. */
const OWN_FOLDER = '.gopherbar';
/** How often uses and counters reach the index. */
const FLUSH_MS = 2_000;
/** Transfers that were noted longer ago belong to a process that has ended. */
const FRESH_TRANSFER_MS = 3_000;
/** How long a download is kept that the cache does not take. */
const UNSTORED_MS = 6 * 60_000;
/** A file that was handed out is not evicted before it was opened, or this long. */
const LENT_MS = 10_000;
/** Downloads older than this were left by a crash. */
const STALE_MS = 60 * 60_000;

export class ModuleCache {
  readonly folder: string;
  readonly #options: CacheOptions;
  #index: CacheIndex | null = null;
  readonly #hot = new HotFiles();
  /** Files whose hash this process has seen to be right. */
  readonly #checked = new Map<string, string>();
  readonly #used = new Set<string>();
  /** Absolute paths that were handed out and not opened yet: how often, and when last (monotonic). */
  readonly #lent = new Map<string, { readonly times: number; readonly at: number }>();
  readonly #temporary = new Set<string>();
  #counts: Partial<Record<Counter, number>> = {};
  #spool: string;
  #bytes = 0;
  #stopFlush: (() => void) | null = null;
  #stopEvict: (() => void) | null = null;
  #isClosed = false;
  #lastProblem = '';

  private constructor(options: CacheOptions) {
    this.folder = options.folder;
    this.#options = options;
    this.#spool = join(options.folder, OWN_FOLDER, 'spool');
  }

  /** Opens the cache; one that cannot be used serves nothing and takes nothing. Never rejects. */
  static async open(options: CacheOptions): Promise<ModuleCache> {
    const cache = new ModuleCache(options);
    await cache.#prepare();
    return cache;
  }

  /** A cached file, its bytes proven whole; null when there is none. */
  async get(path: string): Promise<ServableFile | null> {
    const hot = this.#hot.get(path);
    if (hot !== null) return this.#use(path, hot);
    const entry = this.#try((index) => index.get(path)) ?? null;
    if (entry === null) return null;
    const file = join(this.folder, path);
    const found = await this.#whole(entry, file);
    if (found === null) {
      await this.drop(path);
      return null;
    }
    if (found.body !== null) this.#hot.add(path, found);
    else this.#lend(path);
    return this.#use(path, found);
  }

  /** Takes a small file over. */
  async putBytes(path: string, body: Buffer, verified: boolean): Promise<ServableFile> {
    const entry = this.#entry(path, body.length, createHash('sha256').update(body).digest('base64url'), verified);
    const servable = { ...entry, body, file: null };
    await this.#store(entry, (to) => writeFile(to, body));
    this.#hot.add(path, servable);
    return servable;
  }

  /** Takes a finished download over; where it cannot, the download itself is what is served. */
  async putFile(path: string, download: string, bytes: number, verified: boolean): Promise<ServableFile> {
    const sha256 = await hashFile(download);
    const entry = this.#entry(path, bytes, sha256, verified);
    this.#lend(path);
    const isStored = await this.#store(entry, (to) => move(download, to));
    if (!isStored) this.#unstored(download);
    return { ...entry, body: null, file: isStored ? join(this.folder, path) : download };
  }

  /** A download that is served without being stored: it could not be verified. */
  async passOn(path: string, download: string, bytes: number): Promise<ServableFile> {
    this.#unstored(download);
    return { ...this.#entry(path, bytes, await hashFile(download), false), body: null, file: download };
  }

  /** Forgets a file. */
  async drop(path: string): Promise<void> {
    this.#hot.remove(path);
    this.#checked.delete(path);
    this.#try((index) => index.remove(path));
    await rm(join(this.folder, path), { force: true }).catch(() => {});
  }

  /** Canonical versions of a module of which something is cached. */
  versions(escapedPath: string): readonly string[] {
    const prefix = `${escapedPath}/@v/`;
    const paths = this.#try((index) => index.paths(prefix)) ?? [];
    const names = paths
      .filter((path) => path.endsWith('.info'))
      .map((path) => path.slice(prefix.length, -'.info'.length));
    return names.flatMap((name) => unescapeModule(name) ?? []);
  }

  /** A file on disk (absolute) that was handed out is open now: removing it does no harm. */
  opened(file: string): void {
    const lent = this.#lent.get(file);
    if (lent === undefined) return;
    if (lent.times > 1) this.#lent.set(file, { ...lent, times: lent.times - 1 });
    else this.#lent.delete(file);
  }

  /** A new file to download into, in the cache's file system where that can be written. */
  async spoolFile(): Promise<string> {
    const name = `${process.pid}-${randomUUID()}`;
    try {
      await mkdir(this.#spool, { recursive: true });
      await writeFile(join(this.#spool, name), '');
      return join(this.#spool, name);
    } catch (error) {
      this.#problem(error);
      this.#spool = join(tmpdir(), `gopherbar-spool-${process.getuid?.() ?? 0}`);
      await mkdir(this.#spool, { recursive: true }).catch(() => {});
      return join(this.#spool, name);
    }
  }

  /** Keeps a refused file for inspection; at most one for each name. */
  async quarantine(download: string, name: string): Promise<void> {
    const to = join(this.folder, OWN_FOLDER, 'quarantine', name.replaceAll(/[^\w.@+-]/g, '_').slice(-200));
    try {
      await mkdir(dirname(to), { recursive: true });
      await rename(download, to);
    } catch {
      await rm(download, { force: true }).catch(() => {});
    }
  }

  /** Keeps a download that is not to be stored for as long as it may be read. */
  #unstored(download: string): void {
    this.#temporary.add(download);
    this.#options.clock.after(UNSTORED_MS, () => {
      this.#temporary.delete(download);
      void rm(download, { force: true }).catch(() => {});
    });
  }

  count(counter: Counter, by = 1): void {
    this.#counts[counter] = (this.#counts[counter] ?? 0) + by;
    this.#flushSoon();
  }

  /** Notes a download for `gateway --follow`; null when it has ended. */
  transfer(id: string, json: string | null): void {
    this.#try((index) => index.transfer(id, json, this.#options.clock.now()));
  }

  /** What was counted, and what is being downloaded by any gateway of this cache. */
  activity(): { readonly figures: GatewayFigures; readonly transfers: readonly GatewayTransfer[] } {
    this.#flush();
    const now = this.#options.clock.now();
    const read = this.#try((index) => ({
      figures: index.figures(now),
      transfers: index.transfers(now - FRESH_TRANSFER_MS).map((json) => JSON.parse(json) as GatewayTransfer),
    }));
    return read ?? { figures: NO_FIGURES, transfers: [] };
  }

  /** Removes every file of the index, the records of checksum databases, and counters; the folder may hold others. */
  async clear(): Promise<void> {
    for (const path of this.#try((index) => index.paths('')) ?? []) await this.drop(path);
    this.#try((index) => index.clear());
    this.#bytes = 0;
    this.#counts = {};
    for (const own of ['sumdb', join(OWN_FOLDER, 'quarantine')]) {
      await rm(join(this.folder, own), { recursive: true, force: true }).catch(() => {});
    }
  }

  /** Something outside of the index went wrong with the folder. */
  readonly reportProblem = (error: unknown): void => this.#problem(error);

  /** Writes what is not written yet, and closes the index. */
  async close(): Promise<void> {
    this.#flush();
    this.#isClosed = true;
    this.#stopEvict?.();
    await Promise.all([...this.#temporary].map((file) => rm(file, { force: true }).catch(() => {})));
    this.#index?.close();
    this.#index = null;
  }

  async #prepare(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      this.#index = CacheIndex.open(join(this.folder, OWN_FOLDER, 'index.sqlite'));
      this.#bytes = this.#index.totals().bytes;
      const now = this.#options.clock.now();
      for (const name of await readdir(this.#spool).catch(() => [])) {
        const file = join(this.#spool, name);
        const found = await stat(file).catch(() => null);
        if (found !== null && now - found.mtimeMs > STALE_MS) await rm(file, { force: true });
      }
    } catch (error) {
      this.#problem(error);
    }
  }

  #entry(path: string, bytes: number, sha256: string, verified: boolean): CacheEntry {
    const modifiedAt = Math.floor(this.#options.clock.now() / 1_000) * 1_000;
    return { path, bytes, sha256, modifiedAt, verified };
  }

  async #store(entry: CacheEntry, place: (to: string) => Promise<void>): Promise<boolean> {
    const file = join(this.folder, entry.path);
    const temporary = `${file}.${randomUUID()}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await place(temporary);
      await rename(temporary, file);
      if (this.#index === null) await this.#prepare();
      if (this.#index === null) return false;
      this.#index.put(entry, this.#options.clock.now());
      this.#checked.set(entry.path, entry.sha256);
      this.#bytes += entry.bytes;
      if (this.#bytes > this.#options.maxBytes) await this.#evict();
      return true;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      this.#problem(error);
      this.#reopen(error);
      // It may stand there without being indexed: then it is fetched once more, and replaced.
      return (await stat(file).catch(() => null))?.size === entry.bytes;
    }
  }

  /** The file as indexed, its hash checked at the first use. */
  async #whole(entry: CacheEntry, file: string): Promise<ServableFile | null> {
    try {
      if (entry.bytes <= HOT_BYTES) {
        const read = await readRegularFile(file, HOT_BYTES);
        if (!read.ok) return null;
        const body = read.bytes;
        const sha256 = createHash('sha256').update(body).digest('base64url');
        return sha256 === entry.sha256 ? { ...entry, body, file: null } : null;
      }
      if ((await stat(file)).size !== entry.bytes) return null;
      if (this.#checked.get(entry.path) !== entry.sha256) {
        if ((await hashFile(file)) !== entry.sha256) return null;
        this.#checked.set(entry.path, entry.sha256);
      }
      return { ...entry, body: null, file };
    } catch {
      return null;
    }
  }

  async #evict(): Promise<void> {
    const index = this.#index;
    if (index === null) return;
    this.#flush();
    // Another process may have added or removed files.
    this.#bytes = index.totals().bytes;
    const now = this.#options.clock.monotonic();
    for (const [file, { at }] of this.#lent) if (now - at > LENT_MS) this.#lent.delete(file);
    while (this.#bytes > 0.9 * this.#options.maxBytes) {
      const oldest = index.oldest(50 + this.#lent.size).filter(({ path }) => !this.#lent.has(join(this.folder, path)));
      if (oldest.length === 0) {
        this.#evictLater();
        return;
      }
      for (const { path, bytes } of oldest) {
        if (this.#bytes <= 0.9 * this.#options.maxBytes) return;
        await this.drop(path);
        this.#bytes -= bytes;
      }
    }
  }

  #lend(path: string): void {
    const file = join(this.folder, path);
    const times = (this.#lent.get(file)?.times ?? 0) + 1;
    this.#lent.set(file, { times, at: this.#options.clock.monotonic() });
  }

  /** What is above the limit is still being handed out. */
  #evictLater(): void {
    if (this.#isClosed) return;
    this.#stopEvict ??= this.#options.clock.after(2 * LENT_MS, () => {
      this.#stopEvict = null;
      this.#evict().catch((error: unknown) => this.#problem(error));
    });
  }

  #use(path: string, file: ServableFile): ServableFile {
    this.#used.add(path);
    this.#flushSoon();
    return file;
  }

  /** No timer runs while nothing is used. */
  #flushSoon(): void {
    if (this.#isClosed) return;
    this.#stopFlush ??= this.#options.clock.after(FLUSH_MS, () => this.#flush());
  }

  #flush(): void {
    this.#stopFlush?.();
    this.#stopFlush = null;
    const counts = this.#counts;
    if (this.#used.size > 0) this.#try((index) => index.touch(this.#used, this.#options.clock.now()));
    this.#used.clear();
    this.#counts = {};
    if (Object.keys(counts).length > 0) this.#try((index) => index.count(counts, this.#options.clock.now()));
  }

  #try<T>(use: (index: CacheIndex) => T): T | null {
    if (this.#index === null) return null;
    try {
      return use(this.#index);
    } catch (error) {
      this.#problem(error);
      this.#reopen(error);
      return null;
    }
  }

  /** A folder that was removed takes the index with it: the next file creates both again. */
  #reopen(error: unknown): void {
    if (!/SQLITE|sqlite|database|disk I\/O/i.test(errorMessage(error))) return;
    try {
      this.#index?.close();
    } catch {
      // It is gone in any case.
    }
    this.#index = null;
    this.#checked.clear();
  }

  #problem(error: unknown): void {
    const problem = errorMessage(error);
    if (problem === this.#lastProblem) return;
    this.#lastProblem = problem;
    this.#options.onProblem(problem);
  }
}

/** Renames; between file systems it copies. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    await copyFile(from, to);
    await rm(from, { force: true });
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file, { highWaterMark: 256 * 1024 })) hash.update(bytes);
  return hash.digest('base64url');
}
