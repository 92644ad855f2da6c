/**
 * The gateway: a GOPROXY on loopback that survives what its upstreams do. `go` asks; the gateway answers from its cache, or
 * from whichever upstream delivers, and never with bytes that contradict the checksum database while it can be
 * asked. This file decides what is answered; who is asked when is race.ts, what was proven is checksum-database.ts, what
 * is kept is module-cache.ts, HTTP towards `go` is gateway-server.ts.
 */
import { join } from 'node:path';
import { escapeModule } from '../../shared/domain/module-path.ts';
import type { HttpAnswer } from '../system/http-client.ts';
import { askSize, askSmall, treePath } from './ask-upstream.ts';
import { CheckedFiles, type CheckedFilesOptions, type CheckedRoute } from './checked-files.ts';
import type { Cooldown } from './cooldown.ts';
import { isPseudo, newestFirst, oldestFirst, readInfo } from './judge-answer.ts';
import { ListUnion } from './list-union.ts';
import { isLookedUp, isPrivate } from './private-modules.ts';
import { type Attempt, type Raced, race, type Trouble } from './race.ts';
import { Revival } from './revival.ts';
import { isCanonical, type ModuleRoute, type Route, type SumdbFile } from './route.ts';
import { type ServableFile, unstoredBytes } from './servable-file.ts';
import type { TreeFiles } from './tree-files.ts';
import type { UpstreamOrder } from './upstream.ts';

/** What `go` is answered. */
export type Answer =
  | ({
      readonly status: 200;
      readonly contentType: string;
      readonly file: ServableFile;
    } & Origin)
  | ({ readonly status: number; readonly text: string } & Origin);

/** Where an answer came from. */
interface Origin {
  readonly upstream: string | null;
  readonly cached: boolean;
  readonly survived: readonly Trouble[];
}

/** A zip that is wanted. */
export type ZipRoute = Extract<ModuleRoute, { kind: 'mod' | 'zip' }>;

/** What is known of a zip before it is fetched. */
export interface ZipSize {
  /** null = no upstream says. */
  readonly bytes: number | null;
  readonly cached: boolean;
}

export interface GatewayOptions extends CheckedFilesOptions {
  readonly upstreams: UpstreamOrder;
  /** The folder of the cache, for what is not indexed. */
  readonly files: TreeFiles;
  readonly cooldown: Cooldown;
  readonly isOffline: boolean;
}

/** How long negative and unverified answers are kept. */
const NEGATIVE_MS = 5_000;
const UNVERIFIED_MS = 5 * 60_000;
const MAX_KEPT = 2_000;

const TYPES = {
  list: 'text/plain; charset=utf-8',
  latest: 'application/json',
  info: 'application/json',
  mod: 'text/plain; charset=utf-8',
  zip: 'application/zip',
} as const;

const NOWHERE: Origin = { upstream: null, cached: false, survived: [] };

