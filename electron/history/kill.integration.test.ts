import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playKillRounds } from '../../build/long/kill-rounds.ts';

const ROUNDS = 5;

it('every acknowledged sample survives kill -9 at any moment, and the file stays whole', async () => {
  const seed = Date.now() % 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-kill-'));
  const file = join(folder, 'history.sqlite');
  const child = join(import.meta.dirname, '..', '..', 'build', 'long', 'kill-child.ts');
  const figures = await playKillRounds({
    rounds: ROUNDS,
    seed,
    file,
    childArguments: (childSeed, startAt) => [child, file, String(childSeed), String(startAt)],
  });
  expect(figures.acknowledged).toBeGreaterThan(ROUNDS * 10);
  expect(figures, `seed ${seed}`).toMatchObject({ lost: 0, integrityFailures: 0 });
  rmSync(folder, { recursive: true, force: true });
}, 60_000);
