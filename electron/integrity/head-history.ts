/**
 * The signed heads of one checksum database over time, one an hour, in a file of the data folder. Each is kept as the
 * signed note, and read back only when its signature holds.
 */
import * as v from 'valibot';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';
import { isDue, type SeenHead, withHead } from './log-age.ts';
import { openNote } from './note.ts';
import { parseTreeHead } from './tree-head.ts';
import type { VerifierKey } from './verifier-key.ts';

const schema = v.object({
  schema: v.literal(1),
  heads: v.array(v.object({ at: v.number(), note: v.pipe(v.string(), v.maxLength(64 * 1024)) })),
});

type Document = v.InferOutput<typeof schema>;
type Kept = SeenHead & { readonly note: string };

/** Nothing rejects; what is wrong with the file is reported to its ports. */
export class HeadHistory {
  readonly #file: JsonFile<Document>;
  readonly #key: VerifierKey;
  readonly #ports: JsonFilePorts;
  #heads: Promise<readonly Kept[]> | null = null;

  constructor(path: string, key: VerifierKey, ports: JsonFilePorts) {
    this.#key = key;
    this.#ports = ports;
    // The app's gateway and that of the command line may run at the same time.
    this.#file = new JsonFile({ ...ports, path, schema, empty: { schema: 1, heads: [] }, shared: true });
  }

  /** Oldest first. */
  async heads(): Promise<readonly SeenHead[]> {
    return (await this.#load()).map(({ at, size }) => ({ at, size }));
  }

  /** Keeps a head that was proven just now, if one is due. A note with another signature is passed by. */
  async saw(note: Buffer): Promise<void> {
    const known = await this.#load();
    const at = this.#ports.clock.now();
    if (!isDue(known, at)) return;
    const head = this.#read({ at, note: note.toString('utf8') });
    if (head === null || withHead(known, head) === known) return;
    const written = await this.#file.update(({ heads }) => ({
      schema: 1,
      heads: withHead(this.#verified(heads), head).map(({ at, note: text }) => ({ at, note: text })),
    }));
    this.#heads = Promise.resolve(written.ok ? this.#verified(written.value.heads) : withHead(known, head));
  }

  /** Resolves when nothing is being written any more. */
  close(): Promise<void> {
    return this.#file.close();
  }

  #load(): Promise<readonly Kept[]> {
    this.#heads ??= this.#file.read().then((read) => (read.ok ? this.#verified(read.value.heads) : []));
    return this.#heads;
  }

  #verified(heads: Document['heads']): readonly Kept[] {
    const now = this.#ports.clock.now();
    const kept: Kept[] = [];
    for (const one of heads) {
      const head = one.at > now ? null : this.#read(one);
      const last = kept.at(-1);
      if (head !== null && (last === undefined || (head.at > last.at && head.size >= last.size))) kept.push(head);
    }
    return kept;
  }

  #read({ at, note }: Document['heads'][number]): Kept | null {
    const opened = openNote(Buffer.from(note), this.#key);
    const tree = opened.ok ? parseTreeHead(opened.text) : null;
    return tree?.ok === true ? { at, note, size: tree.size } : null;
  }
}
