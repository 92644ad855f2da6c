import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type InForce, PROFILE_VARIABLES } from '../../shared/domain/profile.ts';
import { adoptedProfile, driftOf, formerProfile } from './drift.ts';
import { planSwitch } from './plan.ts';

const KEYS = ['http.proxy', 'url.https://m.test/.insteadOf', 'http.https://x.test/.followRedirects'];

const settings: fc.Arbitrary<InForce> = fc
  .record({
    effective: fc.dictionary(fc.constantFrom(...PROFILE_VARIABLES), fc.constantFrom('a', 'b', 'off', 'direct')),
    git: fc.option(fc.array(fc.record({ key: fc.constantFrom(...KEYS), value: fc.constantFrom('1', '2', '3') }))),
  })
  .map(({ effective, git }) => ({
    effective,
    set: PROFILE_VARIABLES.filter((name) => effective[name] !== undefined),
    unknown: [],
    git,
  }));

const NOTHING: InForce = { effective: {}, set: [], unknown: [], git: [] };

describe('driftOf', () => {
  it('finds no difference between equal settings', () => {
    fc.assert(
      fc.property(settings, (one) => {
        expect(driftOf(one, structuredClone(one))).toBeNull();
      }),
    );
  });

  it('finds the same differences in both directions', () => {
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const there = driftOf(one, other);
        const back = driftOf(other, one);
        expect(there?.variables.map(({ name, from, to }) => [name, to, from])).toEqual(
          back?.variables.map(({ name, from, to }) => [name, from, to]),
        );
        expect(new Set(there?.git.map(({ key }) => key))).toEqual(new Set(back?.git.map(({ key }) => key)));
      }),
    );
  });

  it('ignores a variable that one of the two Go versions does not know', () => {
    const auth: InForce = { ...NOTHING, effective: { GOAUTH: 'off' }, set: ['GOAUTH'] };
    expect(driftOf(NOTHING, auth)?.variables).toEqual([{ name: 'GOAUTH', from: '', to: 'off' }]);
    expect(driftOf({ ...NOTHING, unknown: ['GOAUTH'] }, auth)).toBeNull();
    expect(driftOf(auth, { ...NOTHING, unknown: ['GOAUTH'] })).toBeNull();
  });

  it('ignores a changed default', () => {
    const before: InForce = { ...NOTHING, effective: { GOPROXY: 'https://old.test' } };
    expect(driftOf(before, { ...NOTHING, effective: { GOPROXY: 'https://new.test' } })).toBeNull();
  });

  it('ignores git when it is missing on one side', () => {
    const proxied: InForce = { ...NOTHING, git: [{ key: 'http.proxy', value: 'http://p.test' }] };
    expect(driftOf(proxied, NOTHING)?.git).toEqual([{ key: 'http.proxy', from: ['http://p.test'], to: [] }]);
    expect(driftOf(proxied, { ...NOTHING, git: null })).toBeNull();
  });
});

describe('formerProfile', () => {
  it('leads back to the known settings, whatever was changed', () => {
    fc.assert(
      fc.property(settings, settings, (known, now) => {
        const plan = planSwitch(formerProfile(known, now), now);
        const drift = driftOf(known, now);
        const swapped = drift?.variables.map(({ name, from, to }) => ({ name, from: to, to: from })) ?? [];
        expect(new Set(plan.variables)).toEqual(new Set(swapped));
        expect(plan.git.map(({ key, to }) => [key, to])).toEqual(drift?.git.map(({ key, from }) => [key, from]) ?? []);
      }),
    );
  });
});

describe('adoptedProfile', () => {
  it('sets exactly what is set, under an unused id', () => {
    fc.assert(
      fc.property(settings, fc.nat(5), (now, count) => {
        const others = Array.from({ length: count }, (_, n) => ({ ...adoptedProfile(now, []), id: `own-${n + 1}` }));
        const adopted = adoptedProfile(now, others);
        expect(others.map(({ id }) => id)).not.toContain(adopted.id);
        expect(Object.keys(adopted.variables).sort()).toEqual([...now.set].sort());
        expect(planSwitch(adopted, now)).toMatchObject({ variables: [], git: [] });
      }),
    );
  });
});
