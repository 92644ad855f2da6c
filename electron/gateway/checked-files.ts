/**
 * go.mod files and zips: fetched from whichever upstream delivers them, and neither kept nor served before their hash is
 * that of the checksum database. What does not fit is an incident, and the next upstream is asked.
 */
import { open, rm } from 'node:fs/promises';
import { goModHash } from '../integrity/h1.ts';
import { zipHash } from '../integrity/zip-hash.ts';
import { type Asking, askSmall, treePath } from './ask-upstream.ts';
import type { ChecksumDatabase, LookedUp } from './checksum-database.ts';
import { downloadZip } from './download-zip.ts';
import type { GatewayEvent } from './gateway-events.ts';
import { isGoMod } from './judge-answer.ts';
import type { ModuleCache } from './module-cache.ts';
import { isLookedUp, type PrivatePatterns, TOOLCHAIN } from './private-modules.ts';
import type { Attempt, Attempted, Raced } from './race.ts';
import type { ModuleRoute } from './route.ts';
import { type ServableFile, unstoredBytes } from './servable-file.ts';
import { Transfers } from './transfers.ts';
import type { Upstream } from './upstream.ts';

/** Who is asked for checksums. */
export interface Databases {
  /** The database of GOSUMDB; null for `off`. */
  readonly database: ChecksumDatabase | null;
  /** What toolchains are checked by when GOSUMDB is `off`: their check cannot be switched off. */
  readonly toolchainDatabase: ChecksumDatabase;
  readonly patterns: PrivatePatterns;
}

export interface CheckedFilesOptions extends Asking, Databases {
  readonly cache: ModuleCache;
  /** Serves what cannot be looked up, unverified and not kept, while the database cannot be reached. Never a toolchain. */
  readonly allowUnverified: boolean;
  readonly emit: (event: GatewayEvent) => void;
}

/** A go.mod or zip that is wanted. */
export type CheckedRoute = Extract<ModuleRoute, { kind: 'mod' | 'zip' }>;

/** Asks the upstreams, as the gateway orders them. */
type RunRace = (attempt: Attempt<ServableFile>) => Promise<Raced<ServableFile>>;

export class CheckedFiles {
  readonly #options: CheckedFilesOptions;
  readonly #race: RunRace;
  readonly #signal: AbortSignal;
  readonly #transfers: Transfers;

  /** `signal` ends look-ups. */
  constructor(options: CheckedFilesOptions, race: RunRace, signal: AbortSignal) {
    this.#options = options;
    this.#race = race;
    this.#signal = signal;
    this.#transfers = new Transfers(options);
  }

