import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FIGURE_FOLDER, figurePage } from './figure-pages.ts';

const page = figurePage();

it('is fresh (otherwise: npm run figures:page)', () => {
  expect(readFileSync(join(FIGURE_FOLDER, 'README.md'), 'utf8')).toBe(page);
});

it('has every measurement, with its command, date and commit', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ['));
  for (const file of readdirSync(FIGURE_FOLDER).filter((name) => name.endsWith('.json'))) {
    expect(
      rows.some((row) => row.includes(`](${file})`)),
      file,
    ).toBe(true);
  }
  for (const row of rows) {
    expect(row).toMatch(/\| `npm run [^`]+` \| (?:\d{4}-\d\d-\d\d|not recorded) \| (?:[0-9a-f]{7}|not recorded) \|$/);
    expect(row).not.toMatch(/NaN|undefined/);
  }
});

it('says of a goal whether it is reached', () => {
  expect(page).toMatch(
    /^\| \[attacks that got through\]\(attacks\.json\) \| 0 \| ≤ 0 \| {2}\| `npm run long -- attack`/m,
  );
});
