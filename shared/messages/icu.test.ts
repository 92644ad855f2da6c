import fc from 'fast-check';
import { IntlMessageFormat } from 'intl-messageformat';
import { expect, it } from 'vitest';
import { formatMessage, parseMessage } from './icu.ts';

/** What a library that has the whole syntax makes of it; null where it refuses. */
function byLibrary(pattern: string, language: 'en' | 'zh-CN', params: Record<string, string | number>): string | null {
  try {
    return String(new IntlMessageFormat(pattern, language, undefined, { ignoreTag: true }).format(params));
  } catch {
    return null;
  }
}

function byUs(pattern: string, language: 'en' | 'zh-CN', params: Record<string, string | number>): string | null {
  try {
    return formatMessage(parseMessage(pattern), language, params);
  } catch {
    return null;
  }
}

it.each([
  ["it''s {n, plural, =0 {none} one {# thing} other {# things}}", { n: 0 }, "it's none"],
  ["it''s {n, plural, =0 {none} one {# thing} other {# things}}", { n: 1 }, "it's 1 thing"],
  ["it''s {n, plural, =0 {none} one {# thing} other {# things}}", { n: 12_345 }, "it's 12,345 things"],
  ["go's '{'as it is'}' <b>", {}, "go's {as it is} <b>"],
  ["{n, plural, other {no '#', '' and '{n}'}}", { n: 2 }, "no #, ' and {n}"],
  ['{n, number} and {n}', { n: 1_234.5 }, '1,234.5 and 1234.5'],
  ['{a, select, x {{b}} other {none}}', { a: 'x', b: '{a}' }, '{a}'],
])('formats %s', (pattern, params, text) => {
  expect(byUs(pattern, 'en', params)).toBe(text);
  expect(byLibrary(pattern, 'en', params)).toBe(text);
});

it.each(['{', '}', '{a', '{}', '{a, date}', '{a, plural, one {x}}', '{a, select, x y}'])('refuses %s', (pattern) => {
  expect(() => parseMessage(pattern)).toThrow(SyntaxError);
});

it('refuses a parameter that is missing', () => {
  expect(() => formatMessage(parseMessage('{a}'), 'en', {})).toThrow(RangeError);
});

// Quotes in pairs: the library passes over a case `other` that an open quote has swallowed, we refuse the message.
const text = fc
  .array(fc.constantFrom('a', ' ', "go's", "''", "'{'", "'}x{'", '#', '.', '代'), { maxLength: 4 })
  .map((parts) => parts.join(''));
const { message } = fc.letrec<{ message: string; argument: string }>((tie) => ({
  message: fc.array(fc.oneof(text, tie('argument')), { maxLength: 4 }).map((parts) => parts.join('')),
  argument: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('{s}', '{n}', '{n, number}', '{ n ,number }'),
    fc
      .tuple(fc.constantFrom('=0', '=2', 'one', 'few'), tie('message'), tie('message'))
      .map(([key, one, other]) => `{n, plural, ${key} {${one}} other {${other}}}`),
    fc
      .tuple(fc.constantFrom('x', 'y', '1'), tie('message'), tie('message'))
      .map(([key, one, other]) => `{s, select, ${key} {${one}}\n other{${other}} }`),
  ),
}));

it('formats whatever is put together as the library does', () => {
  const number = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer(), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(
      message,
      fc.constantFrom('en' as const, 'zh-CN' as const),
      fc.constantFrom('x', '', '$&', "'{n}'"),
      number,
      (pattern, language, s, n) => {
        expect(byUs(pattern, language, { s, n })).toBe(byLibrary(pattern, language, { s, n }));
      },
    ),
    { numRuns: 2_000 },
  );
});
