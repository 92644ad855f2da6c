import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flatSettings, knownNames, readValue, settingsInUse, unknownName, valueAt, withValue } from './setting-path.ts';

describe('names', () => {
  it('knows every section and its fields', () => {
    expect(knownNames([])).toContain('intervals');
    expect(knownNames(['intervals'])).toEqual(['visibleMs', 'hiddenMs']);
    expect(knownNames(['limits', 'soft'])).toContain('dialMs');
    expect(knownNames(['gateway'])).toContain('upstreams');
    expect(knownNames(['endpoints'])).toBeNull();
  });

  it('finds the name that does not exist', () => {
    expect(unknownName(['interval', 'visibleMs'])?.name).toBe('interval');
    expect(unknownName(['intervals', 'visible'])).toEqual({ name: 'visible', known: ['visibleMs', 'hiddenMs'] });
    expect(unknownName(['intervals', 'visibleMs'])).toBeNull();
    expect(unknownName(['endpoints', '0', 'url'])).toBeNull();
    expect(unknownName(['__proto__'])?.name).toBe('__proto__');
  });
});

it('shows defaults where the file says nothing', () => {
  const flat = new Map(flatSettings(settingsInUse({ intervals: { hiddenMs: 60_000 } })));
  expect(flat.get('intervals.hiddenMs')).toBe(60_000);
  expect(flat.get('intervals.visibleMs')).toBe(15_000);
  expect(flat.get('preferences.language')).toBe('system');
});

it('removes a section with its last field, and keeps what it does not touch', () => {
  const content = { intervals: { hiddenMs: 1_000 }, other: [1, { a: 2 }] };
  expect(withValue(content, ['intervals', 'hiddenMs'], undefined)).toEqual({ other: [1, { a: 2 }] });
  expect(withValue(content, ['other', '1', 'a'], 3)).toEqual({ ...content, other: [1, { a: 3 }] });
  expect(withValue(content, ['other', '0'], undefined)).toEqual({ ...content, other: [{ a: 2 }] });
});

it('reads back what it has written, and nothing of Object', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'toString');
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.jsonValue(), (path, value) => {
      const wanted = JSON.stringify(value);
      expect(JSON.stringify(valueAt(withValue({}, path, value), path))).toBe(wanted);
      expect(valueAt({}, path)).toBeUndefined();
    }),
  );
});

it.each([
  ['true', true],
  ['15000', 15_000],
  ['["a"]', ['a']],
  ['null', null],
  ['22:00-08:00', '22:00-08:00'],
  ['https://goproxy.cn', 'https://goproxy.cn'],
])('reads %s as a value', (text, value) => {
  expect(readValue(text)).toEqual(value);
});
