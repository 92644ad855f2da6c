import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activeProfile, type GoVariables, isInForce, type Profile } from './profile.ts';

function profile(id: string, variables: GoVariables): Profile {
  return { id, name: id, explanation: '', builtIn: false, variables };
}

describe('activeProfile', () => {
  const short = profile('short', { GOPROXY: 'https://a|direct' });
  const long = profile('long', { GOPROXY: 'https://a|direct', GOSUMDB: 'off' });

  it('is the one whose every variable is in force, the most telling first', () => {
    expect(activeProfile([short, long], { GOPROXY: 'https://a|direct', GOSUMDB: 'off' })).toBe(long);
    expect(activeProfile([short, long], { GOPROXY: 'https://a|direct', GOSUMDB: 'x' })).toBe(short);
    expect(activeProfile([short, long], { GOPROXY: 'https://a,direct', GOSUMDB: 'off' })).toBeNull();
  });

  it('takes the first of two that are alike, and none that names nothing', () => {
    const twin = profile('twin', short.variables);
    expect(activeProfile([short, twin], { GOPROXY: 'https://a|direct' })).toBe(short);
    expect(activeProfile([profile('empty', {})], {})).toBeNull();
  });

  it('knows that an emptied GONOPROXY reads as GOPRIVATE', () => {
    const emptied = profile('private', { GOPRIVATE: 'corp.example', GONOPROXY: '', GONOSUMDB: '' });
    const effective = { GOPRIVATE: 'corp.example', GONOPROXY: 'corp.example', GONOSUMDB: 'corp.example' };
    expect(activeProfile([emptied], effective)).toBe(emptied);
    expect(activeProfile([emptied], { ...effective, GONOSUMDB: 'other.example' })).toBeNull();
  });

  it('finds a profile again whatever else is set', () => {
    fc.assert(
      fc.property(fc.record({ GOPROXY: fc.string(), GOSUMDB: fc.string(), GOPRIVATE: fc.string() }), (variables) => {
        const wanted = profile('wanted', { GOPROXY: variables.GOPROXY });
        expect(activeProfile([wanted], variables)).toBe(wanted);
        expect(isInForce('GOPROXY', variables.GOPROXY, variables)).toBe(true);
      }),
    );
  });
});
