import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeModule, isModuleVersion, protocolPath } from './module-path.ts';

const element = fc.stringMatching(/^[A-Za-z0-9_~-]([A-Za-z0-9._~-]{0,12}[A-Za-z0-9_~-])?$/);
const modulePath = fc.array(element, { minLength: 1, maxLength: 5 }).map((elements) => elements.join('/'));

/** What a server does: percent-decoding, then the inverse of the escaping. */
function unescaped(text: string): string {
  return decodeURIComponent(text).replace(/!([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

describe('paths of the GOPROXY protocol', () => {
  it('are spelled as go spells them', () => {
    expect(protocolPath('github.com/BurntSushi/toml', 'list')).toBe('github.com/%21burnt%21sushi/toml/@v/list');
    expect(protocolPath('example.test/a', 'v1.0.1-RC1.info')).toBe('example.test/a/@v/v1.0.1-%21r%21c1.info');
    expect(protocolPath('example.test/a', 'v2.0.0+incompatible.mod')).toBe('example.test/a/@v/v2.0.0+incompatible.mod');
  });

  it('can be read back to the module they were made from', () => {
    fc.assert(
      fc.property(modulePath, (path) => {
        fc.pre(isModuleVersion({ path, version: 'v1.0.0' }));
        expect(unescaped(protocolPath(path, 'list'))).toBe(`${path}/@v/list`);
      }),
    );
  });

  it('tell modules apart on file systems that ignore case', () => {
    fc.assert(
      fc.property(modulePath, modulePath, (a, b) => {
        fc.pre(a !== b);
        expect(escapeModule(a).toLowerCase()).not.toBe(escapeModule(b).toLowerCase());
      }),
    );
  });
});

describe('what is asked for at all', () => {
  it.each([
    ['golang.org/x/text', 'v0.3.0', true],
    ['example.test/Upper/CaseMod', 'v1.0.1-RC1', true],
    ['example.test/edge', 'v0.0.0-20240102030405-0123456789ab', true],
    ['example.test/old', 'v2.0.0+incompatible', true],
    ['../etc', 'v1.0.0', false],
    ['example.test/./a', 'v1.0.0', false],
    ['example.test//a', 'v1.0.0', false],
    ['example.test/a?b', 'v1.0.0', false],
    ['https://example.test/a', 'v1.0.0', false],
    ['example.test/a', '../../x', false],
    ['example.test/a', '', false],
    ['', 'v1.0.0', false],
    ['-x', 'v1.0.0', false],
    ['example.test/a', '-x', false],
  ])('%s@%s: %s', (path, version, expected) => {
    expect(isModuleVersion({ path, version })).toBe(expected);
  });
});
