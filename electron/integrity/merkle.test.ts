/** Generated trees of many sizes, against a literal implementation of RFC 6962. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash, nodeHash, proveConsistency, proveRecord, type ReadTile, tilePath } from './merkle.ts';
import type { TreeHead } from './tree-head.ts';

/** Leaves with the functions of RFC 6962 §2.1. Hashes of complete subtrees are kept: rows[k][i] is over 2^k leaves. */
class Tree {
  readonly rows: Buffer[][];

  constructor(size: number) {
    let row = Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`record ${i}`)));
    this.rows = [row];
    while (row.length > 1) {
      const below = row;
      row = Array.from({ length: Math.floor(below.length / 2) }, (_, i) => pair(below, i));
      this.rows.push(row);
    }
  }

  leaf(index: number): Buffer {
    return this.rows[0]?.[index] ?? Buffer.alloc(0);
  }

  head(size: number): TreeHead {
    return { size, rootHash: this.root(0, size) };
  }

  /** MTH(D[from:to]). */
  root(from: number, to: number): Buffer {
    const row = Math.log2(to - from);
    const known = this.rows[row]?.[from / 2 ** row];
    if (known !== undefined) return known;
    const split = from + splitOf(to - from);
    return nodeHash(this.root(from, split), this.root(split, to));
  }

  /** The tiles that a database with this tree serves. */
  tiles(): Map<string, Buffer> {
    const tiles = new Map<string, Buffer>();
    for (let level = 0; level * 8 < this.rows.length; level += 1) {
      const hashes = this.rows[level * 8] ?? [];
      for (let at = 0; at < hashes.length; at += 256) {
        const tile = hashes.slice(at, at + 256);
        tiles.set(tilePath(level, at / 256, tile.length), Buffer.concat(tile));
      }
    }
    return tiles;
  }
}

function pair(row: readonly Buffer[], i: number): Buffer {
  const [left, right] = row.slice(2 * i, 2 * i + 2);
  if (left === undefined || right === undefined) throw new Error('no pair');
  return nodeHash(left, right);
}

