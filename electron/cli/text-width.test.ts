/** Cells of texts: ours, and any other. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import en from '../../shared/messages/en.json' with { type: 'json' };
import zh from '../../shared/messages/zh-CN.json' with { type: 'json' };
import { cut, pad, textWidth } from './text-width.ts';

it('counts Chinese letters and punctuation as two, and what combines as none', () => {
  expect(textWidth('goproxy.cn')).toBe(10);
  expect(textWidth('演练：“故障”')).toBe(12);
  expect(textWidth('● ▆▆ × …')).toBe(8);
  expect(textWidth('é')).toBe(1);
  expect(textWidth('👩‍💻')).toBe(2);
});

it('counts the same with and without the segmentation of Unicode', () => {
  const segmenter = new Intl.Segmenter();
  const same = (text: string) => {
    const parts = [...segmenter.segment(text)].map(({ segment }) => textWidth(segment));
    expect(textWidth(text), JSON.stringify(text)).toBe(parts.reduce((sum, width) => sum + width, 0));
  };
  const texts = (tree: object): string[] =>
    Object.values(tree).flatMap((one) => (typeof one === 'string' ? [one] : texts(one)));
  for (const text of [...texts(en), ...texts(zh)]) same(text);
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), same));
});

it('cuts and pads to a width, whatever the letters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 20 }), (text, width) => {
      expect(textWidth(cut(text, width))).toBeLessThanOrEqual(Math.max(width, 0));
      expect(textWidth(pad(cut(text, width), width))).toBe(width);
    }),
  );
});
