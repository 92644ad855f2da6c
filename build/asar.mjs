/** The asar format, as far as the runtime of the tests needs it: a flat archive of a few files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * An archive of files of one folder. Format: two Chromium pickles (the header's size, the header) before the bodies;
 * see github.com/electron/asar#format.
 * @param {string} folder
 * @param {readonly string[]} names
 */
export function flatAsar(folder, names) {
  /** @type {Record<string, { size: number, offset: string }>} */
  const files = {};
  let offset = 0;
  const bodies = names.map((name) => {
    const body = readFileSync(join(folder, name));
    files[name] = { size: body.length, offset: String(offset) };
    offset += body.length;
    return body;
  });
  const json = Buffer.from(JSON.stringify({ files }));
  const padded = Math.ceil(json.length / 4) * 4;
  const head = Buffer.alloc(16 + padded);
  for (const [i, value] of [4, 8 + padded, 4 + padded, json.length].entries()) head.writeUInt32LE(value, i * 4);
  json.copy(head, 16);
  return Buffer.concat([head, ...bodies]);
}
