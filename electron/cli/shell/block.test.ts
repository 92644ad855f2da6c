/** The block in a start file: what it adds, it takes back to the byte. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withBlock, withoutBlock } from './block.ts';

const SCRIPT = 'hook one\nhook two\n';
const added = (before: string | null, script = SCRIPT) => {
  const edit = withBlock(before, script);
  if (!('text' in edit)) throw new Error('not added');
  return edit.text;
};

it.each([
  ['', ''],
  ['no final newline', 'alias g=git'],
  ['CRLF', 'alias g=git\r\nalias h=hg\r\n'],
  ['CRLF without a last one', 'a\r\nb'],
  ['blank lines at the end', 'a\n\n\n'],
])('is removed without a trace: %s', (_, before) => {
  expect(withoutBlock(added(before))).toEqual({ text: before });
});

it('is removed from any file', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const before = Buffer.from(bytes).toString('latin1');
      expect(withoutBlock(added(before))).toEqual({ text: before });
      expect(added(added(before))).toBe(added(before));
    }),
  );
});

it('leaves nothing of a file that it created, but what others wrote into it', () => {
  expect(withoutBlock(added(null))).toEqual({ absent: true });
  expect(withoutBlock(`${added(null)}alias g=git\n`)).toEqual({ text: 'alias g=git\n' });
});

it('keeps lines apart that were added after it', () => {
  expect(withoutBlock(`${added('first')}second\n`)).toEqual({ text: 'first\nsecond\n' });
});

it('is brought up to date where it is', () => {
  const later = added(`${added('first')}second\n`, 'newer\n');
  expect(later.match(/>>>$/gm)).toHaveLength(1);
  expect(later).toMatch(/^first\n# >>>[\s\S]*newer\n# <<<[^\n]*\nsecond\n$/);
  expect(withoutBlock(later)).toEqual({ text: 'first\nsecond\n' });
});

it('is left alone when half of it is missing, or when there are two', () => {
  const whole = added('a\n');
  for (const broken of [whole.replace(/# <<<.*\n/, ''), whole.replace(/# >>>.*\n/, ''), whole + whole]) {
    expect(withBlock(broken, SCRIPT)).toEqual({ damaged: true });
    expect(withoutBlock(broken)).toEqual({ damaged: true });
  }
});
