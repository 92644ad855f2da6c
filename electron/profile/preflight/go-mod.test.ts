import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseGoSum, parseModFile } from './go-mod.ts';

const TEXT = `\uFEFF// a comment
module example.com/my/thing // trailing\r
go 1.22.1
toolchain go1.22.3

require github.com/one/one v1.0.0
require (
\tgolang.org/x/net v0.1.2 // indirect
\t"quoted.example/x" v2.0.0+incompatible
)
replace golang.org/x/net => ../net
replace (
\tgithub.com/one/one v1.0.0 => github.com/fork/one v1.0.1
)
exclude golang.org/x/net v0.1.1
retract [v1.0.0, v1.9.9] // oops
tool golang.org/x/tools/cmd/stringer
`;

it('reads everything that matters of a go.mod', () => {
  expect(parseModFile(TEXT)).toEqual({
    ok: true,
    file: {
      module: 'example.com/my/thing',
      go: '1.22.1',
      toolchain: 'go1.22.3',
      requires: [
        { path: 'github.com/one/one', version: 'v1.0.0', line: 6 },
        { path: 'golang.org/x/net', version: 'v0.1.2', line: 8 },
        { path: 'quoted.example/x', version: 'v2.0.0+incompatible', line: 9 },
      ],
      replaces: [
        { line: 11, from: { path: 'golang.org/x/net', version: '' }, to: { path: '../net', version: '' } },
        {
          line: 13,
          from: { path: 'github.com/one/one', version: 'v1.0.0' },
          to: { path: 'github.com/fork/one', version: 'v1.0.1' },
        },
      ],
      uses: [],
    },
  });
});

it('reads a go.work', () => {
  expect(parseModFile('go 1.23\nuse (\n\t./a\n\t"./b c"\n)\nuse ../d\n')).toMatchObject({
    ok: true,
    file: { go: '1.23', uses: ['./a', './b c', '../d'] },
  });
});

it.each([
  ['modul example.com', 1],
  ['module a\nrequire golang.org/x/net', 2],
  ['module a\n\nrequire (\n  x v1.0.0\n', 5],
  ['module "a', 1],
  ['module a\nreplace x y', 2],
  ['<<<<<<< HEAD', 1],
])('names the line of %j that is none', (text, line) => {
  expect(parseModFile(text)).toMatchObject({ ok: false, error: { line } });
});

it('never throws, and reads back what was written', () => {
  const path = fc.stringMatching(/^[a-z][a-z0-9]{0,6}\.[a-z]{2,3}(\/[A-Za-z0-9._~-]{1,6}){0,3}$/);
  const version = fc.stringMatching(/^v[0-9]\.[0-9]{1,2}\.[0-9](-[a-z0-9.]{1,8})?$/);
  fc.assert(
    fc.property(fc.array(fc.record({ path, version })), (requires) => {
      const text = `module a\nrequire (\n${requires.map((one) => `\t${one.path} ${one.version}`).join('\n')}\n)\n`;
      expect(parseModFile(text)).toMatchObject({ ok: true, file: { requires } });
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(typeof parseModFile(text).ok).toBe('boolean');
      expect(Array.isArray(parseGoSum(text))).toBe(true);
    }),
  );
});

it('reads go.sum, and skips invalid lines', () => {
  const text = 'a.test/x v1.0.0 h1:abc=\na.test/x v1.0.0/go.mod h1:def=\n\nnonsense\nb.test v2 h1:x\n';
  expect(parseGoSum(text)).toEqual([
    { path: 'a.test/x', version: 'v1.0.0', part: 'zip' },
    { path: 'a.test/x', version: 'v1.0.0', part: 'mod' },
    { path: 'b.test', version: 'v2', part: 'zip' },
  ]);
});
