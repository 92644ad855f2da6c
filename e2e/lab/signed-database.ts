/** A checksum database of up to 255 records, signed by a key of its own: true, forked or forged as a test wants it. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { escapeModule } from '../../shared/domain/module-path.ts';
import { leafOf, rootOf } from './sums.ts';

/** A module version and what go.sum says of it. */
export interface SumRecord {
  readonly path: string;
  readonly version: string;
  /** `h1:` of the zip and of the go.mod. */
  readonly zip: string;
  readonly mod: string;
}

/** Signs trees of one name and key. */
export class DatabaseSigner {
  /** As GOSUMDB has it: `name+hash+key`. */
  readonly verifier: string;
  readonly name: string;
  readonly #key: KeyObject;
  readonly #hash: Buffer;

  constructor(name: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Buffer.concat([Buffer.of(1), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
    this.name = name;
    this.#key = privateKey;
    this.#hash = createHash('sha256').update(`${name}\n`).update(raw).digest().subarray(0, 4);
    this.verifier = `${name}+${this.#hash.toString('hex')}+${raw.toString('base64')}`;
  }

  /** The signed note of a tree head. */
  note(size: number, root: Buffer): string {
    const text = `go.sum database tree\n${size}\n${root.toString('base64')}\n`;
    const signature = Buffer.concat([this.#hash, sign(null, Buffer.from(text), this.#key)]);
    return `${text}\n\u2014 ${this.name} ${signature.toString('base64')}\n`;
  }
}

/** The files of a database below `sumdb/NAME/`, as a relay serves them. */
export function databaseFiles(signer: DatabaseSigner, records: readonly SumRecord[]): ReadonlyMap<string, Buffer> {
  const texts = records.map(
    ({ path, version, zip, mod }) => `${path} ${version} ${zip}\n${path} ${version}/go.mod ${mod}\n`,
  );
  const leaves = texts.map(leafOf);
  const note = signer.note(leaves.length, rootOf(leaves));
  const base = `sumdb/${signer.name}`;
  const files = new Map<string, Buffer>([
    [`${base}/supported`, Buffer.alloc(0)],
    [`${base}/latest`, Buffer.from(note)],
    [`${base}/tile/8/0/000.p/${leaves.length}`, Buffer.concat(leaves)],
  ]);
  for (const [id, { path, version }] of records.entries()) {
    const answer = `${id}\n${texts[id] ?? ''}\n${note}`;
    files.set(`${base}/lookup/${escapeModule(path)}@${escapeModule(version)}`, Buffer.from(answer));
  }
  return files;
}
