/** The small files that were served last, in memory. */
import type { ServableFile } from './servable-file.ts';

/** Files up to this size are kept in memory once they were served, up to HOT_TOTAL in all. */
export const HOT_BYTES = 64 * 1024;
const HOT_TOTAL = 16 * 1024 * 1024;

export class HotFiles {
  /** The one served longest ago first. */
  readonly #files = new Map<string, ServableFile>();
  #bytes = 0;

  /** A file, which counts as a use; null when it is not here. */
  get(path: string): ServableFile | null {
    const file = this.#files.get(path);
    if (file === undefined) return null;
    this.#files.delete(path);
    this.#files.set(path, file);
    return file;
  }

  /** Keeps a file that is in memory and small enough. */
  add(path: string, file: ServableFile): void {
    if (file.body === null || file.bytes > HOT_BYTES) return;
    this.remove(path);
    this.#files.set(path, file);
    this.#bytes += file.bytes;
    for (const [oldest, { bytes }] of this.#files) {
      if (this.#bytes <= HOT_TOTAL) return;
      this.#files.delete(oldest);
      this.#bytes -= bytes;
    }
  }

  remove(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    this.#bytes -= file.bytes;
  }
}
