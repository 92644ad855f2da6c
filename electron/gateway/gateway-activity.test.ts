import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_ACTIVITY, withEvents } from './gateway-activity.ts';
import type { TimedEvent } from './gateway-messages.ts';

function request(at: number, survived: { upstream: string; reason: string }[] = []): TimedEvent {
  const facts = { status: 200, bytes: 10, ms: 5, upstream: null, cached: true, verified: true };
  return { event: 'request', at, path: `/example.org/a/@v/v1.0.${at}.mod`, survived, ...facts };
}

function incident(at: number): TimedEvent {
  const facts = { upstream: 'https://a.test', module: 'example.org/a@v1.0.0', got: 'h1:x', want: 'h1:y' };
  return { event: 'incident', at, kind: 'mismatch', ...facts };
}

it('shows the newest first', () => {
  const first = withEvents(NO_ACTIVITY, [request(1), incident(2), request(3)]);
  const second = withEvents(first, [incident(4), request(5)]);
  expect(second.requests.map(({ at }) => at)).toEqual([5, 3, 1]);
  expect(second.incidents.map(({ at }) => at)).toEqual([4, 2]);
});

it('keeps the problem with the cache until a newer one', () => {
  const full: TimedEvent = { event: 'cache', at: 1, problem: 'disk is full' };
  const after = withEvents(withEvents(NO_ACTIVITY, [full]), [request(2)]);
  expect(after.cacheProblem).toBe('disk is full');
});

it('stays bounded, whatever servers say', () => {
  const event = fc.oneof(
    fc.nat().map((at) =>
      request(
        at,
        Array.from({ length: 50 }, () => ({ upstream: 'a', reason: 'x'.repeat(5_000) })),
      ),
    ),
    fc.nat().map(incident),
  );
  fc.assert(
    fc.property(fc.array(fc.array(event, { maxLength: 80 }), { maxLength: 4 }), (batches) => {
      const { requests, incidents } = batches.reduce(withEvents, NO_ACTIVITY);
      expect(requests.length).toBeLessThanOrEqual(60);
      expect(incidents.length).toBeLessThanOrEqual(20);
      expect(JSON.stringify(requests).length).toBeLessThan(60 * 6_000);
      const all = batches.flat().filter((one) => one.event === 'request');
      expect(requests.map(({ at }) => at)).toEqual(
        all
          .map(({ at }) => at)
          .reverse()
          .slice(0, 60),
      );
    }),
    { numRuns: 30 },
  );
});
