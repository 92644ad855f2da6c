import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import { LogReader } from './explain-log.ts';
import { sift } from './sift.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const read = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');
const recorded = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.txt'))
  .map(read);
const written = ['kinds.json', 'public.json'].flatMap((file) =>
  (JSON.parse(read(file)) as readonly { readonly texts: readonly string[] }[]).flatMap(({ texts }) => texts),
);
/** What a compiler says alone needs no reading: the step that reads logs knows such lines by themselves. */
const failures = (
  JSON.parse(read('written.json')) as readonly { readonly text: string; readonly causes?: readonly string[] }[]
).flatMap(({ text, causes }) => (causes === undefined ? [] : [text]));

const progress = (count: number) =>
  Array.from({ length: count }, (_, i) => `ok  \texample.com/shop/cart${i}\t0.012s`).join('\n');

describe('sift', () => {
  it('keeps every error at hand, and what is read from it amid progress', () => {
    const texts = [...recorded, ...written, ...failures];
    expect(texts.length).toBeGreaterThan(800);
    for (const text of texts) {
      const log = `${progress(200)}\n${text}\n${progress(200)}`;
      const sifted = sift(log.split('\n')).join('\n');
      expect(explain(sifted, { partial: true }), text).toEqual(explain(log, { partial: true }));
    }
  });

  it('keeps nothing of a log in which all is well', () => {
    expect(sift(`${progress(5_000)}\ngo: downloading example.com/lib v1.0.0\nPASS`.split('\n'))).toEqual([]);
  });

  it('keeps lines once and in order', () => {
    const lines = Array.from({ length: 300 }, (_, i) => (i % 50 === 0 ? `fatal: ${i}` : `line ${i}`));
    expect(sift(lines)).toEqual(lines);
  });

  it('keeps words that unseen characters stand in', () => {
    expect(sift(['f\0a\0t\0a\0l\0:\0 \0b\0a\0d'])).toHaveLength(1);
  });
});

describe('an error within a long log', () => {
  it('is found, whatever stands around it', () => {
    const reader = new LogReader();
    reader.add(`${progress(9_000)}\n`);
    reader.add('go: example.com/lib@v1.0.0: Get "https://proxy.golang.org/example.com/lib/@v/v1.0.0.mod": EOF\n');
    reader.add(progress(9_000));
    expect(reader.end()).toMatchObject([
      { cause: 'eof-no-response', host: 'proxy.golang.org', module: 'example.com/lib@v1.0.0' },
    ]);
  });
});
