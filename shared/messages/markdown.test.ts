import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { expect, it } from 'vitest';
import { markdownBlock, markdownCode, markdownText } from './markdown.ts';

/** The kinds of token that GitHub's dialect finds in a text, all levels. */
function kinds(markdown: string): ReadonlySet<string> {
  const found = new Set<string>();
  marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    // An address that links to itself shows its target, and the empty comment breaks up a mention.
    const isHarmless = (token.type === 'link' && token.href === token.text) || token.raw === '<!-- -->';
    if (!isHarmless) found.add(token.type);
  });
  return found;
}

/** What a reader sees. */
function shown(markdown: string): string {
  const texts: string[] = [];
  const walk = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      if ('tokens' in token && token.tokens !== undefined && token.tokens.length > 0) walk(token.tokens);
      else if (token.type !== 'html' && 'text' in token) texts.push(String(token.text));
    }
  };
  walk(marked.lexer(markdown, { gfm: true }));
  return texts.join('').replaceAll('&amp;', '&');
}

const HOSTILE = [
  '![x](https://evil.invalid/t.png)',
  '[click](javascript:alert(1))',
  '<img src=x onerror=alert(1)>',
  '<details><summary>x',
  '# heading',
  '- item',
  '1. item',
  '> quote',
  '```',
  '~~~ sh',
  '**bold** _it_ ~~gone~~',
  '| a | b |',
  '&lt;b&gt; &amp; &#60;',
  '`code`',
  '\\*',
  '[ref]: https://evil.invalid',
  'first\n\nsecond\n# third',
];

it.each(HOSTILE)('%j stays a text', (text) => {
  const found = kinds(`said: ${markdownText(text)}`);
  for (const kind of ['image', 'link', 'html', 'heading', 'code', 'codespan', 'strong', 'em', 'del', 'list', 'table']) {
    expect([kind, found.has(kind)]).toEqual([kind, false]);
  }
});

it('contains no mention and no issue reference', () => {
  expect(markdownText('@octocat see #1, golang.org/x/text@v0.3.0')).toBe(
    '@<!-- -->octocat see #<!-- -->1, golang.org/x/text@v0.3.0',
  );
});

it('shows the number of a list unchanged', () => {
  expect([shown(markdownText('1) one')), shown(markdownText('12. two'))]).toEqual(['1) one', '12. two']);
});

it('shows any text unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab1 !*_[]()<>`#+-.|~\\&;:/'), maxLength: 30 }), (text) => {
      const line = text.trim().replace(/\s+/g, ' ');
      fc.pre(line !== '' && !/https?:\/\//.test(line));
      const expected = `x ${line}`;
      expect(shown(`x ${markdownText(line)}`.trimEnd())).toBe(expected);
    }),
    { numRuns: 2_000 },
  );
});

it('keeps code unchanged, with any backticks', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'a `<*$'), maxLength: 12 }), (text) => {
      fc.pre(text.trim() !== '' && text === text.trim());
      const [paragraph] = marked.lexer(`x ${markdownCode(text)} y`);
      const code =
        paragraph !== undefined && 'tokens' in paragraph
          ? paragraph.tokens?.find(({ type }) => type === 'codespan')
          : null;
      expect(code).toMatchObject({ type: 'codespan', text });
    }),
  );
});

it('only its own fence ends a block of commands', () => {
  const tokens = marked.lexer(markdownBlock(['echo a', '```', '````', 'echo b']).join('\n'));
  expect(tokens).toHaveLength(1);
  expect(tokens[0]).toMatchObject({ type: 'code', lang: 'sh', text: 'echo a\n```\n````\necho b' });
});
