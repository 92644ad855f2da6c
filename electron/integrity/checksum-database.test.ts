/** The fixture database, which the real go accepts, verifies completely; every change to it is detected. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLookup } from './lookup.ts';
import { leafHash, proveConsistency, proveRecord, type ReadTile } from './merkle.ts';
import { openNote } from './note.ts';
import { parseTreeHead, type TreeHead } from './tree-head.ts';
import { parseGosumdb } from './verifier-key.ts';

const FIXTURES = join(import.meta.dirname, '../../e2e/lab/fixtures/goproxy');
const TREE = join(FIXTURES, 'tree/sumdb/sum.example.test');
const GOSUMDB = parseGosumdb('sum.example.test+95760066+ATu9YoZ/PqjoIsFwz5rWVbgz1pAcnAe56b9cEdvXGcZK');
if (GOSUMDB.kind !== 'database') throw new Error(GOSUMDB.kind);
const { key } = GOSUMDB;

const file = (path: string) => readFileSync(join(TREE, path));
const tile = file('tile/8/0/000.p/9');
const readTile: ReadTile = async (path) => (path === 'tile/8/0/000.p/9' ? tile : Promise.reject(new Error(path)));

const lookups = readdirSync(join(TREE, 'lookup'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

function headOf(note: Uint8Array): TreeHead | null {
  const opened = openNote(note, key);
  const head = opened.ok ? parseTreeHead(opened.text) : opened;
  return head.ok ? head : null;
}

/** The hashes that a response proves to a client, or null. */
async function verified(answer: Uint8Array, read = readTile): Promise<ReadonlyMap<string, string> | null> {
  const lookup = parseLookup(answer);
  const head = lookup.ok ? headOf(lookup.note) : null;
  if (!lookup.ok || head === null) return null;
  const proof = await proveRecord(lookup.id, leafHash(lookup.record), head, read);
  return proof.ok ? lookup.hashes : null;
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

const bitsOf = (bytes: Buffer) => Array.from({ length: bytes.length * 8 }, (_, bit) => bit);

describe('the fixture database', () => {
  it('proves exactly the hashes that the real go wrote into go.sum', async () => {
    const proven = await Promise.all(lookups.map((answer) => verified(answer)));
    const lines = proven.flatMap((hashes) => [...(hashes ?? [])].map(([name, hash]) => `${name} ${hash}`));
    const goSum = readFileSync(join(FIXTURES, 'go.sum'), 'utf8').trim().split('\n');
    expect(lookups).toHaveLength(9);
    expect(lines.sort()).toEqual(goSum.sort());
  });

  it('proves no record under the number of another', async () => {
    for (const answer of lookups) {
      const lookup = parseLookup(answer);
      if (!lookup.ok) throw new Error(lookup.reason);
      const rest = answer.subarray(String(lookup.id).length);
      const others = Array.from({ length: 12 }, (_, id) => id).filter((id) => id !== lookup.id);
      for (const id of others) expect(await verified(Buffer.concat([Buffer.from(String(id)), rest]))).toBeNull();
    }
  });

  it('detects every changed significant bit of a response', async () => {
    for (const answer of lookups) {
      const unseen = [];
      for (const bit of bitsOf(answer)) {
        if ((await verified(flipped(answer, bit))) !== null) unseen.push(bit >> 3);
      }
      // The last character of the signature has bits that base64 does not use.
      expect(unseen.filter((at) => at !== answer.length - 3)).toEqual([]);
    }
  });

  it('detects every changed bit of its tile', async () => {
    const [answer = Buffer.alloc(0)] = lookups;
    expect(await verified(answer)).not.toBeNull();
    for (const bit of bitsOf(tile)) expect(await verified(answer, async () => flipped(tile, bit))).toBeNull();
  });

  it('has a latest head that continues every earlier one, and no other', async () => {
    const head = headOf(file('latest'));
    if (head === null) throw new Error('no head');
    expect(head.size).toBe(9);
    for (const answer of lookups) {
      const lookup = parseLookup(answer);
      const before = lookup.ok ? headOf(lookup.note) : null;
      if (before === null) throw new Error('no head');
      expect(await proveConsistency(before, head, readTile)).toEqual({ ok: true });
    }
    const first = { size: 1, rootHash: tile.subarray(0, 32) };
    expect(await proveConsistency(first, head, readTile)).toEqual({ ok: true });
    expect(await proveConsistency({ ...first, size: 2 }, head, readTile)).toMatchObject({ ok: false });
  });
});
