import { describe, expect, it } from 'vitest';
import { isLookedUp, isPrivate, patternEnvironment, patternList } from './private-modules.ts';

const patterns = (list: string, nosumdb = '') => ({ private: patternList([list]), nosumdb: patternList([nosumdb]) });

describe('private modules', () => {
  it.each([
    ['git.corp.test/team/secret', 'git.corp.test/team/secret', true],
    ['git.corp.test/team/secret', 'git.corp.test/team/secret/sub', true],
    // Proper prefixes would give the rest away.
    ['git.corp.test/team/secret', 'git.corp.test/team', true],
    ['git.corp.test/team/secret', 'git.corp.test', true],
    ['git.corp.test/team/secret', 'git.corp.test/team/secrets', false],
    ['git.corp.test/team/secret', 'git.corp.test/other', false],
    ['git.corp.test/team*', 'git.corp.test', true],
    ['git.corp.test/team*', 'git.corp.test/team1/a', true],
    ['*.corp.test', 'git.corp.test/a', true],
    ['*.corp.test', 'corp.test/a', false],
    ['github.com/acme/*', 'github.com/acme', true],
    ['github.com/acme/*', 'github.com/acme2', false],
    ['a.test/x,b.test', 'b.test/y', true],
  ])('%s: %s %s', (list, path, expected) => {
    expect(isPrivate(path, patterns(list))).toBe(expected);
  });

  it('looks nothing up that is private or excepted, but toolchains always', () => {
    const both = patterns('git.corp.test', 'proxy.corp.test/*');
    expect(isLookedUp('example.test/a', both)).toBe(true);
    expect(isLookedUp('git.corp.test/a', both)).toBe(false);
    expect(isLookedUp('proxy.corp.test/a', both)).toBe(false);
    expect(isLookedUp('golang.org/toolchain', patterns('', '*'))).toBe(true);
  });

  it('joins repeated options and comma lists, and gives go the union', () => {
    const joined = {
      private: patternList(['a.test, b.test', 'b.test', 'none', '']),
      nosumdb: patternList(['c.test', 'a.test']),
    };
    expect(joined.private).toEqual(['a.test', 'b.test']);
    expect(patternEnvironment(joined)).toEqual({ GONOPROXY: 'a.test,b.test', GONOSUMDB: 'a.test,b.test,c.test' });
  });
});
