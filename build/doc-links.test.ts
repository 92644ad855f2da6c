import { expect, it } from 'vitest';
import { anchorsOf, linkProblems, linksOf } from './doc-links.mjs';

it.each([
  ['## What is stored, and where', 'what-is-stored-and-where'],
  ['### `gopherbar ci` — a step', 'gopherbar-ci--a-step'],
  ['## 保存了什么，在哪里', '保存了什么在哪里'],
  ['# DNS · DNS', 'dns--dns'],
  ['## [0.1.0](https://example.com) – 2026', '010--2026'],
  ['## snake_case', 'snake_case'],
  ['<a id="own"></a>', 'own'],
])('%s has the anchor %s', (line, anchor) => {
  expect([...anchorsOf(`${line}\n`)]).toEqual([anchor]);
});

it('counts headings that come again, and none inside code', () => {
  expect([...anchorsOf('# A\n# A\n```sh\n# not a heading\n```\n# A\n')]).toEqual(['a', 'a-1', 'a-2']);
});

it('finds links of every form, and none inside code', () => {
  const text =
    '[a](one.md) ![b](two.png "t") <a href="three.md">c</a> [d]: x\n\n[e]: four.md\n`[f](five.md)`\n```\n[g](six.md)\n```\n';
  expect(linksOf(text)).toEqual(['one.md', 'two.png', 'four.md', 'three.md']);
});

const pages: Readonly<Record<string, string>> = { 'guide.md': '# Guide\n## First steps\n', 'folder/': '' };
const read = (path: string) => pages[path] ?? null;

it.each([
  ['[x](guide.md)', []],
  ['[x](guide.md#first-steps)', []],
  ['[x](folder/)', []],
  ['# Here\n[x](#here)', []],
  ['[x](https://example.com/a#b)', []],
  ['[x](mailto:me@example.com)', []],
  ['[x](gone.md)', ['the link to gone.md leads nowhere']],
  ['[x](guide.md#second-steps)', ['the link to guide.md#second-steps: no such heading']],
  ['[x](#there)', ['the link to #there: no such heading']],
  ['[x](http://example.com)', ['the link to http://example.com is not an https URL']],
  ['[x](https:/example)', ['the link to https:/example is not an https URL']],
])('judges %j', (text, problems) => {
  expect(linkProblems(text, read)).toEqual(problems);
});
