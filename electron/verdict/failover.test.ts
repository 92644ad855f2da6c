import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GoVariables } from '../../shared/domain/profile.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { Walk } from '../../shared/domain/verdict.ts';
import {
  BACK_AFTER_MS,
  DWELL_MS,
  type FailoverFacts,
  type FailoverState,
  INITIAL_FAILOVER,
  moved,
  reduceFailover,
  SLOW_FOR_MS,
  weakens,
} from './failover.ts';
import { remedyProfile } from './remedy.ts';

type Way = readonly [id: string, outcome: Walk['outcome'], latencyMs?: number, variables?: GoVariables];

function profiles(active: string, ways: readonly Way[]): FailoverFacts['profiles'] {
  return ways.map(([id, outcome, latencyMs = 50, variables = {}]) => ({
    profile: { id, name: id, explanation: '', builtIn: false, variables, git: [], networks: [] },
    active: id === active,
    walk: { steps: [], outcome, endsAt: 0, latencyMs },
  }));
}

function facts(now: number, active: string, ways: readonly Way[], more: Partial<FailoverFacts> = {}): FailoverFacts {
  const [first] = ways;
  return {
    now,
    enabled: true,
    allowed: ways.map(([id]) => id),
    confirmedOutage: ways.find(([id]) => id === active)?.[1] === 'stops' && first !== undefined,
    drifted: false,
    profiles: profiles(active, ways),
    effective: { GOSUMDB: 'sum.golang.org', GOPRIVATE: 'corp.test' },
    ...more,
  };
}

const DOWN: readonly Way[] = [
  ['a', 'stops'],
  ['b', 'fell-back', 20],
  ['c', 'works', 90],
  ['d', 'works', 60],
];

