/**
 * A checksum database as the gateway sees it: records and tiles from whichever upstream relays them, or from the database
 * itself, and none believed before its signature, its place in the tree and the tree's growth are proven. What is served
 * to `go` is only what was proven here; `go` proves it once more.
 * Sources: golang.org/x/mod/sumdb (client.go), cmd/go/internal/modfetch/sumdb.go.
 */
import { lookupPath } from '../../shared/domain/module-path.ts';
import type { HeadHistory } from '../integrity/head-history.ts';
import { parseLookup } from '../integrity/lookup.ts';
import { leafHash, proveConsistency, provenTile, proveRecord, type ReadTile, tilePath } from '../integrity/merkle.ts';
import { openNote } from '../integrity/note.ts';
import { parseTreeHead, type TreeHead } from '../integrity/tree-head.ts';
import type { VerifierKey } from '../integrity/verifier-key.ts';
import { type Asking, CANCELLED, notOk, requestFor } from './ask-upstream.ts';
import type { GatewayEvent, IncidentEvent } from './gateway-events.ts';
import { type Attempted, type Raced, race } from './race.ts';
import { type Head, headOf, type ProvenRecord, recordOf } from './signed-answers.ts';
import type { TreeFiles } from './tree-files.ts';
import { Upstream, type UpstreamOrder } from './upstream.ts';

