/** Start files of shells as they may be found: what they set, and what reading them may cost. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assignmentsIn, placeOf, sourcedFile, writtenValues } from './shell-files.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-shell-files-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const NAMES = ['GOPROXY', 'GOFLAGS'];
const written = () => writtenValues('zsh', { home, zdotdir: undefined, xdgConfigHome: undefined }, true, NAMES);

it.each([
  ['export GOPROXY=https://a.test GOFLAGS=-v', ['https://a.test', '-v']],
  ['  GOPROXY="https://a.test,direct"; export GOPROXY', ['https://a.test,direct']],
  ['set -x -g GOPROXY https://a.test', ['https://a.test']],
  ["true;set -gx GOPROXY 'a b'", ['a b']],
  ['SETUVAR --export GOPROXY:https\\x3a//a.test', ['https://a.test']],
  ['# export GOPROXY=https://a.test', []],
  ['export MYGOPROXY=https://a.test', []],
])('reads the assignments of %s', (line, values) => {
  expect(assignmentsIn(line, NAMES).map(({ value }) => value)).toEqual(values);
});

it('follows files that source each other, each once', async () => {
  writeFileSync(join(home, '.zshenv'), 'source ~/.zshenv\n. "$HOME/more"\n');
  writeFileSync(join(home, 'more'), `\nexport GOPROXY=https://a.test\nsource ${home}/.zshenv\n`);
  expect(placeOf(await written(), 'GOPROXY', 'https://a.test')).toEqual({ file: join(home, 'more'), line: 2 });
  expect(sourcedFile('source $(pwd)/x', home)).toBe(null);
});

it('reads no file that is too large, special or beyond the total', async () => {
  writeFileSync(join(home, '.zshenv'), `${'#\n'.repeat(600_000)}export GOPROXY=https://large.test\n`);
  mkdirSync(join(home, '.zprofile'));
  const sources = Array.from({ length: 8 }, (_, i) => {
    const filler = '#\n'.repeat(500_000);
    writeFileSync(join(home, `part${i}`), `${filler}export GOFLAGS=-p=${i}\n`);
    return `source ~/part${i}\n`;
  });
  writeFileSync(join(home, '.zshrc'), sources.join(''));
  expect((await written()).map(({ value }) => value)).toEqual(['-p=0', '-p=1', '-p=2', '-p=3', '-p=4']);
});
