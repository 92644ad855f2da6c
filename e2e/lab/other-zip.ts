/** A module zip that is whole and well-formed, and not what anybody recorded: stored entries only (PKWARE APPNOTE 4.3). */
import { crc32 } from 'node:zlib';

/** For a request such as `/example.test/hello/@v/v1.1.0.zip`. */
export function otherZip(requestPath: string): Buffer {
  const [, path = '', version = ''] = /^\/(.+)\/@v\/(.+)\.zip$/.exec(decodeURIComponent(requestPath)) ?? [];
  const prefix = `${path}@${version}`;
  return zip([
    [`${prefix}/go.mod`, `module ${path}\n`],
    [`${prefix}/hello.go`, 'package hello\n\n// Not what was recorded.\n'],
  ]);
}

/** A zip of stored entries. */
export function zip(files: readonly (readonly [string, string])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const content = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), content]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, entries, Buffer.from('PK\u0005\u0006'), end]);
}
