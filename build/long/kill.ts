/**
 * `npm run long -- kill`: kill -9 against the history, many rounds. Writes docs/figures/kill.json when all 50 are
 * played; fails when a sample was lost or the file damaged.
 *
 *   node build/long/kill.ts [--rounds 50] [--seed N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { playKillRounds } from './kill-rounds.ts';

/** Fewer rounds are a smoke test and leave the figures alone. */
const FULL_ROUNDS = 50;

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? FULL_ROUNDS);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-kill-'));
const file = join(folder, 'history.sqlite');

console.log(`kill -9 of the history: ${rounds} rounds, seed ${seed}`);
const child = join(import.meta.dirname, 'kill-child.ts');
const figures = await playKillRounds({
  rounds,
  seed,
  file,
  childArguments: (childSeed, startAt) => [child, file, String(childSeed), String(startAt)],
});
console.log(
  `${figures.acknowledged} samples acknowledged, ${figures.lost} lost, ${figures.integrityFailures} integrity failures`,
);
const good = figures.lost === 0 && figures.integrityFailures === 0;
if (good) rmSync(folder, { recursive: true, force: true });
else console.error(`failed with --seed ${seed}; the file is kept in ${folder}`);
if (rounds >= FULL_ROUNDS) {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, seed, ...figures };
  writeFileSync(join(root, 'docs', 'figures', 'kill.json'), `${JSON.stringify(record, null, 2)}\n`);
}
process.exitCode = good ? 0 : 1;
