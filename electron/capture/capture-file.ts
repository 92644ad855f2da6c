/** Reads a capture file packet by packet: one chunk in memory at a time, with progress, cancellable. */
import { open, stat } from 'node:fs/promises';
import { errorDetail } from '../system/error-facts.ts';
import { type FormatReader, PcapReader, pcapMagic, type RawPacket } from './pcap-format.ts';
import { isPcapng, PcapngReader } from './pcapng-format.ts';
import type { CaptureProblem } from './problem.ts';

/** Large enough to keep the disk busy, small enough that cancelling is felt at once. */
const CHUNK_BYTES = 256 * 1024;

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
  let file: Awaited<ReturnType<typeof open>> | undefined;
  try {
    // Opening a pipe or a device may block indefinitely and cannot be interrupted.
    const seen = await stat(path);
    if (!seen.isFile() && !seen.isDirectory()) return { key: 'unreadable', detail: 'not a regular file' };
    file = await open(path, 'r');
    let reader: FormatReader | null = null;
    let offset = 0;
    for (;;) {
      if (signal?.aborted) return { key: 'cancelled', offset };
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
      if (bytesRead === 0) return reader === null ? { key: 'not-a-capture' } : reader.end();
      const chunk = buffer.subarray(0, bytesRead);
      reader ??= readerFor(chunk, onSecrets);
      if (reader === null) return { key: 'not-a-capture' };
      for (const packet of reader.push(chunk)) onPacket(packet);
      offset += bytesRead;
      // A file that is still being written has a share beyond its former size.
      onProgress?.(Math.min(1, offset / Math.max(1, seen.size)));
    }
  } catch (error) {
    return { key: 'unreadable', detail: errorDetail(error) };
  } finally {
    await file?.close();
  }
}

function readerFor(first: Uint8Array, onSecrets: ReadOptions['onSecrets']): FormatReader | null {
  if (isPcapng(first)) return new PcapngReader(onSecrets);
  return pcapMagic(first) === null ? null : new PcapReader();
}
