import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isGlob, matchesPatterns } from './module-patterns.ts';

it.each([
  ['github.com/acme', 'github.com/acme/x/y', true],
  ['github.com/acme', 'github.com/acme2', false],
  ['github.com/acme/', 'github.com/acme/x', true],
  ['*.corp.test', 'git.corp.test/a', true],
  ['*.corp.test', 'corp.test/a', false],
  ['*.corp.test', 'a.git.corp.test/a', true],
  ['corp.test/*/x', 'corp.test/a/x/y', true],
  ['corp.test/*/x', 'corp.test/a', false],
  ['Corp.test', 'corp.test/a', false],
  ['a.test, b.test', 'b.test/x', false],
  ['a.test,,b.test', 'b.test/x', true],
  ['https://corp.test', 'corp.test/x', false],
  ['git[0-9].test', 'git7.test/x', true],
  ['git[^0-9].test', 'git7.test/x', false],
  ['git[^0-9].test', 'gitx.test/x', true],
  ['git[z-a].test', 'gitx.test/x', false],
  ['[\\]].test', '].test/x', true],
  ['[a', '[a/x', false],
  ['[]a].test', 'a.test', false],
  ['a\\*.test', 'a*.test/x', true],
  ['a\\*.test', 'ab.test/x', false],
  ['corp?test', 'corp/test', false],
  ['', 'anything', false],
  ['.', 'x', false],
  ['*', 'anything.test/x', true],
])('%j on %s: %s', (globs, path, expected) => {
  expect(matchesPatterns(globs, path)).toBe(expected);
});

it('knows malformed globs', () => {
  expect(['[', '[a', 'a\\', '[]', '[a-]', '[-a]'].map(isGlob)).toEqual([false, false, false, false, false, false]);
  expect(['a', '*', '[a-z]', '\\['].map(isGlob)).toEqual([true, true, true, true]);
});

it('a plain path matches itself and its subpaths, for any characters', () => {
  const element = fc.stringMatching(/^[a-zA-Z0-9._+()$^{}-]{1,8}$/);
  fc.assert(
    fc.property(fc.array(element, { minLength: 1, maxLength: 4 }), element, (elements, more) => {
      const path = elements.join('/');
      expect(matchesPatterns(path, `${path}/${more}`)).toBe(true);
      expect(matchesPatterns(`${path}/${more}`, path)).toBe(false);
    }),
  );
});

it('never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (globs, path) => {
      expect(typeof matchesPatterns(globs, path)).toBe('boolean');
    }),
  );
});
