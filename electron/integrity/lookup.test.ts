import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLookup } from './lookup.ts';

const RECORD = 'm.test/a v1.0.0 h1:zip=\nm.test/a v1.0.0/go.mod h1:mod=\n';
const parse = (text: string) => parseLookup(Buffer.from(text));
const hashesOf = (record: string) => {
  const lookup = parse(`3\n${record}\nnote`);
  return lookup.ok ? Object.fromEntries(lookup.hashes) : lookup.reason;
};

describe('the response to a lookup', () => {
  it('is a number, a record and a note', () => {
    expect(parse(`3\n${RECORD}\ntext\n\n— name signature\n`)).toEqual({
      ok: true,
      id: 3,
      record: Buffer.from(RECORD),
      hashes: new Map([
        ['m.test/a v1.0.0', 'h1:zip='],
        ['m.test/a v1.0.0/go.mod', 'h1:mod='],
      ]),
      note: Buffer.from('text\n\n— name signature\n'),
    });
  });

  it('may contain fewer or other hashes', () => {
    expect(hashesOf('m v1/go.mod h1:mod=\n')).toEqual({ 'm v1/go.mod': 'h1:mod=' });
    expect(hashesOf('m v1 h2:new\nm v1 h1:old= and more\nm v1\n')).toEqual({});
    expect(hashesOf('m v1 h2:new\nm v1 h1:old=\n')).toEqual({ 'm v1': 'h1:old=' });
  });

  it('uses the first of contradicting lines, as go does', () => {
    expect(hashesOf('m v1 h1:first=\nm v1 h1:second=\n')).toEqual({ 'm v1': 'h1:first=' });
  });

  it.each([
    ['nothing', ''],
    ['a page', '<!DOCTYPE html>\n\n'],
    ['no number', `\n${RECORD}\nnote`],
    ['a negative number', `-1\n${RECORD}\nnote`],
    ['a number beyond counting', `9007199254740992\n${RECORD}\nnote`],
    ['no end of the record', `3\n${RECORD}`],
    ['a control character in the record', `3\n${RECORD}\t\n\nnote`],
  ])('is refused with %s', (_, text) => {
    expect(parse(text)).toEqual({ ok: false, reason: 'malformed record data' });
  });

  it('is refused when its record is not UTF-8', () => {
    const answer = Buffer.from(`3\n${RECORD}\nnote`);
    answer[4] = 0xff;
    expect(parseLookup(answer)).toEqual({ ok: false, reason: 'malformed record data' });
  });

  it('keeps every byte in one of its parts, for any input, and never throws', () => {
    const tail = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(tail, fc.nat(), fc.boolean(), (bytes, id, isNumbered) => {
        const answer = Buffer.concat([Buffer.from(isNumbered ? `${id}\n` : ''), bytes, Buffer.from('\n\nnote')]);
        const lookup = parseLookup(answer);
        if (!lookup.ok) return;
        const whole = Buffer.concat([Buffer.from(`${lookup.id}\n`), lookup.record, Buffer.from('\n'), lookup.note]);
        expect(whole).toEqual(answer);
      }),
    );
  });
});
