/**
 * RFC 6962 Merkle trees read from tiles of 256 hashes, each verified against a signed root before it is trusted.
 * Source: golang.org/x/mod/sumdb/tlog (tlog.go, tile.go).
 * Sizes and numbers of records are safe integers; anything else proves nothing.
 */
import { createHash } from 'node:crypto';
import type { TreeHead } from './tree-head.ts';

/**
 * Gets a tile by its path below the database's URL. When it rejects, so does the proof: nothing is proven or refuted.
 */
export type ReadTile = (path: string) => Promise<Uint8Array>;

/** Whether something was proven. `reason` is for people: what does not match, not why. */
export type Proof = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const HASH_BYTES = 32;
/** log2 of the hashes in a full tile. */
const TILE_HEIGHT = 8;
const TILE_WIDTH = 2 ** TILE_HEIGHT;

const BAD_TILES: Proof = { ok: false, reason: 'the tiles do not hash to the signed root' };

/** The hash of a record (RFC 6962 §2.1; tlog.RecordHash). */
export function leafHash(record: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(record).digest();
}

/** The hash of two neighbours (RFC 6962 §2.1; tlog.NodeHash). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}

function isRecordOf(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

/** The largest power of two that is not above `limit` (≥ 1). Math.log2 would round up from about 2^47 on. */
function powerOfTwoUpTo(limit: number): number {
  let power = 1;
  while (power * 2 <= limit) power *= 2;
  return power;
}

