/** Twice the text takes about twice the time, whatever it is made of: no pattern may go over it again and again. */
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from './explain.ts';

/** Pieces of what patterns look for, among them their beginnings without an end. */
const PIECES = [
  'a.example/m@v1.0.0',
  'a.example/m@v1.0.0: ',
  'go: ',
  'a.b.',
  'a/',
  '@',
  '..',
  '((',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '\\"',
  '\\n',
  '&quot;',
  '\u001b[31m',
  '\u001b]',
  '{"Error":"',
  '{',
  '}',
  'https://',
  'https://a.example/',
  'Get "',
  'reading https://a.example/m/@v/list: ',
  '404 Not Found',
  'verifying ',
  'lookup a on 127.0.0.1:53: ',
  'dial tcp ',
  'read tcp 10.0.0.1:1->',
  'connection refused',
  'exit status 128:',
  '\n',
  '\n\t',
  '\n\tserver response: ',
  '\nfatal: ',
  '\nremote: ',
  ' imports\n\t',
  ' requires\n\t',
  '# get https://a.example/m/@v/list',
  'level=error msg="',
  'msg="',
  '#12 0.1 ',
  '0.1 ',
  '[x] ',
  '> ',
  '| ',
  ' ',
  '  ',
  '    ',
  '-',
  '%21',
  '[email protected]',
  'unexpected status (',
  'unrecognized import path "',
  'x509: ',
  'SECURITY ERROR\n',
  'package ',
  '://',
  '1.2.3.4',
  'ambiguous import: found ',
  'a'.repeat(30),
  '中',
  ': ',
  ',',
];

function timed(text: string): number {
  // The best of three: another process may be in the way.
  return Math.min(
    ...[0, 1, 2].map(() => {
      const start = performance.now();
      explain(text);
      return performance.now() - start;
    }),
  );
}

describe('explain', () => {
  it.each(PIECES.map((piece) => [JSON.stringify(piece), piece] as const))(
    'reads %s many times over in linear time',
    (_name, piece) => {
      for (const text of [piece, `go: a.example/m@v1.0.0: ${piece}`, `${piece}x`, `${piece}\n`]) {
        const size = 60_000;
        const many = text.repeat(Math.ceil(size / text.length));
        expect(timed(many)).toBeLessThan(600);
      }
    },
  );

  it('reads any mixture in linear time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 8 }), (pieces) => {
        const one = pieces.join('');
        const text = one.repeat(Math.ceil(30_000 / one.length));
        const short = timed(text);
        const long = timed(text.repeat(4));
        // Four times the text in sixteen times the time would be quadratic; short times are mostly noise.
        expect(long).toBeLessThan(Math.max(250, short * 9));
      }),
      { numRuns: 60 },
    );
  });
});
