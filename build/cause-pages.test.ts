import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CAUSES } from '../shared/domain/cause.ts';
import { CAUSE_FOLDER, causePages } from './cause-pages.ts';

it('are those of the taxonomy and its texts: run node build/cause-pages.ts', () => {
  const pages = causePages();
  expect(readdirSync(CAUSE_FOLDER).sort()).toEqual([...pages.keys()].sort());
  for (const [name, text] of pages) expect(readFileSync(join(CAUSE_FOLDER, name), 'utf8'), name).toBe(text);
});

it('name every cause once in the overview, and speak both languages', () => {
  const pages = causePages();
  const overview = pages.get('README.md') ?? '';
  for (const cause of Object.keys(CAUSES)) {
    expect(overview.split(`(${cause}.md)`)).toHaveLength(2);
    const page = pages.get(`${cause}.md`) ?? '';
    expect(page).toContain('**What to do.**');
    expect(page).toContain('**怎么办：**');
    expect(page).not.toMatch(/\{\w+\}|undefined/);
  }
});