export class Gateway {
  readonly #options: GatewayOptions;
  readonly #closing = new AbortController();
  readonly #running = new Map<string, Promise<Answer>>();
  readonly #kept = new Map<string, { readonly answer: Answer; readonly until: number }>();
  readonly #lists: ListUnion;
  readonly #checked: CheckedFiles;
  readonly #attempts = new Set<Promise<unknown>>();
  readonly #revival: Revival;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#revival = new Revival(options, options.upstreams);
    this.#checked = new CheckedFiles(options, (attempt) => this.#race(attempt), this.#closing.signal);
    this.#lists = new ListUnion(
      options,
      (route) => this.#hasVersion(route),
      (path, versions) => options.cooldown.listed(path, versions),
    );
  }

  /** Names of the databases whose paths are answered. */
  get databases(): readonly string[] {
    const { database } = this.#options;
    return database === null ? [] : [database.name];
  }

  /** Answers one request; `cachedOnly` as `Disable-Module-Fetch: true` has it. Never rejects. */
  async answer(route: Route, cachedOnly: boolean): Promise<Answer> {
    try {
      this.#revival.check();
      if (route.kind === 'refused') return { status: route.status, text: route.reason, ...NOWHERE };
      if (route.kind === 'sumdb') return await this.#sumdb(route.file);
      if (isPrivate(route.path, this.#options.patterns)) {
        return { status: 404, text: `${route.path} is private: no upstream is asked for it`, ...NOWHERE };
      }
      return await this.#module(route, cachedOnly);
    } catch (error) {
      return { status: 500, text: `internal error: ${error instanceof Error ? error.message : ''}`, ...NOWHERE };
    }
  }

  /** How large a zip is, without fetching it: of the cache, or as an upstream announces it. Never rejects. */
  async size(route: ZipRoute, signal: AbortSignal): Promise<ZipSize> {
    const unknown = { bytes: null, cached: false };
    if (isPrivate(route.path, this.#options.patterns)) return unknown;
    const stored = await this.#checked.stored(route);
    if (stored !== null) return { bytes: stored.bytes, cached: true };
    if (this.#options.isOffline) return unknown;
    const now = this.#options.clock.monotonic();
    for (const upstream of this.#options.upstreams.current(now)) {
      if (upstream.isOpen(now) || signal.aborted || this.#closing.signal.aborted) continue;
      const bytes = await askSize(this.#options, upstream, route, signal);
      if (bytes !== null) return { bytes, cached: false };
    }
    return unknown;
  }

  /** Cancels what is being fetched; resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#revival.close();
    await Promise.allSettled([...this.#running.values()]);
    await Promise.allSettled([...this.#attempts]);
  }

  /** One fetch for all who ask for the same at once. */
  #module(route: ModuleRoute, cachedOnly: boolean): Promise<Answer> {
    const key = `${cachedOnly ? 'cached ' : ''}${treePath(route)}`;
    const kept = cachedOnly ? undefined : this.#kept.get(key);
    if (kept !== undefined && kept.until > this.#options.clock.monotonic()) return Promise.resolve(kept.answer);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const answering = this.#fetchModule(route, cachedOnly).then(
      (answer) => {
        this.#running.delete(key);
        if (!cachedOnly) this.#keep(key, answer);
        return answer;
      },
      (error) => {
        this.#running.delete(key);
        throw error;
      },
    );
    this.#running.set(key, answering);
    return answering;
  }

  /** Keeps what must not be asked again at once: "not found", "blocked", and what could not be verified. */
  #keep(key: string, answer: Answer): void {
    const isNegative = answer.status === 404 || answer.status === 410 || answer.status === 403 || answer.status === 451;
    // What the cache has taken is its to serve: it may evict it.
    const isStored = 'file' in answer && answer.file.file === join(this.#options.cache.folder, key);
    const isUnverified =
      'file' in answer && !answer.cached && !answer.file.verified && !isStored && /\.(?:mod|zip)$/.test(key);
    if (!isNegative && !isUnverified) return;
    const until = this.#options.clock.monotonic() + (isNegative ? NEGATIVE_MS : UNVERIFIED_MS);
    this.#kept.delete(key);
    this.#kept.set(key, { answer: isUnverified ? { ...answer, cached: true, survived: [] } : answer, until });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? '');
  }

  async #fetchModule(route: ModuleRoute, cachedOnly: boolean): Promise<Answer> {
    switch (route.kind) {
      case 'list':
        return this.#list(route, cachedOnly);
      case 'latest':
        return this.#latest(route, cachedOnly);
      case 'info':
        return (await this.#held(route)) ?? this.#info(route, cachedOnly);
      case 'mod':
      case 'zip':
        return (await this.#held(route)) ?? this.#checkedFile(route, cachedOnly);
    }
  }

  /** The refusal of a version that the cooldown holds back; null for any other. What a branch names is checked later. */
  async #held({ path, version }: { readonly path: string; readonly version: string }): Promise<Answer | null> {
    const held = isCanonical(version) ? await this.#options.cooldown.held(path, version) : null;
    return held === null ? null : { status: held.status, text: held.text, ...NOWHERE };
  }

  async #list(route: Extract<ModuleRoute, { kind: 'list' }>, cachedOnly: boolean): Promise<Answer> {
    const { cache, isOffline, cooldown } = this.#options;
    const stored = () => cooldown.listed(route.path, cache.versions(escapeModule(route.path)));
    if (isOffline) {
      const versions = await stored();
      if (versions.length === 0) return this.#offline(route);
      return this.#fresh(route, Buffer.from(lines(versions.filter((one) => !isPseudo(one)))), null, []);
    }
    const union = await this.#lists.versions(route.path, cachedOnly, this.#closing.signal);
    if (union.kind === 'have') return this.#fresh(route, Buffer.from(lines(union.value)), null, union.troubles);
    const versions = union.kind === 'failed' ? await stored() : [];
    const listed = versions.filter((version) => !isPseudo(version));
    if (versions.length > 0) return this.#fresh(route, Buffer.from(lines(listed)), null, union.troubles);
    return refusal(union);
  }

  async #latest(route: Extract<ModuleRoute, { kind: 'latest' }>, cachedOnly: boolean): Promise<Answer> {
    const { cache, isOffline, cooldown } = this.#options;
    const stored = async () => {
      const versions = await cooldown.listed(route.path, cache.versions(escapeModule(route.path)));
      const [version] = newestFirst(versions);
      const file = version === undefined ? null : await cache.get(treePath({ ...route, kind: 'info', version }));
      return file === null ? null : this.#served(route, file, null, [], true);
    };
    if (isOffline) return (await stored()) ?? this.#offline(route);
    const newest = await this.#lists.latest(route.path, cachedOnly, this.#closing.signal);
    if (newest.kind === 'have') {
      const { version = null } = readInfo(newest.value) ?? {};
      const held = version === null ? null : await this.#held({ path: route.path, version });
      if (held !== null) return (await this.#newestListed(route, cachedOnly)) ?? held;
      // The same JSON as its `.info`.
      if (version !== null) await this.#keepInfo({ ...route, kind: 'info', version }, newest.value);
      return this.#fresh(route, newest.value, newest.from.name, newest.troubles);
    }
    return (newest.kind === 'failed' ? await stored() : null) ?? refusal(newest);
  }

  /** The newest version that is listed, when the cooldown holds back the newest of all; null when none is. */
  async #newestListed(route: Extract<ModuleRoute, { kind: 'latest' }>, cachedOnly: boolean): Promise<Answer | null> {
    const union = await this.#lists.versions(route.path, cachedOnly, this.#closing.signal);
    const [version] = union.kind === 'have' ? newestFirst(union.value) : [];
    return version === undefined ? null : this.#info({ ...route, kind: 'info', version }, cachedOnly);
  }

  async #info(route: Extract<ModuleRoute, { kind: 'info' }>, cachedOnly: boolean): Promise<Answer> {
    const { cache, isOffline } = this.#options;
    const stored = isCanonical(route.version) ? await cache.get(treePath(route)) : null;
    if (stored !== null) return this.#served(route, stored, null, [], true);
    if (isOffline) return this.#offline(route);
    const raced = await this.#askSmall(route, cachedOnly);
    if (raced.kind !== 'have') return refusal(raced);
    const { body } = raced.value;
    // A branch moves; what it names today is kept under the name of the version.
    if (!isCanonical(route.version)) {
      const { version = '' } = readInfo(body) ?? {};
      const held = await this.#held({ path: route.path, version });
      return held ?? this.#fresh(route, body, raced.from.name, raced.troubles);
    }
    const file = await this.#keepInfo(route, body);
    return this.#served(route, file, raced.from.name, raced.troubles, false);
  }

  /** Keeps an `.info`, and the list of what is cached beside it, as a `file://` proxy needs it. */
  async #keepInfo(route: Extract<ModuleRoute, { kind: 'info' }>, body: Buffer): Promise<ServableFile> {
    const { cache, files } = this.#options;
    const file = await cache.putBytes(treePath(route), body, false);
    const versions = cache.versions(escapeModule(route.path)).filter((version) => !isPseudo(version));
    await files.write(treePath({ kind: 'list', path: route.path }), Buffer.from(lines(versions)));
    return file;
  }

  /** Whether some upstream delivers a version (its `.info` is in the cache then); null when no upstream can be asked. */
  async #hasVersion(route: Extract<ModuleRoute, { kind: 'info' }>): Promise<boolean | null> {
    const { status } = await this.#module(route, false);
    if (status === 404 || status === 410) return false;
    return status === 200 ? true : null;
  }

  async #checkedFile(route: CheckedRoute, cachedOnly: boolean): Promise<Answer> {
    const stored = await this.#checked.stored(route);
    if (stored !== null) return this.#served(route, stored, null, [], true);
    if (this.#options.isOffline) return this.#offline(route);
    const raced = await this.#checked.fetch(route, cachedOnly);
    if (raced.kind !== 'have') return refusal(raced);
    return this.#served(route, raced.value, raced.from.name, raced.troubles, false);
  }

  #askSmall(route: Exclude<ModuleRoute, { kind: 'zip' }>, cachedOnly: boolean): Promise<Raced<HttpAnswer>> {
    return this.#race((upstream, signal) => askSmall(this.#options, upstream, route, cachedOnly, signal));
  }

  async #race<T>(attempt: Attempt<T>): Promise<Raced<T>> {
    const { clock, upstreams, cache } = this.#options;
    const { signal } = this.#closing;
    // An attempt that lost still has its file to close: `close` waits for it.
    const noted: Attempt<T> = (...args) => {
      const running = attempt(...args);
      this.#attempts.add(running);
      void running.finally(() => this.#attempts.delete(running));
      return running;
    };
    const raced = await race<T>({ upstreams: upstreams.current(clock.monotonic()), attempt: noted, clock, signal });
    if (raced.kind === 'have') {
      cache.count('survived', raced.troubles.length);
      if (raced.troubles.length > 0) cache.count('saved');
      if (raced.isHedge) cache.count('hedges');
    }
    return raced;
  }

  async #sumdb(file: SumdbFile): Promise<Answer> {
    const { database, patterns } = this.#options;
    if (database === null) return { status: 404, text: 'no checksum database', ...NOWHERE };
    const { signal } = this.#closing;
    switch (file.kind) {
      case 'supported':
        return (await database.isSupported(signal))
          ? this.#bytes(Buffer.alloc(0))
          : { status: 404, text: 'not relayed', ...NOWHERE };
      case 'latest':
        return this.#orMissing(await database.latest(signal));
      case 'tile':
        return this.#orMissing(await database.tile(file.level, file.index, file.width, signal));
      case 'data':
        return this.#orMissing(await database.data(file.path, signal));
      case 'lookup': {
        if (!isLookedUp(file.path, patterns))
          return { status: 404, text: `${file.path} is looked up nowhere`, ...NOWHERE };
        const found = await database.lookUp(file.path, file.version, signal);
        if (found.kind === 'have') return this.#bytes(found.record.answer);
        if (found.kind === 'unknown') return { status: found.status, text: found.text, ...NOWHERE };
        return { status: 502, text: `the checksum database cannot be reached: ${found.reason}`, ...NOWHERE };
      }
    }
  }

  #orMissing(body: Buffer | null): Answer {
    return body === null
      ? { status: 502, text: 'the checksum database cannot be reached', ...NOWHERE }
      : this.#bytes(body);
  }

  #bytes(body: Buffer): Answer {
    const file = unstoredBytes(body, this.#options.clock.now());
    return { status: 200, contentType: 'text/plain; charset=utf-8', file, ...NOWHERE };
  }

  /** An answer made now, of what is kept nowhere. */
  #fresh(route: ModuleRoute, body: Buffer, upstream: string | null, survived: readonly Trouble[]): Answer {
    return this.#served(route, unstoredBytes(body, this.#options.clock.now()), upstream, survived, false);
  }

  #served(
    route: ModuleRoute,
    file: ServableFile,
    upstream: string | null,
    survived: readonly Trouble[],
    cached: boolean,
  ): Answer {
    const { cache } = this.#options;
    if (cached) {
      cache.count('cacheHits');
      cache.count('cacheBytes', file.bytes);
    }
    return { status: 200, contentType: TYPES[route.kind], file, upstream, cached, survived };
  }

  #offline(route: ModuleRoute): Answer {
    return { status: 404, text: `${treePath(route)} is not in the cache, and the gateway is offline`, ...NOWHERE };
  }
}

function lines(versions: readonly string[]): string {
  return oldestFirst(versions)
    .map((version) => `${version}\n`)
    .join('');
}

/** The answer to `go` when no upstream has it. */
function refusal(raced: Exclude<Raced<unknown>, { kind: 'have' }>): Answer {
  const origin = { upstream: null, cached: false, survived: raced.troubles };
  switch (raced.kind) {
    case 'absent':
      return { status: raced.status, text: raced.text, ...origin };
    case 'blocked':
      return { status: raced.status, text: raced.text, ...origin, upstream: raced.from.name };
    case 'failed':
      return { status: 502, text: raced.reason, ...origin };
  }
}
