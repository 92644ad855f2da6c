/**
 * `npm run bench -- explain`: megabytes of log a second. The floor is splitting the same text into lines and asking each
 * whether it holds one of the words that every failure has: what no reader can do without.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogReader } from '../../electron/explain/explain-log.ts';
import type { BenchOptions } from './bench-options.ts';
import { median, pairedRatio } from './rounds.ts';

const root = join(import.meta.dirname, '..', '..');
const FIXTURES = join(root, 'electron', 'explain', 'fixtures');
const CHUNK = 1024 * 1024;

/** A build log: mostly noise, with every recorded failure in it. */
function logOf(bytes: number): string {
  const texts = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => readFileSync(join(FIXTURES, name), 'utf8'));
  const noise = '2026/11/02 10:00:00 #9 12.31 ok  \texample.com/shop/cart\t0.012s\n'.repeat(40);
  const parts: string[] = [];
  for (let length = 0, i = 0; length < bytes; i += 1) {
    const part = noise + (texts[i % texts.length] ?? '');
    parts.push(part);
    length += part.length;
  }
  return parts.join('');
}

/** A build log in which all is well. */
function quietLog(bytes: number): string {
  const line = (i: number) =>
    `2026/11/02 10:00:00 #9 12.31 ok  \texample.com/shop/cart${i}\t0.012s\ngo: downloading example.com/lib${i} v1.2.3\ncompiling shop/cart${i} with -O2\n`;
  const lines = Math.ceil(bytes / line(0).length);
  return Array.from({ length: lines }, (_, i) => line(i)).join('');
}

function findingsIn(log: string): number {
  const reader = new LogReader();
  for (let at = 0; at < log.length; at += CHUNK) reader.add(log.slice(at, at + CHUNK));
  return reader.end().length;
}

export async function benchExplain({ quick }: BenchOptions): Promise<void> {
  const log = logOf(quick ? 4_000_000 : 50_000_000);
  const quiet = quietLog(quick ? 4_000_000 : 50_000_000);
  const own: number[] = [];
  const floor: number[] = [];
  const withoutErrors: number[] = [];
  let found = 0;
  for (let round = 0; round < (quick ? 3 : 9); round += 1) {
    own.push(
      timed(() => {
        found = findingsIn(log);
      }),
    );
    withoutErrors.push(
      timed(() => {
        if (findingsIn(quiet) > 0) throw new Error('a finding in a log without errors');
      }),
    );
    floor.push(
      timed(() => {
        const hits = log.split('\n').filter((line) => /error|fatal|EOF|refused|timeout|not found|invalid/i.test(line));
        if (hits.length === 0) throw new Error('no failure in the log');
      }),
    );
  }
  const mb = log.length / 1_000_000;
  const figures = {
    megabytes: Math.round(mb),
    findings: found,
    ownMbPerSecond: Math.round(mb / (median(own) / 1_000)),
    quietMbPerSecond: Math.round(quiet.length / 1_000_000 / (median(withoutErrors) / 1_000)),
    floorMbPerSecond: Math.round(mb / (median(floor) / 1_000)),
    ratio: Math.round(pairedRatio(own, floor) * 100) / 100,
  };
  console.log(
    `explain: ${figures.ownMbPerSecond} MB/s, the floor ${figures.floorMbPerSecond} MB/s, ${figures.ratio} × its time; ${found} findings in ${figures.megabytes} MB; without errors ${figures.quietMbPerSecond} MB/s`,
  );
  if (quick) return;
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, ...figures };
  writeFileSync(join(root, 'docs', 'figures', 'explain.json'), `${JSON.stringify(record, null, 2)}\n`);
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
