/** Reads a capture file packet by packet: one chunk in memory at a time, with progress, cancellable. */
import { errorDetail } from '../system/error-facts.ts';
import { readChunks } from '../system/read-file.ts';
import { type FormatReader, PcapReader, pcapMagic, type RawPacket } from './pcap-format.ts';
import { isPcapng, PcapngReader } from './pcapng-format.ts';
import type { CaptureProblem } from './problem.ts';

/** How a capture file is read: cancelled, with progress, with the key logs it carries. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called after each chunk with the share read so far, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** DecryptedEvent of each TLS key log that the file carries, before the packets after it. */
  readonly onSecrets?: ((keyLog: string) => void) | undefined;
}

/**
 * Hands every readable packet to `onPacket`, in the file's order. Returns what stopped it before the file's proper end, or
 * null; never rejects. Packets' bytes are views that stay valid.
 */
export async function readCapture(
  path: string,
  onPacket: (packet: RawPacket) => void,
  { signal, onProgress, onSecrets }: ReadOptions = {},
): Promise<CaptureProblem | null> {
  let reader: FormatReader | null = null;
  let offset = 0;
  const onChunk = (chunk: Buffer) => {
    reader ??= readerFor(chunk, onSecrets);
    if (reader === null) return false;
    offset += chunk.length;
    for (const packet of reader.push(chunk)) onPacket(packet);
    return true;
  };
  try {
    const unread = await readChunks(path, onChunk, { signal, onProgress });
    if (unread !== null) return { key: 'unreadable', detail: unread.detail || 'not a regular file' };
  } catch (error) {
    return { key: 'unreadable', detail: errorDetail(error) };
  }
  if (signal?.aborted === true) return { key: 'cancelled', offset };
  return endOf(reader);
}

function endOf(reader: FormatReader | null): CaptureProblem | null {
  return reader === null ? { key: 'not-a-capture' } : reader.end();
}

function readerFor(first: Uint8Array, onSecrets: ReadOptions['onSecrets']): FormatReader | null {
  if (isPcapng(first)) return new PcapngReader(onSecrets);
  return pcapMagic(first) === null ? null : new PcapReader();
}
