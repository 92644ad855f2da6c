import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(pieces: readonly string[], maxLength = 1_000): readonly string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(maxLength, (line) => lines.push(line));
  for (const piece of pieces) splitter.write(piece);
  splitter.end();
  return lines;
}

it('gives the same lines however a text is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '漢') });
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
      const at = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
      const pieces = at.slice(1).map((to, i) => whole.slice(at[i], to));
      const lines = whole.split(/\r\n?|\n/);
      if (lines.at(-1) === '') lines.pop();
      expect(split(pieces)).toEqual(lines);
    }),
  );
});

it('cuts a line, and starts again after its end', () => {
  expect(split(['abc', 'def', 'ghi\nx'], 4)).toEqual(['abcd', 'x']);
});

it('keeps no more than a line of a text that has none', () => {
  const piece = 'a'.repeat(1_000_000);
  const lines: string[] = [];
  const splitter = new LineSplitter(16_000, (line) => lines.push(line));
  for (let i = 0; i < 1_000; i++) splitter.write(piece);
  splitter.end();
  expect(lines.map(({ length }) => length)).toEqual([16_000]);
});