/** What looking a module up gave. */
export type LookedUp =
  | { readonly kind: 'have'; readonly record: ProvenRecord }
  /** The database does not know the module: private, or not public yet. */
  | { readonly kind: 'unknown'; readonly status: 404 | 410; readonly text: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface DatabaseOptions extends Asking {
  readonly name: string;
  readonly key: VerifierKey;
  /** Where the database is asked; no slash at the end. */
  readonly url: string;
  /** Only there: upstreams that relay it are passed by. */
  readonly isDirect: boolean;
  readonly upstreams: UpstreamOrder;
  readonly files: TreeFiles;
  /** Learns of every head that was proven. */
  readonly history: HeadHistory;
  readonly isOffline: boolean;
  readonly emit: (event: GatewayEvent) => void;
}

const MAX_LOOKUP_BYTES = 64 * 1024;
/** 256 hashes of 32 bytes; tiles of records are larger. */
const MAX_TILE_BYTES = 1024 * 1024;
/** How long an upstream's word is kept that it relays the database, or does not. */
const RELAYS_MS = 5 * 60_000;
/** How long it may take to find out whether the database can be asked. */
const SUPPORTED_MS = 10_000;
/** How long "unknown" is kept (the gateway keeps no negative answer longer). */
const UNKNOWN_MS = 5_000;
/** How often one tile is asked of one source. */
const TILE_TRIES = 4;

export class ChecksumDatabase {
  readonly name: string;
  readonly #options: DatabaseOptions;
  readonly #own: Upstream;
  readonly #relays = new Map<Upstream, { readonly does: boolean; readonly until: number }>();
  readonly #records = new Map<string, Promise<LookedUp>>();
  readonly #unknown = new Map<string, { readonly answer: LookedUp; readonly until: number }>();
  readonly #proven = new Map<string, Buffer>();
  #head: Promise<Head | null> | null = null;

  constructor(options: DatabaseOptions) {
    this.name = options.name;
    this.#options = options;
    this.#own = new Upstream(options.url);
  }

  /** The proven record of a module. Never rejects. */
  lookUp(path: string, version: string, signal: AbortSignal): Promise<LookedUp> {
    const key = `${path}@${version}`;
    const kept = this.#unknown.get(key);
    if (kept !== undefined && kept.until > this.#options.clock.monotonic()) return Promise.resolve(kept.answer);
    const running = this.#records.get(key);
    if (running !== undefined) return running;
    const looking = this.#lookUp(path, version, signal).finally(() => this.#records.delete(key));
    this.#records.set(key, looking);
    return looking;
  }

  /** Whether look-ups can be answered: 200 of `supported`. */
  async isSupported(signal: AbortSignal): Promise<boolean> {
    if (this.#options.isOffline) return (await this.#options.files.read(this.#path('supported'))) !== null;
    // `go` asks for this first of all, and would wait forever.
    const patience = new AbortController();
    const giveUp = () => patience.abort();
    const stopTimer = this.#options.clock.after(SUPPORTED_MS, giveUp);
    signal.addEventListener('abort', giveUp);
    const asked = await this.#ask(async (source, stop) => this.#supports(source, stop), patience.signal);
    stopTimer();
    signal.removeEventListener('abort', giveUp);
    if (asked.kind === 'have') return true;
    return (await this.#options.files.read(this.#path('supported'))) !== null;
  }

  /** The signed head that was proven last; asked for when none is known. */
  async latest(signal: AbortSignal): Promise<Buffer | null> {
    return (await this.#currentHead(signal))?.note ?? null;
  }

  /** The first `width` hashes of a tile, proven by the head that is known. */
  async tile(level: number, index: number, width: number, signal: AbortSignal): Promise<Buffer | null> {
    const stored = await this.#storedTile(tilePath(level, index, width));
    if (stored !== null) return stored;
    let head = await this.#currentHead(signal);
    if (head !== null && widthIn(head.tree, level, index) < width) head = await this.#refresh(signal);
    if (head === null) return null;
    const { tree } = head;
    const asked = await this.#ask<Buffer>(async (source, stop) => {
      const reader = this.#reader(source, stop);
      try {
        const found = await provenTile(level, index, tree, reader.read);
        if (found === null) return { kind: 'failed', reason: 'tiles that do not fit the tree', isFinal: true };
        await this.#keep(reader.tiles);
        return { kind: 'have', value: found };
      } catch (error) {
        return failure(error);
      }
    }, signal);
    if (asked.kind !== 'have' || asked.value.length < width * 32) return null;
    return asked.value.subarray(0, width * 32);
  }

  /** Asks for the newest head, so that the history goes on when nothing is looked up. Never rejects. */
  async observe(signal: AbortSignal): Promise<void> {
    await this.#refresh(signal);
  }

  /** The heads that were seen over time. */
  get history(): HeadHistory {
    return this.#options.history;
  }

  /** A tile of records, as a source has it: `go` does not ask for them, and proves them itself. */
  async data(path: string, signal: AbortSignal): Promise<Buffer | null> {
    const asked = await this.#ask((source, stop) => this.#get(source, path, MAX_TILE_BYTES, stop), signal);
    return asked.kind === 'have' ? asked.value : null;
  }

  async #lookUp(path: string, version: string, signal: AbortSignal): Promise<LookedUp> {
    const module = { path, version };
    const file = lookupPath(module);
    const stored = await this.#options.files.read(this.#path(file));
    const kept = stored === null ? null : recordOf(stored, path, version, this.#options.key);
    if (kept !== null) return { kind: 'have', record: kept };
    if (this.#options.isOffline) return { kind: 'unreachable', reason: 'offline' };
    const asked = await this.#ask((source, stop) => this.#prove(source, path, version, stop), signal);
    if (asked.kind === 'have') {
      await this.#options.files.write(this.#path(file), asked.value.answer);
      await this.#options.files.write(this.#path('supported'), Buffer.alloc(0));
      return { kind: 'have', record: asked.value };
    }
    if (asked.kind === 'failed') return { kind: 'unreachable', reason: asked.reason };
    if (asked.kind === 'blocked') return { kind: 'unreachable', reason: `${asked.from.name}: status ${asked.status}` };
    const answer = { kind: 'unknown', status: asked.status, text: asked.text } as const;
    this.#unknown.set(`${path}@${version}`, { answer, until: this.#options.clock.monotonic() + UNKNOWN_MS });
    if (this.#unknown.size > 1_000) this.#unknown.delete(this.#unknown.keys().next().value ?? '');
    return answer;
  }

  /** Fetches a record from one source and proves it. */
  async #prove(source: Upstream, path: string, version: string, signal: AbortSignal): Promise<Attempted<ProvenRecord>> {
    const got = await this.#get(source, lookupPath({ path, version }), MAX_LOOKUP_BYTES, signal);
    if (got.kind !== 'have') return got;
    const lookup = parseLookup(got.value);
    if (!lookup.ok) return { kind: 'failed', reason: `${lookup.reason} instead of a record` };
    const incident = (kind: IncidentEvent['kind'], found: string, want: string) =>
      this.#incident(source, kind, `${path}@${version}`, found, want);
    const note = openNote(lookup.note, this.#options.key);
    if (!note.ok) return incident('signature', note.reason, `a note signed by ${this.name}`);
    const record = recordOf(got.value, path, version, this.#options.key);
    if (record === null) return incident('wrong-module', firstLine(lookup.record), `${path} ${version}`);
    const tree = parseTreeHead(note.text);
    if (!tree.ok) return { kind: 'failed', reason: tree.reason };
    const reader = this.#reader(source, signal);
    try {
      const grown = await this.#advance({ tree, note: lookup.note }, reader.read);
      if (!grown.ok)
        return incident('fork', `${tree.size} records, root ${tree.rootHash.toString('base64')}`, grown.want);
      const proof = await proveRecord(lookup.id, leafHash(lookup.record), grown.head.tree, reader.read);
      if (!proof.ok) return incident('signature', proof.reason, `record ${lookup.id} of the signed tree`);
      await this.#keep(reader.tiles);
      return { kind: 'have', value: record };
    } catch (error) {
      return failure(error);
    }
  }

  /**
   * Checks that a signed head and the one that is known belong to one growing tree, and remembers the larger. Rejects when
   * a tile cannot be read.
   */
  async #advance(
    found: Head,
    read: ReadTile,
  ): Promise<{ readonly ok: true; readonly head: Head } | { readonly ok: false; readonly want: string }> {
    for (;;) {
      const known = await this.#remembered();
      const [older, newer] = known === null || known.tree.size <= found.tree.size ? [known, found] : [found, known];
      const start: TreeHead = older?.tree ?? { size: 0, rootHash: Buffer.alloc(0) };
      const proof = await proveConsistency(start, newer.tree, read);
      if (!proof.ok) {
        const root = known?.tree.rootHash.toString('base64') ?? '';
        return {
          ok: false,
          want: `a tree that continues ${known?.tree.size ?? 0} records, root ${root}: ${proof.reason}`,
        };
      }
      // Another look-up may have moved on meanwhile.
      if ((await this.#remembered()) !== known) continue;
      if (newer !== known) this.#head = Promise.resolve(newer);
      await this.#options.history.saw(found.note);
      if (newer === known) return { ok: true, head: known };
      await this.#options.files.write(this.#path('latest'), newer.note);
      return { ok: true, head: newer };
    }
  }

  #remembered(): Promise<Head | null> {
    this.#head ??= this.#options.files.read(this.#path('latest')).then((note) => headOf(note, this.#options.key));
    return this.#head;
  }

  async #currentHead(signal: AbortSignal): Promise<Head | null> {
    return (await this.#remembered()) ?? this.#refresh(signal);
  }

  /** Asks for the newest signed head and proves that it continues the known one. */
  async #refresh(signal: AbortSignal): Promise<Head | null> {
    if (this.#options.isOffline) return this.#remembered();
    const asked = await this.#ask<Head>(async (source, stop) => {
      const got = await this.#get(source, 'latest', MAX_LOOKUP_BYTES, stop);
      if (got.kind !== 'have')
        return got.kind === 'absent' ? { kind: 'failed', reason: 'no head', isFinal: true } : got;
      const head = headOf(got.value, this.#options.key);
      if (head === null)
        return this.#incident(source, 'signature', this.name, firstLine(got.value), 'a signed tree head');
      const reader = this.#reader(source, stop);
      try {
        const grown = await this.#advance(head, reader.read);
        if (!grown.ok) return this.#incident(source, 'fork', this.name, `${head.tree.size} records`, grown.want);
        await this.#keep(reader.tiles);
        return { kind: 'have', value: grown.head };
      } catch (error) {
        return failure(error);
      }
    }, signal);
    return asked.kind === 'have' ? asked.value : this.#remembered();
  }

  /** Asks the sources: upstreams that relay the database, then the database itself. */
  #ask<T>(
    attempt: (source: Upstream, signal: AbortSignal) => Promise<Attempted<T>>,
    signal: AbortSignal,
  ): Promise<Raced<T>> {
    const { clock, upstreams: order, isDirect } = this.#options;
    const relays = isDirect ? [] : order.current(clock.monotonic());
    return race<T>({
      upstreams: [...relays, this.#own],
      ...(relays.length === 0 ? {} : { lastResort: this.#own }),
      clock,
      signal,
      attempt: async (source, stop) => {
        if (source !== this.#own) {
          const supports = await this.#supports(source, stop);
          if (supports.kind !== 'have') return supports;
        }
        return attempt(source, stop);
      },
    });
  }

  /** Whether a source answers for the database; the own address is asked for its head. */
  async #supports(source: Upstream, signal: AbortSignal): Promise<Attempted<true>> {
    const { clock } = this.#options;
    const known = this.#relays.get(source);
    const isFresh = known !== undefined && known.until > clock.monotonic();
    if (isFresh) return known.does ? { kind: 'have', value: true } : NOT_RELAYED;
    const got = await this.#get(source, source === this.#own ? 'latest' : 'supported', MAX_LOOKUP_BYTES, signal);
    if (got.kind === 'failed' || got.kind === 'given-up') return got;
    const does = got.kind === 'have';
    this.#relays.set(source, { does, until: clock.monotonic() + RELAYS_MS });
    return does ? { kind: 'have', value: true } : NOT_RELAYED;
  }

  async #get(source: Upstream, path: string, maxBytes: number, signal: AbortSignal): Promise<Attempted<Buffer>> {
    const { client, clock } = this.#options;
    const began = clock.monotonic();
    const below = source === this.#own ? path : `sumdb/${this.name}/${path}`;
    const result = await client.fetch(requestFor(source, below, false, maxBytes, signal));
    if (result.outcome === 'cancelled') return CANCELLED;
    if (result.outcome === 'failed') {
      source.failed(clock.monotonic(), null);
      return { kind: 'failed', reason: `${result.failure.cause} (${result.failure.message})` };
    }
    const { answer } = result;
    if (answer.status !== 200) return notOk(this.#options, source, answer, answer.body, clock.monotonic() - began);
    if (/^\s*<(?:!doctype|html)/i.test(answer.body.toString('latin1', 0, 64))) {
      source.failed(clock.monotonic(), null);
      return { kind: 'failed', reason: 'an HTML page' };
    }
    source.succeeded(clock.monotonic(), clock.monotonic() - began);
    return { kind: 'have', value: answer.body };
  }

  /** Reads tiles from the cache or one source, and keeps account of those that are new. */
  #reader(source: Upstream, signal: AbortSignal): { readonly read: ReadTile; readonly tiles: Map<string, Buffer> } {
    const tiles = new Map<string, Buffer>();
    const read: ReadTile = async (path) => {
      const known = tiles.get(path) ?? (await this.#storedTile(path));
      if (known !== null) return known;
      for (let tries = 1; ; tries += 1) {
        const got = await this.#get(source, path, MAX_TILE_BYTES, signal);
        if (got.kind === 'have' && got.value.length === tileBytes(path)) {
          tiles.set(path, got.value);
          return got.value;
        }
        const isFinal = got.kind !== 'have' && (got.kind !== 'failed' || got.isFinal === true);
        if (isFinal || tries === TILE_TRIES) throw new Error(`${path}: ${'reason' in got ? got.reason : got.kind}`);
      }
    };
    return { read, tiles };
  }

  async #storedTile(path: string): Promise<Buffer | null> {
    return this.#proven.get(path) ?? (await this.#options.files.read(this.#path(path)));
  }

  /** Keeps tiles that were part of a proof that held. */
  async #keep(tiles: ReadonlyMap<string, Buffer>): Promise<void> {
    for (const [path, bytes] of tiles) {
      this.#proven.set(path, bytes);
      if (this.#proven.size > 200) this.#proven.delete(this.#proven.keys().next().value ?? '');
      await this.#options.files.write(this.#path(path), bytes);
    }
  }

  #incident(
    source: Upstream,
    kind: IncidentEvent['kind'],
    module: string,
    got: string,
    want: string,
  ): Attempted<never> {
    source.failed(this.#options.clock.monotonic(), null);
    this.#options.emit({ event: 'incident', kind, upstream: source.name, module, got, want });
    return { kind: 'failed', reason: `${kind}: ${got}`, isFinal: true };
  }

  #path(file: string): string {
    return `sumdb/${this.name}/${file}`;
  }
}

const NOT_RELAYED: Attempted<never> = { kind: 'failed', reason: 'does not relay it', isFinal: true, isSilent: true };

function failure(error: unknown): Attempted<never> {
  return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
}

/** How many hashes a tile of this tree has. */
function widthIn(tree: TreeHead, level: number, index: number): number {
  return Math.min(256, Math.floor(tree.size / 256 ** level) - index * 256);
}

/** How long a tile of hashes is, by its path. */
function tileBytes(path: string): number {
  return 32 * Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256);
}

function firstLine(bytes: Buffer): string {
  return (bytes.toString('utf8', 0, 200).split('\n')[0] ?? '').replaceAll(/[^\x20-\x7e]/g, '?');
}
