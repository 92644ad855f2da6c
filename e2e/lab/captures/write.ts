/**
 * Writes every lab capture into a folder, to look at with Wireshark or to try the command on:
 *
 *   node e2e/lab/captures/write.ts FOLDER [pcapng]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labCaptures } from './catalogue.ts';
import { labChains } from './chains.ts';
import { pcapFile, pcapngFile } from './container.ts';

const [folder, format = 'pcap'] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node e2e/lab/captures/write.ts FOLDER [pcapng]');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
for (const [name, { packets, expected }] of Object.entries(labCaptures(await labChains(), Date.now()))) {
  const file = `${name.replace(/[^\w.]+/g, '-')}.${format}`;
  writeFileSync(join(folder, file), format === 'pcapng' ? pcapngFile(packets) : pcapFile(packets));
  console.log(`${file}: ${expected.verdict}`);
}
