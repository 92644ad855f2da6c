/**
 * `npm run bench -- capture`: packets a second, beside tshark decoding the same file as far as TCP and UDP and printing
 * one number a packet. Both as processes of their own, start included.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import { writeCapture } from './capture-file.ts';
import { median, pairedRatio } from './rounds.ts';

const root = join(import.meta.dirname, '..', '..');

export async function benchCapture({ quick }: BenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-bench-capture-'));
  try {
    const file = join(folder, 'lab.pcap');
    const packets = await writeCapture(file, quick ? 5_000_000 : 100_000_000);
    const own: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < (quick ? 2 : 7); round += 1) {
      own.push(
        timed(process.execPath, [
          '--disable-warning=ExperimentalWarning',
          join(root, 'electron', 'cli', 'main.ts'),
          'capture',
          '--file',
          file,
          '--json',
        ]),
      );
      peer.push(timed('tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'frame.number', '-e', 'tcp.len']));
    }
    const figures = {
      megabytes: Math.round(statSync(file).size / 1_000_000),
      packets,
      ownPacketsPerSecond: Math.round(packets / (median(own) / 1_000)),
      tsharkPacketsPerSecond: Math.round(packets / (median(peer) / 1_000)),
      ratio: Math.round(pairedRatio(own, peer) * 100) / 100,
    };
    console.log(
      `capture: ${figures.ownPacketsPerSecond} packets/s, tshark ${figures.tsharkPacketsPerSecond}, ${figures.ratio} × its time`,
    );
    if (quick) return;
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
    const record = { date: new Date().toISOString().slice(0, 10), commit, ...figures };
    writeFileSync(join(root, 'docs', 'figures', 'capture.json'), `${JSON.stringify(record, null, 2)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** ms; the exit code says whether something was found, which is not the question. */
function timed(file: string, args: readonly string[]): number {
  const began = performance.now();
  const { status, error } = spawnSync(file, args, { stdio: 'ignore', cwd: root });
  if (error !== undefined) throw error;
  if (status !== 0 && status !== 1) throw new Error(`${file} ended with ${status}`);
  return performance.now() - began;
}
