/** Reading zips on disk entry by entry, so that memory use is independent of their size. */
import { type Entry, fromFd, type ZipFile } from 'yauzl';

/** Opens the zip behind a file descriptor, which stays open. Rejects where it is not a zip. */
export function openZip(fd: number): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true };
    fromFd(fd, options, (error, zip) => (error === null ? resolve(zip) : reject(error)));
  });
}

/** The entries of the central directory, one at a time. */
export async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | null>((resolve, reject) => {
      const settle = (act: () => void) => () => {
        zip.removeAllListeners();
        act();
      };
      zip.once('entry', (found: Entry) => settle(() => resolve(found))());
      zip.once(
        'end',
        settle(() => resolve(null)),
      );
      zip.once('error', (error: Error) => settle(() => reject(error))());
      zip.readEntry();
    });
    if (entry === null) return;
    yield entry;
  }
}

/** The unpacked content of an entry. */
export function contentOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}

/** The texts of some small files of a zip, by name; one that is missing or larger than `maxBytes` is left out. */
export async function textsOf(
  fd: number,
  names: readonly string[],
  maxBytes: number,
): Promise<ReadonlyMap<string, string>> {
  const zip = await openZip(fd);
  const texts = new Map<string, string>();
  for await (const entry of entriesOf(zip)) {
    const name = entry.fileNameRaw.toString('utf8');
    if (!names.includes(name) || entry.uncompressedSize > maxBytes) continue;
    const pieces: Buffer[] = [];
    // yauzl ends a stream that holds more than the entry announced (validateEntrySizes).
    for await (const piece of await contentOf(zip, entry)) pieces.push(Buffer.from(piece));
    texts.set(name, Buffer.concat(pieces).toString('utf8'));
    if (texts.size === names.length) break;
  }
  return texts;
}
