import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGoMod, isPseudo, judgeAnswer, newestFirst, readInfo, readList } from './judge-answer.ts';
import type { ModuleRoute } from './route.ts';

const path = 'example.test/a';
const judge = (route: ModuleRoute, body: string, type = 'text/plain') => judgeAnswer(route, type, Buffer.from(body));
const info: ModuleRoute = { kind: 'info', path, version: 'v1.2.3' };

describe('answers of upstreams', () => {
  it.each<[string, ModuleRoute, string]>([
    ['a list', { kind: 'list', path }, 'v1.0.0\nv1.1.0 2024-01-02T03:04:05Z\n'],
    ['an empty list', { kind: 'list', path }, ''],
    ['the info of the version', info, '{"Version":"v1.2.3","Time":"2024-01-02T03:04:05Z"}'],
    ['the info of a branch', { kind: 'info', path, version: 'main' }, '{"Version":"v1.2.4"}'],
    ['the latest', { kind: 'latest', path }, '{"Version":"v0.0.0-20240102030405-0123456789ab"}'],
    ['a go.mod', { kind: 'mod', path, version: 'v1.2.3' }, '// comment\nmodule example.test/a\n'],
    ['a zip', { kind: 'zip', path, version: 'v1.2.3' }, 'PK\u0003\u0004…'],
    ['a zip without files', { kind: 'zip', path, version: 'v1.2.3' }, 'PK\u0005\u0006…'],
  ])('takes %s', (_, route, body) => {
    expect(judge(route, body)).toBeNull();
  });

  it.each<[string, ModuleRoute, string]>([
    ['a page as list', { kind: 'list', path }, '<!DOCTYPE html><p>Sign in</p>'],
    ['text as list', { kind: 'list', path }, 'welcome to the hotel\n'],
    ['a page as info', info, '  <html></html>'],
    ['nothing as info', info, ''],
    ['another version', info, '{"Version":"v1.2.4"}'],
    ['half of an info', info, '{"Version":"v1.2'],
    ['no version', info, '{"status":"ok"}'],
    ['null', info, 'null'],
    ['a branch as latest', { kind: 'latest', path }, '{"Version":"main"}'],
    ['nothing as go.mod', { kind: 'mod', path, version: 'v1.2.3' }, ''],
    ['a page as go.mod', { kind: 'mod', path, version: 'v1.2.3' }, '<html>module</html>'],
    ['a page as zip', { kind: 'zip', path, version: 'v1.2.3' }, '<html></html>'],
  ])('refuses %s', (_, route, body) => {
    expect(judge(route, body)).not.toBeNull();
  });

  it('refuses JSON that calls itself HTML', () => {
    expect(judge(info, '{"Version":"v1.2.3"}', 'text/html; charset=utf-8')).not.toBeNull();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const body = Buffer.from(bytes);
        for (const route of [info, { kind: 'list', path }, { kind: 'mod', path, version: 'v1.0.0' }] as const) {
          judgeAnswer(route, '', body);
        }
        readInfo(body);
        readList(body);
      }),
    );
  });
});

it('orders versions as go chooses', () => {
  const versions = [
    'v1.0.0',
    'v1.10.0',
    'v1.9.0',
    'v2.0.0-rc.1',
    'v0.0.0-20240102030405-0123456789ab',
    'v2.0.0+incompatible',
  ];
  expect(newestFirst(versions)).toEqual([
    'v2.0.0+incompatible',
    'v1.10.0',
    'v1.9.0',
    'v1.0.0',
    'v2.0.0-rc.1',
    'v0.0.0-20240102030405-0123456789ab',
  ]);
});

it.each([
  ['v0.0.0-20240102030405-0123456789ab', true],
  ['v1.2.4-0.20240102030405-0123456789ab', true],
  ['v1.2.3-pre.0.20240102030405-0123456789ab', true],
  ['v2.0.1-0.20240102030405-0123456789ab+incompatible', true],
  ['v1.2.3', false],
  ['v1.2.3-rc.1', false],
  ['v0.0.1-go1.27.3.linux-amd64', false],
])('%s names a commit: %s', (version, expected) => {
  expect(isPseudo(version)).toBe(expected);
});

it.each([
  ['module a.test/b\n', true],
  ['// comment\n\n  module a.test/b\n', true],
  ['"module" a.test/b\n', true],
  ['{"status":"ok"}', false],
  ['hello', false],
])('%j looks like a go.mod: %s', (text, expected) => {
  expect(isGoMod(Buffer.from(text))).toBe(expected);
});
