import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playKillRounds } from '../../build/long/kill-rounds.ts';

const ROUNDS = 5;

it('every sample the engine acknowledged under real probes survives kill -9, and the file stays whole', async () => {
  const seed = Date.now() % 1_000_000;
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-engine-kill-'));
  const child = join(import.meta.dirname, '..', '..', 'build', 'long', 'engine-child.ts');
  const figures = await playKillRounds({
    rounds: ROUNDS,
    seed,
    file: join(folder, 'history.sqlite'),
    childArguments: (childSeed) => [child, folder, String(childSeed)],
  });
  expect(figures.acknowledged).toBeGreaterThan(ROUNDS);
  expect(figures, `seed ${seed}`).toMatchObject({ lost: 0, integrityFailures: 0 });
  rmSync(folder, { recursive: true, force: true });
}, 90_000);
