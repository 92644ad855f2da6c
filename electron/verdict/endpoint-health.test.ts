/** Lasting problems are reported, random ones are not: shares of failures, flapping, and pace against habit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { DEFAULT_THRESHOLDS } from '../../shared/domain/status.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import {
  type Circumstances,
  type EndpointHealth,
  publishedStatus,
  reduceHealth,
  unknownHealth,
} from './endpoint-health.ts';
import { baselineAt, baselineOf, type HourFacts } from './latency-baseline.ts';
import { SURVEY_MS, wantsSurvey } from './success-rate.ts';

const START = Date.UTC(2026, 5, 1);
const ALONE: Circumstances = { others: null, baseline: undefined };

function sample(at: number, failed: boolean, totalMs = 40, why: Cause = 'http-server-error'): Sample {
  const cause = failed ? ({ outcome: 'failed', cause: why } as const) : ({ outcome: 'ok' } as const);
  return { endpointId: 'a', at, phases: {}, totalMs, ...cause };
}

/** A repeatable source of chance (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Probes as the monitor would, with random failures; when it was reported, ms after the start, or null. */
function reportedAfter(
  share: number,
  seed: number,
  lastingMs: number,
  circumstances = ALONE,
  why?: Cause,
): number | null {
  const chance = random(seed);
  let standing = unknownHealth(START);
  for (let at = START; at < START + lastingMs; ) {
    standing = reduceHealth(standing, sample(at, chance() < share, 40, why), DEFAULT_THRESHOLDS, circumstances);
    const { status } = publishedStatus(standing);
    if (status === 'degraded' || status === 'down') return at - START;
    const confirms = standing.reachability.failures > 0;
    at += confirms ? 2_000 : wantsSurvey(standing.rate) ? SURVEY_MS : 30_000;
  }
  return null;
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed + 1);
const medianOf = (values: readonly (number | null)[]) =>
  values.map((one) => one ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)[Math.floor(values.length / 2)];

describe('random failures', () => {
  it.each([
    [0.02, 60],
    [0.05, 30],
    [0.1, 15],
  ])('of %d are reported within %d minutes at the median', (share, minutes) => {
    const reported = seeds.map((seed) => reportedAfter(share, seed, 6 * HOUR_MS));
    expect(medianOf(reported)).toBeLessThanOrEqual(minutes * MINUTE_MS);
    expect(reported.filter((one) => one === null)).toHaveLength(0);
  });

  it('of two in a thousand are never reported', () => {
    expect(seeds.map((seed) => reportedAfter(0.002, seed, 30 * DAY_MS)).filter((one) => one !== null)).toEqual([]);
    // Months of results: half a minute where other tests take the processor.
  }, 60_000);

  it('that every host has are not counted against one', () => {
    const evening: Circumstances = { others: { failed: 0.04, lost: 0 }, baseline: undefined };
    const reported = seeds.map((seed) => reportedAfter(0.04, seed, 6 * HOUR_MS, evening));
    expect(reported.filter((one) => one !== null).length).toBeLessThanOrEqual(1);
  });

  it('of the connection weigh half, and nothing while every host loses as many', () => {
    const lost = (seed: number) =>
      reportedAfter(
        0.03,
        seed,
        6 * HOUR_MS,
        { others: { failed: 0, lost: 0.03 }, baseline: undefined },
        'connect-timeout',
      );
    expect(seeds.map(lost).filter((one) => one !== null)).toEqual([]);
  });

  it('in a row are an outage, never scattered ones', () => {
    let standing = unknownHealth(START);
    const evening: Circumstances = { others: { failed: 0, lost: 0.05 }, baseline: undefined };
    const statuses = Array.from({ length: 40 }, (_, i) => {
      standing = reduceHealth(standing, sample(START + i * 30_000, i > 30), DEFAULT_THRESHOLDS, evening);
      return publishedStatus(standing);
    });
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['up', 'down']));
  });

  it('end with as many successes as would be luck otherwise, and are dated from their first and last failure', () => {
    let standing = unknownHealth(START);
    let at = START;
    const next = (failed: boolean) => {
      standing = reduceHealth(standing, sample(at, failed), DEFAULT_THRESHOLDS, ALONE);
      at += 30_000;
    };
    for (let i = 0; i < 90; i++) next(i % 10 === 5);
    expect(publishedStatus(standing)).toMatchObject({
      status: 'degraded',
      degradation: 'intermittent',
      cause: 'http-server-error',
    });
    expect(publishedStatus(standing).since).toBe(START + 5 * 30_000);
    for (let i = 0; i < 300; i++) next(false);
    expect(publishedStatus(standing)).toMatchObject({ status: 'up', degradation: null, cause: null });
  });

  it('leave no endpoint surveyed forever', () => {
    const chance = random(7);
    let standing = unknownHealth(START);
    let surveyed = 0;
    for (let at = START; at < START + 6 * HOUR_MS; at += 10_000) {
      standing = reduceHealth(standing, sample(at, chance() < 0.012), DEFAULT_THRESHOLDS, ALONE);
      if (wantsSurvey(standing.rate)) surveyed += SURVEY_MS;
    }
    expect(surveyed).toBeLessThanOrEqual(60 * MINUTE_MS);
  });
});

