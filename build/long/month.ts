/**
 * A month as a laptop on a middling network lives it, drawn from a seed: what happens when. Times are epoch ms; every
 * host, loss and outage below is what the probes of the soak meet.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/domain/units.ts';

export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Of the endpoint that `go` asks. */
export interface Outage extends Span {
  readonly cause: Cause;
  /** Share of requests that fail: 1, or 0.05 for scattered failures. */
  readonly share: number;
  readonly atWake: boolean;
}

export interface Month {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Lid closed; half of them without a word from the system. */
  readonly sleeps: readonly (Span & { readonly announced: boolean })[];
  /** A few seconds without any network, reported by the system at their end. */
  readonly networkChanges: readonly Span[];
  /** The VPN drops and comes back: nothing can be reached, three times. */
  readonly vpnFlaps: readonly Span[];
  readonly outages: readonly Outage[];
}

/** Share of probes that a lost packet or two make fail: by day, and in the evening. */
export const LOSS = { day: 0.01, evening: 0.05 } as const;
/** Latency in the evening, in multiples of the day's. */
export const EVENING_FACTOR = 3;

/** 20 to 23 o'clock UTC. */
export function isEvening(at: EpochMs): boolean {
  return Math.floor(at / HOUR_MS) % 24 >= 20 && Math.floor(at / HOUR_MS) % 24 < 23;
}

/** A repeatable source of chance in [0, 1): mulberry32. */
export function chanceFrom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CAUSES: readonly Cause[] = [
  'eof-no-response',
  'connection-reset',
  'http-server-error',
  'connect-timeout',
  'response-timeout',
];

/** Three sleeps and two network changes a day, a VPN flap a week, eight outages a month. */
export function drawMonth(seed: number, days: number, from: EpochMs): Month {
  const chance = chanceFrom(seed);
  const between = (least: number, most: number) => least + chance() * (most - least);
  const sleeps: (Span & { announced: boolean })[] = [];
  const networkChanges: Span[] = [];
  for (let day = 0; day < days; day++) {
    const start = from + day * DAY_MS;
    // A night, a lunch and a meeting, each in a part of the day of its own.
    for (const [hour, least, most] of [
      [0, 240, 420],
      [11, 20, 80],
      [15, 10, 90],
    ] as const) {
      const at = start + hour * HOUR_MS + between(0, 60) * MINUTE_MS;
      sleeps.push({ from: at, to: at + between(least, most) * MINUTE_MS, announced: chance() < 0.5 });
    }
    for (const hour of [9, 18]) {
      const at = start + hour * HOUR_MS + between(0, 90) * MINUTE_MS;
      networkChanges.push({ from: at, to: at + between(4, 20) * SECOND_MS });
    }
  }
  const vpnFlaps = Array.from({ length: Math.floor(days / 7) }, (_, week) => {
    const at = from + week * 7 * DAY_MS + 3 * DAY_MS + 17 * HOUR_MS + between(0, 30) * MINUTE_MS;
    return [0, 1, 2].map((n) => ({ from: at + n * 3 * MINUTE_MS, to: at + n * 3 * MINUTE_MS + MINUTE_MS }));
  }).flat();
  return {
    from,
    to: from + days * DAY_MS,
    sleeps,
    networkChanges,
    vpnFlaps,
    outages: drawOutages(days, from, sleeps, between),
  };
}

/**
 * Spread over the month: two that begin during a sleep, one of scattered failures, the others in the middle of things.
 */
function drawOutages(
  days: number,
  from: EpochMs,
  sleeps: Month['sleeps'],
  between: (least: number, most: number) => number,
): readonly Outage[] {
  const count = Math.max(1, Math.round((8 * days) / 30));
  return Array.from({ length: count }, (_, n) => {
    const day = Math.floor(((n + 0.5) * days) / count);
    const cause = CAUSES[Math.floor(between(0, CAUSES.length))] ?? 'eof-no-response';
    const lunch = sleeps[day * 3 + 1];
    if (n % 8 === 2 || n % 8 === 5) {
      // After waking, only the rest of it is reported.
      const wake = lunch?.to ?? from;
      return { from: wake - 5 * MINUTE_MS, to: wake + between(3, 40) * MINUTE_MS, cause, share: 1, atWake: true };
    }
    const at = from + day * DAY_MS + (n % 2 === 0 ? 13 : 21) * HOUR_MS + between(0, 50) * MINUTE_MS;
    if (n % 8 === 4) {
      return { from: at, to: at + 40 * MINUTE_MS, cause: 'http-server-error', share: 0.05, atWake: false };
    }
    return { from: at, to: at + between(2, 40) * MINUTE_MS, cause, share: 1, atWake: false };
  });
}
