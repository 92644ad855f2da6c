/** Files below the cache folder that are not indexed: records, tiles and heads of checksum databases. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../system/files.ts';
import { readRegularFile } from '../system/read-file.ts';

/** A tile has at most 8 KB of hashes, a record or head less than 64 KB. */
const MAX_BYTES = 1024 * 1024;

/** A folder of small files, or nothing where it cannot be written. */
export class TreeFiles {
  readonly #folder: string;
  readonly #onProblem: (error: unknown) => void;

  constructor(folder: string, onProblem: (error: unknown) => void) {
    this.#folder = folder;
    this.#onProblem = onProblem;
  }

  /** The file, or null when there is none or it cannot be read. */
  async read(path: string): Promise<Buffer | null> {
    const read = await readRegularFile(join(this.#folder, path), MAX_BYTES);
    return read.ok ? read.bytes : null;
  }

  /** Writes a file that will be as useful when it is lost with the power: not flushed. */
  async write(path: string, content: Uint8Array): Promise<void> {
    try {
      await writeFileAtomic(join(this.#folder, path), content, 0o644, false);
    } catch (error) {
      this.#onProblem(error);
    }
  }

  async remove(path: string): Promise<void> {
    await rm(join(this.#folder, path), { force: true, recursive: true }).catch(() => {});
  }
}
