/**
 * `npm run long -- kill`: kill -9 against the history as fast as it writes, and against the whole engine under real
 * probes, many rounds each. Writes docs/figures/kill.json when all 50 are
 * played; fails when a sample was lost or the file damaged.
 *
 *   node build/long/kill.ts [--rounds 50] [--seed N]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type KillFigures, playKillRounds } from './kill-rounds.ts';

/** Fewer rounds are a smoke test and leave the figures alone. */
const FULL_ROUNDS = 50;

const root = join(import.meta.dirname, '..', '..');
const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? FULL_ROUNDS);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'gopherbar-kill-'));

/** What is killed, by name. */
const VICTIMS = {
  history: { file: join(folder, 'history.sqlite'), script: 'kill-child.ts', target: join(folder, 'history.sqlite') },
  engine: { file: join(folder, 'engine', 'history.sqlite'), script: 'engine-child.ts', target: join(folder, 'engine') },
} as const;

const figures: Record<string, KillFigures> = {};
for (const [name, { file, script, target }] of Object.entries(VICTIMS)) {
  console.log(`kill -9 of the ${name}: ${rounds} rounds, seed ${seed}`);
  const child = join(import.meta.dirname, script);
  const played = await playKillRounds({
    rounds,
    seed,
    file,
    childArguments: (childSeed, startAt) => [child, target, String(childSeed), String(startAt)],
  });
  const { acknowledged, lost, integrityFailures } = played;
  console.log(`${acknowledged} samples acknowledged, ${lost} lost, ${integrityFailures} integrity failures`);
  figures[name] = played;
}
const good = Object.values(figures).every(({ lost, integrityFailures }) => lost === 0 && integrityFailures === 0);
if (good) rmSync(folder, { recursive: true, force: true });
else console.error(`failed with --seed ${seed}; the files are kept in ${folder}`);
if (rounds >= FULL_ROUNDS) {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const record = { date: new Date().toISOString().slice(0, 10), commit, seed, ...figures };
  writeFileSync(join(root, 'docs', 'figures', 'kill.json'), `${JSON.stringify(record, null, 2)}\n`);
}
process.exitCode = good ? 0 : 1;
