/** A capture of any size out of the lab's packets: again and again, an hour later each time, from another port. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { labCaptures } from '../../e2e/lab/captures/catalogue.ts';
import { labChains } from '../../e2e/lab/captures/chains.ts';
import { pcapFile } from '../../e2e/lab/captures/container.ts';

const HOUR_MS = 3_600_000;
const HEADER_BYTES = 24;

/** Writes at least so many bytes; gives the number of packets. */
export async function writeCapture(path: string, bytes: number): Promise<number> {
  const captures = Object.values(labCaptures(await labChains(), Date.UTC(2026, 0, 1)));
  const packets = captures.flatMap((one) => one.packets);
  const file = openSync(path, 'w');
  let written = 0;
  let count = 0;
  try {
    for (let round = 0; written < bytes; round += 1) {
      const later = packets.map((packet) => ({ ...packet, atMs: packet.atMs + round * HOUR_MS }));
      const whole = pcapFile(later);
      const part = round === 0 ? whole : whole.subarray(HEADER_BYTES);
      written += writeSync(file, part);
      count += packets.length;
    }
  } finally {
    closeSync(file);
  }
  return count;
}
