import { expect, it, vi } from 'vitest';
import { FakeApi } from '../../../e2e/doubles/fake-api.ts';
import { trafficAt } from '../../../e2e/gallery/traffic.ts';
import type { Traffic } from '../../../shared/domain/traffic.ts';
import { createClient } from '../../common/client.ts';
import { createTrafficStore } from './traffic-store.ts';

it('shows what there is, and follows it', async () => {
  const api = new FakeApi();
  api.answer('traffic.get', () => trafficAt(1_000, 'trace'));
  const store = createTrafficStore(createClient(api));
  await vi.waitFor(() => expect(store.getState().current?.kind).toBe('trace'));
  api.broadcast('traffic.changed', trafficAt(2_000, 'capture'));
  expect(store.getState().current?.kind).toBe('capture');
});

it('does not let the first answer replace a newer broadcast', async () => {
  const api = new FakeApi();
  let answer = (_: Traffic | null) => {};
  api.answer('traffic.get', () => new Promise((resolve) => (answer = resolve)));
  const store = createTrafficStore(createClient(api));
  await vi.waitFor(() => expect(api.names()).toEqual(['traffic.get']));
  api.broadcast('traffic.changed', trafficAt(2_000, 'capture'));
  answer(null);
  await api.settled();
  expect(store.getState().current?.kind).toBe('capture');
});
