import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSES, type Cause } from '../../shared/domain/cause.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import { EVENT_KINDS, type HistoryEvent } from '../../shared/domain/timeline.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import { type Outage, whatChanged } from './what-changed.ts';

const START = 10 * HOUR_MS;
const outage = (cause: Cause | null, kind: EndpointKind = 'goproxy'): Outage => ({
  endpointId: 'a',
  kind,
  cause,
  startedAt: START,
  lastGoodAt: START - 5 * MINUTE_MS,
});
const event = (kind: HistoryEvent['kind'], minutes: number): HistoryEvent => ({
  at: START + minutes * MINUTE_MS,
  kind,
  detail: '',
});
const ranked = (of: Outage, events: readonly HistoryEvent[]) =>
  whatChanged(of, events).changes.map(({ kind, weight }) => `${kind} ${weight}`);

describe('what changed', () => {
  it.each<[Cause, EndpointKind, HistoryEvent['kind'][], string]>([
    ['connect-timeout', 'goproxy', ['settings-changed', 'network-changed', 'switched'], 'network-changed likely'],
    ['dns-no-such-host', 'vcs', ['network-changed', 'settings-changed', 'woke'], 'network-changed likely'],
    ['tls-unknown-authority', 'goproxy', ['switched', 'network-changed', 'undone'], 'network-changed likely'],
    ['captive-portal', 'goproxy', ['network-changed', 'settings-changed'], 'network-changed likely'],
    ['http-server-error', 'goproxy', ['settings-changed', 'network-changed', 'woke'], 'settings-changed possible'],
    ['connect-refused', 'forward-proxy', ['switched', 'woke'], 'woke possible'],
    ['goproxy-off', 'module', ['network-changed', 'switched', 'settings-changed'], 'switched likely'],
    ['goproxy-off', 'module', ['network-changed', 'undone'], 'undone likely'],
  ])('%s of a %s among %j: %s is first', (cause, kind, kinds, first) => {
    const events = kinds.map((one, i) => event(one, -4 + i));
    expect(ranked(outage(cause, kind), events)[0]).toBe(first);
  });

  it.each<[Cause, EndpointKind, HistoryEvent['kind'], string, string]>([
    ['tls-unknown-authority', 'goproxy', 'issuer-changed', 'a', 'likely'],
    ['tls-unknown-authority', 'goproxy', 'issuer-changed', 'b', 'possible'],
    ['connect-timeout', 'vcs', 'addresses-changed', 'a', 'likely'],
    ['connect-timeout', 'vcs', 'addresses-changed', '', 'likely'],
    ['http-server-error', 'goproxy', 'addresses-changed', 'a', 'possible'],
    ['http-server-error', 'goproxy', 'addresses-changed', 'b', 'unlikely'],
    ['module-not-found', 'goproxy', 'mirror-stale', 'a', 'likely'],
    ['module-not-found', 'goproxy', 'mirror-stale', 'b', 'unlikely'],
    ['module-not-found', 'module', 'mirror-stale', 'b', 'likely'],
    ['connect-timeout', 'goproxy', 'mirror-stale', 'a', 'unlikely'],
    ['goflags-invalid', 'module', 'go-changed', '', 'likely'],
    ['toolchain-not-available', 'module', 'go-changed', '', 'likely'],
    ['module-not-found', 'module', 'go-changed', '', 'possible'],
    ['connect-timeout', 'goproxy', 'go-changed', '', 'unlikely'],
    ['dns-no-such-host', 'goproxy', 'resolvers-changed', '', 'likely'],
    ['connect-timeout', 'goproxy', 'resolvers-changed', '', 'possible'],
    ['http-server-error', 'goproxy', 'resolvers-changed', '', 'unlikely'],
    ['connect-refused', 'goproxy', 'local-proxy-changed', '', 'likely'],
    ['connect-timeout', 'goproxy', 'tunnels-changed', '', 'likely'],
    ['http-server-error', 'goproxy', 'tunnels-changed', '', 'unlikely'],
    ['connection-reset', 'goproxy', 'system-proxy-changed', '', 'possible'],
    ['connect-timeout', 'goproxy', 'policies-changed', '', 'possible'],
    ['http-server-error', 'goproxy', 'policies-changed', '', 'unlikely'],
    ['module-not-found', 'module', 'go-settings-changed', '', 'likely'],
    ['connect-timeout', 'goproxy', 'go-settings-changed', '', 'unlikely'],
  ])('%s of the %s a: %s of %j is %s', (cause, kind, event, endpointId, weight) => {
    const one = { at: START - 1, kind: event, detail: '', ...(endpointId === '' ? {} : { endpointId }) };
    expect(whatChanged(outage(cause, kind), [one]).changes).toEqual([{ ...one, weight }]);
  });

  it('prefers the nearest of equal weight', () => {
    const events = [event('network-changed', -4), event('network-changed', -1)];
    const [first] = whatChanged(outage('connect-timeout'), events).changes;
    expect(first?.at).toBe(START - MINUTE_MS);
  });

  it('passes over what was before the last good result, and what came after the outage', () => {
    const events = [event('network-changed', -6), event('network-changed', 2)];
    expect(whatChanged(outage('connect-timeout'), events)).toEqual({ changes: [], isComplete: true });
  });

  it('takes a change that was noticed a little late', () => {
    expect(ranked(outage('connect-timeout'), [event('network-changed', 0.5)])).toEqual(['network-changed likely']);
  });

  it('does not take symptoms or drills for changes', () => {
    expect(ranked(outage('connect-timeout'), [event('went-offline', -1), event('drilled', -1)])).toEqual([]);
  });

  it.each(['stopped', 'started', 'paused', 'resumed', 'slept', 'woke'] as const)(
    'does not claim to know everything after %s',
    (kind) => {
      expect(whatChanged(outage('connect-timeout'), [event(kind, -1)]).isComplete).toBe(false);
    },
  );

  it('claims nothing without a good result', () => {
    const unknown = { ...outage('connect-timeout'), lastGoodAt: null };
    expect(whatChanged(unknown, [event('network-changed', -1)])).toEqual({ changes: [], isComplete: false });
  });

  it('does not depend on the order of the events', () => {
    const events = fc.uniqueArray(
      fc.record({
        at: fc.integer({ min: 0, max: 2 * START }),
        kind: fc.constantFrom(...EVENT_KINDS),
        detail: fc.constant(''),
      }),
      { selector: ({ at }) => Math.abs(at - START), maxLength: 20 },
    );
    const causes = fc.constantFrom(null, ...(Object.keys(CAUSES) as Cause[]));
    fc.assert(
      fc.property(events, causes, (some, cause) => {
        const of = { ...outage(cause), lastGoodAt: 0 };
        expect(whatChanged(of, some.toReversed())).toEqual(whatChanged(of, some));
      }),
    );
  });
});