  /** The cached file, unless a gateway that checked nothing has kept it. */
  async stored(route: CheckedRoute): Promise<ServableFile | null> {
    const stored = await this.#options.cache.get(treePath(route));
    return stored !== null && (stored.verified || databaseFor(this.#options, route.path) === null) ? stored : null;
  }

  /** Fetches and checks a file. Never rejects. */
  fetch(route: CheckedRoute, cachedOnly: boolean): Promise<Raced<ServableFile>> {
    const looking = this.#wanted(route);
    return route.kind === 'mod'
      ? this.#fetchMod(route, looking, cachedOnly)
      : this.#fetchZip(route, looking, cachedOnly);
  }

  /** What the database says of a file. */
  async #wanted(route: CheckedRoute): Promise<Wanted> {
    const asked = databaseFor(this.#options, route.path);
    if (asked === null) return { kind: 'unchecked' };
    const found = await asked.lookUp(route.path, route.version, this.#signal);
    if (found.kind === 'unreachable' && this.#options.allowUnverified && route.path !== TOOLCHAIN)
      return { kind: 'unknown' };
    return wantedHash(found, route);
  }

  #fetchMod(route: CheckedRoute, looking: Promise<Wanted>, cachedOnly: boolean): Promise<Raced<ServableFile>> {
    const { cache } = this.#options;
    return this.#race(async (upstream, signal, flight) => {
      const got = await askSmall(this.#options, upstream, { ...route, kind: 'mod' }, cachedOnly, signal);
      if (got.kind !== 'have') return got;
      flight.arrived();
      const wanted = await looking;
      const { body } = got.value;
      const path = treePath(route);
      if (wanted.kind === 'unreachable') return { kind: 'given-up', reason: unverifiable(wanted.reason) };
      const isRight = wanted.kind === 'hash' && goModHash(body) === wanted.hash;
      if (!isRight && !isGoMod(body)) {
        upstream.failed(this.#options.clock.monotonic(), null);
        return { kind: 'failed', reason: 'not a go.mod' };
      }
      if (wanted.kind === 'unknown') return { kind: 'have', value: unstoredBytes(body, this.#options.clock.now()) };
      if (wanted.kind === 'hash' && !isRight) {
        return this.#mismatch(upstream, route, goModHash(body), wanted.hash);
      }
      return { kind: 'have', value: await cache.putBytes(path, body, wanted.kind === 'hash') };
    });
  }

  #fetchZip(route: CheckedRoute, looking: Promise<Wanted>, cachedOnly: boolean): Promise<Raced<ServableFile>> {
    return this.#race(async (upstream, signal, flight) => {
      const download = await this.#options.cache.spoolFile();
      const transfer = this.#transfers.begin(`${route.path}@${route.version}`, upstream.name);
      try {
        const got = await downloadZip(this.#options, upstream, route, cachedOnly, download, signal, {
          bytes(received, total) {
            flight.arrived();
            transfer.bytes(received, total);
          },
          stalled: () => {
            transfer.stalled();
            flight.stalled();
          },
        });
        if (got.kind !== 'have') {
          await rm(download, { force: true });
          return got;
        }
        return await this.#takeZip(upstream, route, await looking, download, got.value, signal);
      } finally {
        transfer.end();
      }
    });
  }

  async #takeZip(
    upstream: Upstream,
    route: CheckedRoute,
    wanted: Wanted,
    download: string,
    bytes: number,
    signal: AbortSignal,
  ): Promise<Attempted<ServableFile>> {
    const { cache } = this.#options;
    cache.count('upstreamBytes', bytes);
    if (wanted.kind === 'unreachable') {
      await rm(download, { force: true });
      return { kind: 'given-up', reason: unverifiable(wanted.reason) };
    }
    const found = await hashOfZip(download, `${route.path}@${route.version}/`, signal);
    if (!found.ok) {
      await rm(download, { force: true });
      upstream.failed(this.#options.clock.monotonic(), null);
      return { kind: 'failed', reason: `not the zip of this module: ${found.reason}` };
    }
    if (wanted.kind === 'hash' && found.hash !== wanted.hash) {
      await cache.quarantine(download, `${treePath(route)}-${upstream.name}`);
      return this.#mismatch(upstream, route, found.hash, wanted.hash);
    }
    if (wanted.kind === 'unknown') return { kind: 'have', value: await cache.passOn(treePath(route), download, bytes) };
    return { kind: 'have', value: await cache.putFile(treePath(route), download, bytes, wanted.kind === 'hash') };
  }

  #mismatch(upstream: Upstream, route: CheckedRoute, got: string, want: string): Attempted<never> {
    const { emit, clock, cache } = this.#options;
    upstream.failed(clock.monotonic(), null);
    cache.count('incidents');
    emit({
      event: 'incident',
      kind: 'mismatch',
      upstream: upstream.name,
      module: `${route.path}@${route.version}`,
      got,
      want,
    });
    return { kind: 'failed', reason: `checksum mismatch of the ${route.kind}: ${got}`, isFinal: true };
  }
}

/** Where a module's checksum is asked; null where it is not. */
export function databaseFor(
  { database, toolchainDatabase, patterns }: Databases,
  path: string,
): ChecksumDatabase | null {
  if (path === TOOLCHAIN) return database ?? toolchainDatabase;
  return isLookedUp(path, patterns) ? database : null;
}

/** What a file must hash to. `unchecked`: no database is asked for this module. */
type Wanted =
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable'; readonly reason: string };

function wantedHash(found: LookedUp, { path, version, kind }: CheckedRoute): Wanted {
  if (found.kind !== 'have') return found;
  const hash = found.record.hashes.get(kind === 'mod' ? `${path} ${version}/go.mod` : `${path} ${version}`);
  return hash === undefined ? { kind: 'unknown' } : { kind: 'hash', hash };
}

function unverifiable(reason: string): string {
  return `cannot be verified, the checksum database cannot be reached: ${reason}`;
}

async function hashOfZip(file: string, prefix: string, signal: AbortSignal) {
  const handle = await open(file, 'r');
  try {
    return await zipHash(handle.fd, prefix, signal);
  } finally {
    await handle.close();
  }
}
