/** A log read in pieces says what it says at once, wherever it is cut. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';
import { LogReader } from './explain-log.ts';

const FOLDER = join(import.meta.dirname, 'fixtures');
const texts = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => readFileSync(join(FOLDER, name), 'utf8'));
const NOISE = 'ok  \texample.com/shop/cart\t0.012s\n';
const EOF = 'go: module golang.org/x/text: Get "https://golang.org/x/text?go-get=1": EOF\n';

function read(text: string, pieces: readonly number[]) {
  const reader = new LogReader();
  let at = 0;
  for (const length of pieces) {
    reader.add(text.slice(at, at + length));
    at += length;
  }
  reader.add(text.slice(at));
  return reader.end();
}

describe('LogReader', () => {
  it('says of every recording what it says at once', () => {
    for (const text of texts) expect(read(text, [])).toEqual(explain(text));
  });

  it('does not care where the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(fc.nat(300), { maxLength: 20 }), (text, pieces) => {
        expect(read(text, pieces)).toEqual(explain(text));
      }),
    );
  });

  it.each([0, 5_000, 30_000, 90_000])('finds an error after %i lines of noise, and much after it', (lines) => {
    const found = read(NOISE.repeat(lines) + EOF + NOISE.repeat(40_000), [1_000_000, 1_000_000]);
    expect(found.map(({ cause, host }) => [cause, host])).toEqual([['eof-no-response', 'golang.org']]);
  });

  it('does not take a request for unanswered because a piece ends there', () => {
    const request = '# get https://proxy.example/m/@v/list\n# get https://proxy.example/m/@v/list: 200 OK (0.1s)\n';
    expect(read(request.repeat(20_000), [])).toEqual([]);
  });

  it('cuts a line without an end, and goes on after it', () => {
    const found = read(
      `${'x'.repeat(3_000_000)}\n${EOF}`,
      Array.from({ length: 100 }, () => 20_000),
    );
    expect(found.map(({ cause }) => cause)).toEqual(['eof-no-response']);
  });

  it('keeps what it holds bounded', () => {
    const reader = new LogReader();
    for (let i = 0; i < 3_000; i += 1) reader.add(EOF.replaceAll('golang.org', `host${i}.example`));
    expect(reader.end().length).toBeLessThanOrEqual(200);
  });
});
