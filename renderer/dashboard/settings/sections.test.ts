import { expect, it } from 'vitest';
import { SETTINGS_PAGES } from '../../../shared/domain/settings-sections.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { findSections } from './sections.ts';

const en = translator('en');
const zh = translator('zh-CN');

it('finds sections by any text in them, in both languages', () => {
  expect(findSections('', en)).toEqual(SETTINGS_PAGES);
  expect(findSections('quiet', en)).toEqual(['general']);
  expect(findSections('import', en)).toEqual(['data']);
  expect(findSections('证书', zh)).toEqual(['network']);
  expect(findSections('nothing like this', en)).toEqual([]);
});
