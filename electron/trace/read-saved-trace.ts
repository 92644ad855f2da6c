/** A saved trace of any length, read from a file. */
import { StringDecoder } from 'node:string_decoder';
import { LineSplitter } from '../system/line-splitter.ts';
import { type ChunkOptions, readChunks, type UnreadFile } from '../system/read-file.ts';
import { stamped, type Trace, TraceReader } from './trace.ts';
import { MAX_TRACE_LINE } from './trace-line.ts';

/** What a file holds; `binary` = it is no text. */
export type SavedTrace =
  | { readonly ok: true; readonly trace: Trace }
  | UnreadFile
  | { readonly ok: false; readonly why: 'binary' };

/** Line by line: memory is that of the requests in it, whatever its size. Never rejects. */
export async function readSavedTrace(path: string, options: ChunkOptions = {}): Promise<SavedTrace> {
  const reader = new TraceReader();
  const decoder = new StringDecoder('utf8');
  // A time before the line is no part of it.
  const lines = new LineSplitter(MAX_TRACE_LINE + 20, (line) => reader.add(stamped(line)));
  let isBinary = false;
  const take = (chunk: Buffer) => {
    isBinary = chunk.includes(0);
    if (!isBinary) lines.write(decoder.write(chunk));
    return !isBinary;
  };
  const unread = await readChunks(path, take, options);
  if (unread !== null) return unread;
  if (isBinary) return { ok: false, why: 'binary' };
  lines.end();
  return { ok: true, trace: reader.end() };
}
