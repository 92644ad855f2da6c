/** What a checksum database signs: records of modules and tree heads, read from its answers. Pure. */
import { parseLookup } from '../integrity/lookup.ts';
import { openNote } from '../integrity/note.ts';
import { parseTreeHead, type TreeHead } from '../integrity/tree-head.ts';
import type { VerifierKey } from '../integrity/verifier-key.ts';

/** The proven record of a module. */
export interface ProvenRecord {
  /** Number of the record in the log, from 0. */
  readonly id: number;
  /** `path version` and `path version/go.mod` → `h1:…`. */
  readonly hashes: ReadonlyMap<string, string>;
  /** The whole answer to the look-up, as `go` wants it. */
  readonly answer: Buffer;
}

/** A tree head with the note that signs it. */
export interface Head {
  readonly tree: TreeHead;
  readonly note: Buffer;
}

/** A signed look-up answer that names the module; null for any other. Its place in the tree is proven elsewhere. */
export function recordOf(answer: Buffer, path: string, version: string, key: VerifierKey): ProvenRecord | null {
  const lookup = parseLookup(answer);
  if (!lookup.ok || !openNote(lookup.note, key).ok) return null;
  const names = lookup.record.toString('utf8').trimEnd().split('\n');
  const isOurs = names.every(
    (line) => line.startsWith(`${path} ${version} `) || line.startsWith(`${path} ${version}/go.mod `),
  );
  return isOurs && lookup.hashes.size > 0 ? { id: lookup.id, hashes: lookup.hashes, answer } : null;
}

/** A signed tree head; null for anything else. */
export function headOf(note: Buffer | null, key: VerifierKey): Head | null {
  const opened = note === null ? null : openNote(note, key);
  if (note === null || opened === null || !opened.ok) return null;
  const tree = parseTreeHead(opened.text);
  return tree.ok ? { tree, note } : null;
}