/**
 * The path of a tile: `tile/8/<level>/<NNN>`, thousands with an `x`, and its width when it is not full
 * (tlog.Tile.Path).
 */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  let digits = String(index % 1_000).padStart(3, '0');
  for (let rest = Math.floor(index / 1_000); rest > 0; rest = Math.floor(rest / 1_000)) {
    digits = `x${String(rest % 1_000).padStart(3, '0')}/${digits}`;
  }
  return `tile/${TILE_HEIGHT}/${level}/${digits}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** That a record is the one of its number in the tree, from tiles. Rejects only when `readTile` does. */
export async function proveRecord(id: number, leaf: Uint8Array, head: TreeHead, readTile: ReadTile): Promise<Proof> {
  if (!isRecordOf(id, head.size)) return { ok: false, reason: 'the record lies beyond the tree' };
  const reader = new TileReader(head, readTile);
  const stored = (await reader.isAuthentic()) ? await reader.subtree(id, 1) : null;
  if (stored === null) return BAD_TILES;
  return stored.equals(leaf) ? { ok: true } : { ok: false, reason: 'the record is not the one in the tree' };
}

/**
 * That the newer tree begins with the older one, from tiles. Every tree begins with the empty one. Rejects only when
 * `readTile` does.
 */
export async function proveConsistency(older: TreeHead, newer: TreeHead, readTile: ReadTile): Promise<Proof> {
  const differs: Proof = { ok: false, reason: 'an earlier tree is not the beginning of this one' };
  if (older.size === newer.size) return older.rootHash.equals(newer.rootHash) ? { ok: true } : differs;
  if (older.size === 0) return { ok: true };
  if (!isRecordOf(older.size - 1, newer.size)) return { ok: false, reason: 'the earlier tree is the larger one' };
  const reader = new TileReader(newer, readTile);
  const root = (await reader.isAuthentic()) ? await reader.rootOf(older.size) : null;
  if (root === null) return BAD_TILES;
  return root.equals(older.rootHash) ? { ok: true } : differs;
}

/**
 * A tile of a tree once it is proven by the signed root: as many hashes as the tree has there, at most 256. Null when
 * the
 * tree has no such tile, or what was read does not fit. Rejects only when `readTile` does.
 */
export async function provenTile(
  level: number,
  index: number,
  head: TreeHead,
  readTile: ReadTile,
): Promise<Buffer | null> {
  const reader = new TileReader(head, readTile);
  return (await reader.isAuthentic()) ? reader.tile(level, index) : null;
}

/** The complete subtrees of a tree of `size` records, left to right: [first record, number of records]. */
function completeSubtrees(size: number): readonly (readonly [number, number])[] {
  const parts: [number, number][] = [];
  for (let start = 0, left = size; left > 0; ) {
    const width = powerOfTwoUpTo(left);
    parts.push([start, width]);
    start += width;
    left -= width;
  }
  return parts;
}

/** Hashes of one tree, from tiles; a tile counts only once it hashes to a trusted hash. */
class TileReader {
  readonly #head: TreeHead;
  readonly #readTile: ReadTile;
  readonly #tiles = new Map<string, Promise<Buffer | null>>();

  constructor(head: TreeHead, readTile: ReadTile) {
    this.#head = head;
    this.#readTile = readTile;
  }

  /** Whether the tiles on the tree's right edge hash to its signed root: the anchor of all others. */
  async isAuthentic(): Promise<boolean> {
    return (await this.rootOf(this.#head.size))?.equals(this.#head.rootHash) === true;
  }

  /** The root that the first `size` records have. */
  async rootOf(size: number): Promise<Buffer | null> {
    let root: Buffer | null = null;
    // Right to left: the smaller subtrees hang below the larger (RFC 6962 §2.1).
    for (const [start, width] of [...completeSubtrees(size)].reverse()) {
      const hash = await this.subtree(start, width);
      if (hash === null) return null;
      root = root === null ? hash : nodeHash(hash, root);
    }
    return root;
  }

  /** The hash of a complete subtree of `width` (a power of two) records from `start`. */
  async subtree(start: number, width: number): Promise<Buffer | null> {
    const height = Math.log2(width);
    const level = Math.floor(height / TILE_HEIGHT);
    const inTile = 2 ** (height - level * TILE_HEIGHT);
    // In units of hashes at the tile's level.
    const first = start / 2 ** (level * TILE_HEIGHT);
    const tile = await this.tile(level, Math.floor(first / TILE_WIDTH));
    if (tile === null) return null;
    const offset = first % TILE_WIDTH;
    return combine(tile, offset, inTile);
  }

  tile(level: number, index: number): Promise<Buffer | null> {
    const key = `${level}/${index}`;
    const known = this.#tiles.get(key);
    if (known !== undefined) return known;
    const loading = this.#load(level, index);
    this.#tiles.set(key, loading);
    return loading;
  }

  async #load(level: number, index: number): Promise<Buffer | null> {
    const hashes = Math.floor(this.#head.size / 2 ** (level * TILE_HEIGHT));
    const width = Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH);
    if (width <= 0) return null;
    const tile = Buffer.from(await this.#readTile(tilePath(level, index, width)));
    if (tile.length !== width * HASH_BYTES) return null;
    // A full tile is verified by its hash in the tile above; those of the right edge by the root.
    if (width < TILE_WIDTH) return tile;
    const above = await this.tile(level + 1, Math.floor(index / TILE_WIDTH));
    const hash = combine(tile, 0, TILE_WIDTH);
    const expected = above === null ? null : combine(above, index % TILE_WIDTH, 1);
    return expected !== null && hash?.equals(expected) === true ? tile : null;
  }
}

/** The hash over `count` (a power of two) neighbouring hashes of a tile; null when it has fewer. */
function combine(tile: Buffer, offset: number, count: number): Buffer | null {
  if ((offset + count) * HASH_BYTES > tile.length) return null;
  let row = Array.from({ length: count }, (_, i) =>
    tile.subarray((offset + i) * HASH_BYTES, (offset + i + 1) * HASH_BYTES),
  );
  while (row.length > 1) {
    row = Array.from({ length: row.length / 2 }, (_, i) => nodeHash(row[2 * i] ?? tile, row[2 * i + 1] ?? tile));
  }
  return row[0] ?? null;
}
