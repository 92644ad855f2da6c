/** Patterns that were quadratic once: each with the text that showed it, within a budget of processor time. */
import { describe, expect, it } from 'vitest';
import { SHAPES, shapeAt } from './adversarial.ts';
import { FOREIGN_READERS } from './foreign-readers.ts';

const KB = 64;

/** Processor time, ms. */
function cost(reader: string, text: string): number {
  const before = process.cpuUsage();
  FOREIGN_READERS[reader]?.(text);
  return process.cpuUsage(before).user / 1_000;
}

describe(`64 KB cost no more than a second`, () => {
  it.each([
    ['secrets', 'a'],
    ['secrets', 'eyJ-'],
    ['secrets', 'x-'],
    ['secrets', '?token'],
    ['secrets', 'a.'],
    ['passwords in a text', 'a'],
    ['passwords in a text', '=a:'],
    ['trace line without secrets', 'a'],
    ['saved trace', 'a'],
    ['saved trace', '# get https://a/: 200 OK\n'],
    ['scrub', 'a.'],
    ['scrub', '%'],
    ['lint of a GOPROXY', '\n'],
    ['GOSUMDB', 'a/'],
    ['GOPROXY list', '/'],
    ['module patterns of a stranger', 'a*'],
    ['go.mod', '\n'],
    ['go.sum', 'a b c\n'],
    ['explain', 'lookup a '],
  ])('%s of %j', (reader, unit) => {
    expect(FOREIGN_READERS[reader]).toBeDefined();
    expect(cost(reader, `${unit.repeat(Math.ceil((KB * 1_024) / unit.length))}!`)).toBeLessThan(1_000);
  });
});

it('every shape is a text of the length asked for', () => {
  for (let i = 0; i < SHAPES; i += 997) {
    const { text } = shapeAt(i, 1_000);
    expect(text.length).toBeGreaterThanOrEqual(1_000);
    expect(text.length).toBeLessThan(1_100);
  }
});