describe('failover', () => {
  it('moves to the best allowed profile once the outage is confirmed, and not before', () => {
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN, { confirmedOutage: false })).move).toBeNull();
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN)).move).toEqual({ to: 'd', why: 'outage' });
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN, { allowed: ['b'] })).move?.to).toBe('b');
  });

  it.each([
    ['http-forbidden', null],
    ['module-blocked', null],
    ['region-blocked', 'd'],
    ['http-server-error', 'd'],
  ] as const)('an active list that stops with %s moves to %s', (cause, to) => {
    const base = facts(0, 'a', DOWN);
    const step = { text: 'https://a.test', separator: null, endpointId: 'a', action: 'stops', cause } as const;
    const all = base.profiles.map((one) => (one.active ? { ...one, walk: { ...one.walk, steps: [step] } } : one));
    expect(reduceFailover(INITIAL_FAILOVER, { ...base, profiles: all }).move?.to ?? null).toBe(to);
    expect(remedyProfile(all)).toBe(to === null ? null : 'd');
  });

  it('does nothing when it is off, when nothing else works, or against a change by hand', () => {
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN, { enabled: false })).move).toBeNull();
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN, { drifted: true })).move).toBeNull();
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', DOWN, { allowed: [] })).move).toBeNull();
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'nobody', DOWN)).move).toBeNull();
    expect(reduceFailover(INITIAL_FAILOVER, facts(0, 'a', [DOWN[0] as Way, ['b', 'unproven']])).move).toBeNull();
  });

  it('goes back when the preferred one has been well for ten minutes without a break', () => {
    let state = moved(INITIAL_FAILOVER, { to: 'd', why: 'outage' }, 'a', 0);
    const look = (minute: number, outcome: Walk['outcome']) => {
      const seen = reduceFailover(
        state,
        facts(minute * MINUTE_MS, 'd', [
          ['a', outcome],
          ['d', 'works'],
        ]),
      );
      state = seen.state;
      return seen.move;
    };
    expect(look(1, 'works')).toBeNull();
    expect(look(9, 'stops')).toBeNull();
    expect(look(10, 'works')).toBeNull();
    expect(look(19.9, 'works')).toBeNull();
    expect(look(20, 'works')).toEqual({ to: 'a', why: 'recovered' });
  });

  it('forgets what was preferred when the person switches', () => {
    const state = moved(INITIAL_FAILOVER, { to: 'd', why: 'outage' }, 'a', 0);
    const chosen: FailoverState = { ...state, preferred: null };
    const seen = reduceFailover(
      chosen,
      facts(BACK_AFTER_MS * 3, 'c', [
        ['a', 'works'],
        ['c', 'works'],
      ]),
    );
    expect(seen.move).toBeNull();
    expect(seen.state.preferred).toBeNull();
  });

  it('moves on when the one it moved to breaks as well', () => {
    const state = moved(INITIAL_FAILOVER, { to: 'd', why: 'outage' }, 'a', 0);
    const ways: readonly Way[] = [
      ['a', 'stops'],
      ['d', 'stops'],
      ['c', 'works'],
    ];
    expect(reduceFailover(state, facts(1_000, 'd', ways)).move).toEqual({ to: 'c', why: 'outage' });
  });

  it('leaves a path that is slow only for one that has long been twice as fast', () => {
    const ways: readonly Way[] = [
      ['a', 'slow', 3_000],
      ['b', 'works', 1_400],
    ];
    const first = reduceFailover(INITIAL_FAILOVER, facts(0, 'a', ways));
    expect(first.move).toBeNull();
    expect(reduceFailover(first.state, facts(SLOW_FOR_MS, 'a', ways)).move).toEqual({ to: 'b', why: 'slow' });
    const near: readonly Way[] = [
      ['a', 'slow', 3_000],
      ['b', 'works', 1_600],
    ];
    expect(reduceFailover(first.state, facts(SLOW_FOR_MS, 'a', near)).move).toBeNull();
  });

  it('moves at most once in five minutes between two half-broken paths, whatever they do', () => {
    const outcome = fc.constantFrom<Walk['outcome']>('works', 'slow', 'stops', 'fell-back');
    const look = fc.record({ gap: fc.nat(120_000), a: outcome, b: outcome, latency: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(look, { maxLength: 80 }), (looks) => {
        let [state, active, now] = [INITIAL_FAILOVER, 'a', 0];
        const returns: number[] = [];
        for (const { gap, a, b, latency } of looks) {
          now += gap;
          const seen = reduceFailover(
            state,
            facts(now, active, [
              ['a', a, latency],
              ['b', b, 40],
            ]),
          );
          state = seen.state;
          if (seen.move === null) continue;
          if (seen.move.to === 'a') returns.push(now);
          state = moved(state, seen.move, active, now);
          active = seen.move.to;
        }
        // To and fro: two arrivals at the same place are never close.
        for (const [i, at] of returns.entries()) {
          expect(at - (returns[i - 1] ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(0);
        }
        const close = returns.filter((at, i) => i > 0 && at - (returns[i - 1] as number) < DWELL_MS);
        expect(close.length).toBe(0);
      }),
    );
  });
});

it.each<[GoVariables, string | null]>([
  [{ GOPROXY: 'https://b.test' }, null],
  [{ GOSUMDB: 'off' }, 'GOSUMDB'],
  [{ GOSUMDB: 'sum.golang.google.cn' }, null],
  [{ GONOSUMDB: '*' }, 'GONOSUMDB'],
  [{ GONOSUMDB: '' }, null],
  [{ GOINSECURE: 'b.test' }, 'GOINSECURE'],
  [{ GOPRIVATE: '' }, 'GOPRIVATE'],
  [{ GOPRIVATE: 'corp.test' }, null],
  [{ GOPRIVATE: 'corp.test,github.com' }, 'GOPRIVATE'],
  [{ GONOPROXY: 'none' }, 'GONOPROXY'],
  [{ GONOPROXY: 'corp.test,more.test' }, null],
])('%j weakens %s', (variables, expected) => {
  const effective = {
    GOSUMDB: 'sum.golang.org',
    GOPRIVATE: 'corp.test',
    GONOPROXY: 'corp.test',
    GONOSUMDB: 'corp.test',
  };
  expect(weakens(variables, effective)).toBe(expected);
});
