import { expect, it } from 'vitest';
import { SETTINGS_PAGES } from '../../../shared/domain/settings-sections.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { findSections, lockedOn } from './sections.ts';

const en = translator('en');
const zh = translator('zh-CN');

it('finds sections by any text in them, in both languages', () => {
  expect(findSections('', en)).toEqual(SETTINGS_PAGES);
  expect(findSections('quiet', en)).toEqual(['general']);
  expect(findSections('import', en)).toEqual(['data']);
  expect(findSections('证书', zh)).toEqual(['network']);
  expect(findSections('nothing like this', en)).toEqual([]);
});

it('finds every managed value on exactly one page', () => {
  const locked = ['preferences.theme', 'trust.extraCa', 'goat', 'metrics.port', 'go.path', 'endpoints'];
  const shown = SETTINGS_PAGES.flatMap((page) => lockedOn(page, locked).map((key) => `${page} ${key}`));
  expect(shown).toEqual([
    'general preferences.theme',
    'endpoints endpoints',
    'network trust.extraCa',
    'tools go.path',
    'data metrics.port',
  ]);
});
