import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goImports, knownRepository, matchGoImport } from './go-import.ts';

const meta = (content: string) => `<meta name="go-import" content="${content}">`;

describe('goImports', () => {
  it.each([
    [meta('a.example/x git https://a.example/x.git'), 1],
    ["<META NAME='go-import' CONTENT='a.example/x git https://a.example/x.git'/>", 1],
    ['<meta content="a.example/x git https://a.example/x.git" name=go-import>', 1],
    [meta('a.example/x git https://a.example/x.git sub/dir'), 1],
    [meta('a.example/x git'), 0],
    [meta('a b c d e'), 0],
    [`<!-- ${meta('a b https://c')} -->`, 0],
    [`</head>${meta('a b https://c')}`, 0],
    [`<body>${meta('a b https://c')}`, 0],
    ['<meta name="go-source" content="a b c">', 0],
    ['<meta name="go-import" content="a.example/x git https://a.example/?a=1&amp;b=2">', 1],
  ])('%s', (page, count) => {
    expect(goImports(page)).toHaveLength(count);
  });

  it('decodes entities and reads pages of any size and shape', () => {
    expect(goImports(meta('a git https://a/?x=1&amp;y=2'))[0]?.root).toBe('https://a/?x=1&y=2');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('<meta ', 'name="go-import"', ' content="a b c"', '>', '<!--', '-->', '<head>', 'x'), {
          maxLength: 60,
        }),
        (parts) => {
          expect(goImports(parts.join('')).every(({ vcs }) => vcs !== '')).toBe(true);
        },
      ),
    );
  });

  it('leaves comments out, also one that never ends', () => {
    const tag = meta('a.example git https://a.example');
    expect(goImports(`<!-- x -->${tag}<!-- ${tag} --><!--`)).toHaveLength(1);
    expect(goImports(`<!--${'x'.repeat(200_000)}-->${tag}`)).toHaveLength(1);
    expect(goImports(`<!-- ${tag}`)).toEqual([]);
  });

  it.each([
    '<!--',
    '<!-- --',
    '<!---->',
    '<meta ',
    '<meta name=go-import content=',
    '<meta name="',
    '</head ',
    '<body',
    '<meta\t',
    ' name=',
  ])('reads 512 KB of %j in linear time', { timeout: 1_500 }, (opener) => {
    expect(goImports(opener.repeat(512 * 1024))).toEqual([]);
    expect(goImports(`<meta ${opener.repeat(512 * 1024)}>`)).toEqual([]);
  });
});

describe('matchGoImport', () => {
  const git = { prefix: 'a.example/x', vcs: 'git', root: 'https://a' };
  const mod = { prefix: 'a.example', vcs: 'mod', root: 'https://b' };
  it('takes the path or a parent of it, a module proxy first', () => {
    expect(matchGoImport([git], 'a.example/x/y')).toBe(git);
    expect(matchGoImport([git], 'a.example/xy')).toBeNull();
    expect(matchGoImport([git, mod], 'a.example/x')).toBe(mod);
    expect(matchGoImport([git, { ...git, vcs: 'hg' }], 'a.example/x')).toBe('ambiguous');
    expect(matchGoImport([], 'a.example/x')).toBeNull();
  });
});

describe('knownRepository', () => {
  it.each([
    ['github.com/a/b/c', 'https://github.com/a/b'],
    ['bitbucket.org/a/b', 'https://bitbucket.org/a/b'],
    ['git.corp.example/team/lib.git/sub', 'https://git.corp.example/team/lib.git'],
    ['github.com/a', null],
    ['golang.org/x/text', null],
  ])('%s', (path, root) => {
    expect(knownRepository(path)?.root ?? null).toBe(root);
  });
});
