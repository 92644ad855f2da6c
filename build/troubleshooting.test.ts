import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TROUBLESHOOTING, troubleshootingPage } from './troubleshooting.ts';

it.each(['en', 'zh-CN'] as const)('%s: is fresh (otherwise: npm run docs:troubleshooting)', (language) => {
  expect(readFileSync(TROUBLESHOOTING[language], 'utf8')).toBe(troubleshootingPage(language));
});

it('has the same entries in both languages, and no placeholder that is not named', () => {
  const quotes = (['en', 'zh-CN'] as const).map((language) => troubleshootingPage(language).match(/^> .+$/gm) ?? []);
  expect(quotes[0]?.length).toBe(quotes[1]?.length);
  expect(quotes[0]?.length).toBeGreaterThan(20);
  expect(quotes.flat().filter((quote) => /[{}]/.test(quote))).toEqual([]);
});
