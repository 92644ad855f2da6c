import { expect, test } from 'vitest';
import { eventsAbout, type HistoryEvent } from './timeline.ts';

test('a chart shows the events of its endpoint and of the machine, not those of other endpoints', () => {
  const events: readonly HistoryEvent[] = [
    { at: 1, kind: 'woke', detail: '' },
    { at: 2, kind: 'mirror-stale', detail: 'golang.org/x/net', endpointId: 'a' },
    { at: 3, kind: 'issuer-changed', detail: 'public → Corp', endpointId: 'b' },
    { at: 4, kind: 'go-settings-changed', detail: 'GOPROXY' },
  ];
  expect(eventsAbout('a', events).map(({ at }) => at)).toEqual([1, 2, 4]);
});
