import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GitSetting } from './git-setting.ts';
import {
  activeProfile,
  type GoVariables,
  type InForce,
  isInForce,
  PROFILE_VARIABLES,
  type Profile,
  unknownTo,
} from './profile.ts';

function profile(id: string, variables: GoVariables, git: readonly GitSetting[] = []): Profile {
  return { id, name: id, explanation: '', builtIn: false, variables, git, networks: [] };
}

/** As `go` would report it when exactly these are set. */
function inForce(effective: GoVariables, git: readonly GitSetting[] = []): InForce {
  return { effective, set: PROFILE_VARIABLES.filter((name) => effective[name] !== undefined), unknown: [], git };
}

describe('activeProfile', () => {
  const short = profile('short', { GOPROXY: 'https://a|direct' });
  const long = profile('long', { GOPROXY: 'https://a|direct', GOSUMDB: 'off' });

  it('is the one whose variables are all in effect, the most specific first', () => {
    expect(activeProfile([short, long], inForce({ GOPROXY: 'https://a|direct', GOSUMDB: 'off' }))).toBe(long);
    expect(activeProfile([short, long], inForce({ GOPROXY: 'https://a|direct', GOSUMDB: 'x' }))).toBe(short);
    expect(activeProfile([short, long], inForce({ GOPROXY: 'https://a,direct', GOSUMDB: 'off' }))).toBeNull();
  });

  it('takes the first of two equal ones, and never an empty one', () => {
    const twin = profile('twin', short.variables);
    expect(activeProfile([short, twin], inForce({ GOPROXY: 'https://a|direct' }))).toBe(short);
    expect(activeProfile([profile('empty', {})], inForce({}))).toBeNull();
  });

  it('knows an emptied variable as one that nothing sets, whatever its default is', () => {
    const emptied = profile('private', { GOPRIVATE: 'corp.example', GONOPROXY: '' });
    const now = { ...inForce({ GOPRIVATE: 'corp.example' }) };
    const shown = { ...now, effective: { ...now.effective, GONOPROXY: 'corp.example' } };
    expect(activeProfile([emptied], shown)).toBe(emptied);
    expect(activeProfile([emptied], { ...shown, set: ['GOPRIVATE', 'GONOPROXY'] })).toBeNull();
  });

  it('wants its git settings as well, and leaves aside what this go does not know', () => {
    const withGit = profile('git', { GOAUTH: 'off' }, [{ key: 'http.proxy', value: null }]);
    const old = { ...inForce({}), unknown: ['GOAUTH'] as const };
    expect(activeProfile([withGit], old)).toBe(withGit);
    expect(activeProfile([withGit], inForce({}))).toBeNull();
    expect(activeProfile([withGit], { ...old, git: [{ key: 'http.proxy', value: 'http://a' }] })).toBeNull();
  });

  it('finds a profile again whatever else is set', () => {
    fc.assert(
      fc.property(fc.record({ GOPROXY: fc.string(), GOSUMDB: fc.string(), GOPRIVATE: fc.string() }), (variables) => {
        const set = Object.entries(variables).filter(([, value]) => value !== '');
        const now = inForce(Object.fromEntries(set));
        const wanted = profile('wanted', { GOPROXY: variables.GOPROXY });
        expect(activeProfile([wanted], now)).toBe(wanted);
        expect(isInForce('GOPROXY', variables.GOPROXY, now)).toBe(true);
      }),
    );
  });
});

it('knows which Go first had each variable', () => {
  expect(unknownTo('go1.19.8')).toEqual(['GOTOOLCHAIN', 'GOAUTH']);
  expect(unknownTo('go1.24.4')).toEqual([]);
  expect(unknownTo('go1.12')).toContain('GOPROXY');
  expect(unknownTo('devel +abcdef Thu')).toEqual([]);
});