/** Down for so long, up for so long, so many times. */
function outages(times: number, downMs: number, upMs: number): EndpointHealth {
  let standing = unknownHealth(START);
  let at = START;
  const spell = (ms: number, failed: boolean) => {
    for (const end = at + ms; at < end; at += 30_000) {
      standing = reduceHealth(standing, sample(at, failed), DEFAULT_THRESHOLDS, ALONE);
    }
  };
  spell(5 * MINUTE_MS, false);
  for (let i = 0; i < times; i++) {
    spell(downMs, true);
    spell(upMs, false);
  }
  return standing;
}

describe('an endpoint that goes down again and again', () => {
  it('is reported as flapping from its third outage within the hour, since its first', () => {
    const two = publishedStatus(outages(2, 4 * MINUTE_MS, 4 * MINUTE_MS));
    const three = publishedStatus(outages(3, 4 * MINUTE_MS, 4 * MINUTE_MS));
    expect(two.status).toBe('up');
    expect(three).toMatchObject({ status: 'flapping' });
    expect(three.since).toBeLessThan(START + 10 * MINUTE_MS);
  });

  it('is what it is again once it has been calm for a while', () => {
    expect(publishedStatus(outages(3, 4 * MINUTE_MS, 30 * MINUTE_MS)).status).toBe('up');
  });
});

describe('habits', () => {
  const days = (count: number, p50: (hour: number) => number): HourFacts[] =>
    Array.from({ length: count * 24 }, (_, i) => ({
      at: START - (count * 24 - i) * HOUR_MS,
      n: 120,
      failed: 1,
      p50: p50(i % 24),
      p95: p50(i % 24) * 1.5,
    }));

  it('are learned for three days before anything is held against an endpoint', () => {
    expect(baselineAt(baselineOf(days(2, () => 50)), START)).toBeNull();
    expect(baselineOf(days(2, () => 50))).toMatchObject({ daysKnown: 2, daysNeeded: 3 });
    expect(baselineAt(baselineOf(days(3, () => 50)), START)?.medianMs).toBe(50);
  });

  it('know the hour of the day: a slow evening is no news, a slow morning is', () => {
    const baseline = baselineOf(days(10, (hour) => (hour >= 20 ? 600 : 200)));
    const pace = (hour: number) => {
      let standing = unknownHealth(START);
      for (let i = 0; i < 20; i++) {
        const at = START + hour * HOUR_MS + i * 30_000;
        standing = reduceHealth(standing, sample(at, false, 650), DEFAULT_THRESHOLDS, { others: null, baseline });
      }
      return publishedStatus(standing);
    };
    expect(pace(21).status).toBe('up');
    expect(pace(9)).toMatchObject({ status: 'degraded', degradation: 'above-baseline' });
  });

  it('are not moved by a bad day', () => {
    const calm = days(9, () => 50);
    const bad = calm.map((hour, i) => (i < 24 ? { ...hour, p50: 5_000, p95: 9_000 } : hour));
    expect(baselineAt(baselineOf(bad), START)?.limitMs).toBe(baselineAt(baselineOf(calm), START)?.limitMs);
  });
});

describe('a standing', () => {
  it('never says healthy while down, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (results) => {
        let standing = unknownHealth(START);
        let row = 0;
        for (const [i, failed] of results.entries()) {
          standing = reduceHealth(standing, sample(START + i * 30_000, failed), DEFAULT_THRESHOLDS, ALONE);
          row = failed ? row + 1 : 0;
          if (row >= 3) expect(['down', 'flapping']).toContain(publishedStatus(standing).status);
          expect(publishedStatus(standing).since).toBeLessThanOrEqual(START + i * 30_000);
        }
      }),
    );
  });
});
