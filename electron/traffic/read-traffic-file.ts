/** A file of a stranger, capture or saved trace, whichever it is by its first bytes. */
import type { Problem } from '../../shared/domain/snapshot.ts';
import { analyseCapture } from '../capture/capture.ts';
import { readChunks, type UnreadFile } from '../system/read-file.ts';
import { readSavedTrace } from '../trace/read-saved-trace.ts';
import { captureSummary } from './capture-summary.ts';
import type { ReadChange } from './reader-messages.ts';
import { traceSummary } from './trace-summary.ts';

/** First bytes of pcap in both byte orders and resolutions, and of pcapng (draft-ietf-opsawg-pcap, -pcapng). */
const CAPTURE_MAGIC: ReadonlySet<string> = new Set(['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a']);

/** Reads it, and tells meanwhile how far it is. Never rejects. */
export async function readTrafficFile(
  file: string,
  signal: AbortSignal,
  onChange: (change: ReadChange) => void,
): Promise<ReadChange> {
  const magic = await firstBytes(file);
  if (typeof magic !== 'string') return { problem: notRead(file, magic) };
  const onProgress = (progress: number) => onChange({ progress });
  if (CAPTURE_MAGIC.has(magic)) return { capture: captureSummary(await analyseCapture(file, { signal, onProgress })) };
  onChange({ kind: 'trace' });
  const saved = await readSavedTrace(file, { signal, onProgress });
  if (saved.ok) return { kind: 'trace', trace: traceSummary(saved.trace) };
  return {
    kind: 'trace',
    problem: saved.why === 'binary' ? { key: 'file-no-text', params: { file } } : notRead(file, saved),
  };
}

async function firstBytes(file: string): Promise<string | UnreadFile> {
  let magic = '';
  const unread = await readChunks(file, (chunk) => {
    magic = chunk.subarray(0, 4).toString('hex');
    return false;
  });
  return unread ?? magic;
}

function notRead(file: string, { why, detail }: UnreadFile): Problem {
  if (why === 'not-a-file') return { key: 'file-special', params: { file } };
  return { key: 'file-not-read', params: { file, detail } };
}
