/** The fixture database verifies whole; nothing of it can be changed unseen; made-up trees of any size do the same. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLookup } from './lookup.ts';
import { leafHash, nodeHash, proveConsistency, proveRecord, tilePath } from './merkle.ts';
import { openNote } from './note.ts';
import { parseTreeHead, type TreeHead } from './tree-head.ts';
import { parseGosumdb, parseVerifierKey, SUM_GOLANG_ORG_KEY } from './verifier-key.ts';

const TREE = join(import.meta.dirname, '../../e2e/lab/fixtures/goproxy/tree/sumdb/sum.example.test');
const KEY = 'sum.example.test+95760066+ATu9YoZ/PqjoIsFwz5rWVbgz1pAcnAe56b9cEdvXGcZK';
const parsed = parseVerifierKey(KEY);
if (!parsed.ok) throw new Error(parsed.reason);
const { key } = parsed;
const file = (path: string) => readFileSync(join(TREE, path));
const readTile = async (path: string) => file(path);

function headOf(note: Uint8Array): TreeHead {
  const opened = openNote(note, key);
  const head = opened.ok ? parseTreeHead(opened.text) : opened;
  if (!head.ok) throw new Error(head.reason);
  return head;
}

const lookups = readdirSync(join(TREE, 'lookup'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

describe('the fixture database', () => {
  it('has a signed head, and every record is in its tree', async () => {
    expect(headOf(file('latest')).size).toBe(9);
    expect(lookups).toHaveLength(9);
    for (const answer of lookups) {
      const lookup = parseLookup(answer);
      if (!lookup.ok) throw new Error(lookup.reason);
      const head = headOf(lookup.note);
      expect(await proveRecord(lookup.id, leafHash(lookup.record), head, readTile)).toEqual({ ok: true });
      expect([...lookup.hashes.values()].every((hash) => hash.startsWith('h1:'))).toBe(true);
      expect(await proveRecord((lookup.id + 1) % 9, leafHash(lookup.record), head, readTile)).toMatchObject({
        ok: false,
      });
    }
  });

  it('shows every changed byte of a signed head', () => {
    const note = file('latest');
    for (let i = 0; i < note.length; i += 1) {
      const changed = Buffer.from(note);
      changed[i] = (changed[i] ?? 0) ^ 1;
      const opened = openNote(changed, key);
      // Unpadded bits at the end of base64 carry nothing.
      if (opened.ok) expect(opened.text).toBe(`${note.toString('utf8').split('\n\n')[0]}\n`);
      else expect(opened.ok).toBe(false);
    }
  });

  it('shows a changed tile', async () => {
    const head = headOf(file('latest'));
    const broken = async (path: string) => {
      const tile = file(path);
      tile[40] = (tile[40] ?? 0) ^ 1;
      return tile;
    };
    expect(await proveRecord(0, Buffer.alloc(32), head, broken)).toMatchObject({ reason: /signed root/ });
  });
});

describe('made-up trees', () => {
  /** All hashes at a level of tiles, and the tiles cut from them. */
  function tilesOf(leaves: readonly Buffer[]): (path: string) => Promise<Buffer> {
    const levels: Buffer[][] = [[...leaves]];
    for (let row = leaves; row.length >= 256; ) {
      let up = [...row];
      for (let i = 0; i < 8; i += 1) {
        up = Array.from({ length: Math.floor(up.length / 2) }, (_, k) =>
          nodeHash(up[2 * k] as Buffer, up[2 * k + 1] as Buffer),
        );
      }
      levels.push(up);
      row = up;
    }
    const tiles = new Map<string, Buffer>();
    for (const [level, hashes] of levels.entries()) {
      for (let at = 0; at < hashes.length; at += 256) {
        const tile = hashes.slice(at, at + 256);
        tiles.set(tilePath(level, at / 256, tile.length), Buffer.concat(tile));
      }
    }
    return async (path) => tiles.get(path) ?? Promise.reject(new Error(`no ${path}`));
  }

  /** RFC 6962 §2.1, as it is written. */
  function rootOf(leaves: readonly Buffer[]): Buffer {
    if (leaves.length === 1) return leaves[0] as Buffer;
    const k = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
    return nodeHash(rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
  }

  it('of any size prove their records and their beginnings, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_200 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (size, share) => {
          const leaves = Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`record ${i}`)));
          const head = { size, rootHash: rootOf(leaves) };
          const read = tilesOf(leaves);
          const id = Math.min(size - 1, Math.floor(share * size));
          expect(await proveRecord(id, leaves[id] as Buffer, head, read)).toEqual({ ok: true });
          expect(await proveRecord(id, leafHash(Buffer.from('other')), head, read)).toMatchObject({ ok: false });
          const before = { size: id + 1, rootHash: rootOf(leaves.slice(0, id + 1)) };
          expect(await proveConsistency(before, head, read)).toEqual({ ok: true });
          const forked = { size: id + 1, rootHash: leafHash(Buffer.from('fork')) };
          expect(await proveConsistency(forked, head, read)).toMatchObject({ ok: false });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have tiles where the protocol says', () => {
    expect(tilePath(0, 0)).toBe('tile/8/0/000');
    expect(tilePath(1, 1_234_067, 5)).toBe('tile/8/1/x001/x234/067.p/5');
  });
});

describe('hostile texts', () => {
  it('are refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(openNote(bytes, key).ok).toBe(false);
        expect(typeof parseLookup(bytes).ok).toBe('boolean');
        expect(typeof parseTreeHead(Buffer.from(bytes).toString('latin1')).ok).toBe('boolean');
        expect(typeof parseVerifierKey(Buffer.from(bytes).toString('latin1')).ok).toBe('boolean');
      }),
    );
    expect(parseLookup(Buffer.from('<!DOCTYPE html>\n\n'))).toMatchObject({ ok: false });
  });
});

describe('GOSUMDB', () => {
  it.each([
    ['off', { kind: 'off' }],
    ['sum.golang.org', { kind: 'database', name: 'sum.golang.org', url: 'https://sum.golang.org', direct: false }],
    [
      'sum.golang.google.cn',
      { kind: 'database', name: 'sum.golang.org', url: 'https://sum.golang.google.cn', direct: true },
    ],
    ['sum.golang.org https://relay.example/', { kind: 'database', url: 'https://relay.example', direct: true }],
    [SUM_GOLANG_ORG_KEY, { kind: 'database', name: 'sum.golang.org', direct: false }],
    [`${KEY} https://sums.example`, { kind: 'database', name: 'sum.example.test', url: 'https://sums.example' }],
    ['', { kind: 'invalid' }],
    ['sum.goproxy.cn', { kind: 'invalid', reason: 'invalid GOSUMDB: malformed verifier id' }],
    [KEY.replace('95760066', '95760067'), { kind: 'invalid', reason: 'invalid GOSUMDB: invalid verifier hash' }],
    ['sum.golang.org ftp://x', { kind: 'invalid' }],
    ['sum.golang.org https://x y', { kind: 'invalid' }],
  ])('%s', (value, expected) => {
    expect(parseGosumdb(value)).toMatchObject(expected);
  });
});