/** The largest power of two smaller than a number. */
function splitOf(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

function flip(bytes: Buffer, at: number): Buffer {
  const bit = at % (bytes.length * 8);
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function reader(tiles: ReadonlyMap<string, Buffer>, seen: string[] = []): ReadTile {
  return async (path) => {
    seen.push(path);
    return tiles.get(path) ?? Promise.reject(new Error(`no ${path}`));
  };
}

const ok = { ok: true };
const badTiles = { ok: false, reason: 'the tiles do not hash to the signed root' };

/** A size, a number below it, a bit to flip. */
const sizes = fc
  .integer({ min: 1, max: 1_200 })
  .chain((size) => fc.record({ size: fc.constant(size), index: fc.nat(size - 1), bit: fc.nat() }));

describe('tiles', () => {
  it.each([
    [tilePath(0, 0), 'tile/8/0/000'],
    [tilePath(0, 999, 256), 'tile/8/0/999'],
    [tilePath(0, 1_000, 255), 'tile/8/0/x001/000.p/255'],
    [tilePath(1, 1_234_067, 5), 'tile/8/1/x001/x234/067.p/5'],
    [tilePath(5, 1e15), 'tile/8/5/x001/x000/x000/x000/x000/000'],
  ])('lie where the protocol says: %s', (path, expected) => {
    expect(path).toBe(expected);
  });

  it('of trees of any size prove records and prefixes, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, index, bit }) => {
        const tree = new Tree(size);
        const [head, before, leaf] = [tree.head(size), tree.head(index + 1), tree.leaf(index)];
        const tiles = tree.tiles();
        const read = reader(tiles);
        expect(await proveRecord(index, leaf, head, read)).toEqual(ok);
        expect(await proveRecord(index, flip(leaf, bit), head, read)).toMatchObject({ ok: false, reason: /record/ });
        expect(await proveRecord(index, leaf, { size, rootHash: flip(head.rootHash, bit) }, read)).toEqual(badTiles);
        expect(await proveConsistency(before, head, read)).toEqual(ok);
        const forked = { ...before, rootHash: flip(before.rootHash, bit) };
        expect(await proveConsistency(forked, head, read)).toMatchObject({ ok: false, reason: /not the beginning/ });
      }),
    );
  });

  it('are trusted only when every bit read is correct', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, index, bit }) => {
        const tree = new Tree(size);
        const tiles = tree.tiles();
        const proofs = [
          (read: ReadTile) => proveRecord(index, tree.leaf(index), tree.head(size), read),
          (read: ReadTile) => proveConsistency(tree.head(index + 1), tree.head(size), read),
        ];
        for (const prove of proofs) {
          const seen: string[] = [];
          expect(await prove(reader(tiles, seen))).toEqual(ok);
          expect(new Set(seen).size).toBe(seen.length);
          for (const path of seen) {
            const tile = tiles.get(path) ?? Buffer.alloc(0);
            const wrong = [flip(tile, bit), tile.subarray(32), tile.subarray(1), Buffer.concat([tile, tile])];
            for (const bytes of wrong) {
              expect(await prove(reader(new Map([...tiles, [path, bytes]])))).toEqual(badTiles);
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('of three levels, with thousands in their paths, do the same', async () => {
    const size = 257_000;
    const tree = new Tree(size);
    const [tiles, head] = [tree.tiles(), tree.head(size)];
    for (const index of [0, 65_535, 65_536, 255_999, 256_000, 256_767, 256_768, size - 2]) {
      expect(await proveRecord(index, tree.leaf(index ^ 1), head, reader(tiles))).toMatchObject({ ok: false });
      const proofs = [
        (read: ReadTile) => proveRecord(index, tree.leaf(index), head, read),
        (read: ReadTile) => proveConsistency(tree.head(index + 1), head, read),
      ];
      for (const prove of proofs) {
        const seen: string[] = [];
        expect(await prove(reader(tiles, seen))).toEqual(ok);
        expect(seen).toContain('tile/8/2/000.p/3');
        for (const path of seen) {
          const broken = flip(tiles.get(path) ?? Buffer.alloc(0), index);
          expect(await prove(reader(new Map([...tiles, [path, broken]])))).toEqual(badTiles);
        }
      }
    }
    const seen: string[] = [];
    await proveRecord(256_000, tree.leaf(256_000), head, reader(tiles, seen));
    expect(seen).toContain('tile/8/0/x001/000');
  });

  it('are not requested when nothing needs them', async () => {
    const [empty, head] = [{ size: 0, rootHash: Buffer.alloc(32) }, new Tree(3).head(3)];
    const none = reader(new Map());
    expect(await proveConsistency(head, head, none)).toEqual(ok);
    expect(await proveConsistency(empty, head, none)).toEqual(ok);
    expect(await proveConsistency(head, empty, none)).toMatchObject({ ok: false, reason: /larger/ });
    expect(await proveConsistency(head, { ...head, rootHash: Buffer.alloc(32) }, none)).toMatchObject({ ok: false });
    for (const id of [3, -1, 0.5, Number.NaN]) {
      expect(await proveRecord(id, Buffer.alloc(32), head, none)).toMatchObject({ ok: false, reason: /beyond/ });
    }
  });

  it('that cannot be read prove nothing: the proof rejects with that error', async () => {
    const tree = new Tree(300);
    const none = reader(new Map());
    await expect(proveRecord(0, tree.leaf(0), tree.head(300), none)).rejects.toThrow('no tile/8/');
    await expect(proveConsistency(tree.head(1), tree.head(300), none)).rejects.toThrow('no tile/8/');
  });

  it('of the largest tree are numbered exactly', async () => {
    const seen: string[] = [];
    const size = Number.MAX_SAFE_INTEGER;
    const read: ReadTile = async (path) => {
      seen.push(path);
      return Buffer.alloc(32 * Number(/\.p\/(\d+)$/.exec(path)?.[1] ?? 256));
    };
    expect(await proveRecord(size - 1, Buffer.alloc(32), { size, rootHash: Buffer.alloc(32) }, read)).toEqual(badTiles);
    // 2^53 - 1 records: 255 hashes at the right end of each of the lower levels, and 31 at the top.
    expect(seen).toContain('tile/8/0/x035/x184/x372/x088/831.p/255');
    expect(seen).toContain('tile/8/6/000.p/31');
  });
});
