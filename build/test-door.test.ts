/** What ships has no door for stand-ins of the system's tools; what is built for tests has. */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { build } from './build.mjs';

it.each([
  [false, false],
  [true, true],
])('built for tests: %s → the door is there: %s', async (e2e, expected) => {
  const outDir = mkdtempSync(join(tmpdir(), 'gopherbar-door-'));
  await build({ e2e, outDir });
  const bundles = globSync('**/*.{cjs,js}', { cwd: outDir });
  expect(bundles.length).toBeGreaterThan(4);
  const withDoor = bundles.filter((file) => readFileSync(join(outDir, file), 'utf8').includes('GOPHERBAR_TOOL_ROOT'));
  rmSync(outDir, { recursive: true, force: true });
  expect(withDoor.length > 0).toBe(expected);
});
