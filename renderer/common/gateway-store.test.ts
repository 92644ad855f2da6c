import { expect, it } from 'vitest';
import { FakeApi } from '../../e2e/doubles/fake-api.ts';
import { sampleGateway } from '../../e2e/doubles/sample-gateway.ts';
import { createClient } from './client.ts';
import { createGatewayStore } from './gateway-store.ts';

it('shows what it is answered, then what is broadcast', async () => {
  const api = new FakeApi();
  api.answer('gateway.get', () => sampleGateway({ phase: 'starting' }));
  const store = createGatewayStore(createClient(api));
  await api.settled();
  expect(store.getState().gateway?.phase).toBe('starting');
  api.broadcast('gateway.changed', sampleGateway());
  expect(store.getState().gateway?.phase).toBe('running');
});

it('keeps a broadcast that overtook an answer', async () => {
  const api = new FakeApi();
  api.answer('gateway.get', () => sampleGateway({ phase: 'off' }));
  const store = createGatewayStore(createClient(api));
  api.broadcast('gateway.changed', sampleGateway({ restarts: 3 }));
  await api.settled();
  expect(store.getState().gateway).toMatchObject({ phase: 'running', restarts: 3 });
});

it('says when it could not be had, and recovers', async () => {
  const api = new FakeApi();
  api.answer('gateway.get', () => Promise.reject(new Error('internal')));
  const store = createGatewayStore(createClient(api));
  await api.settled();
  expect(store.getState()).toMatchObject({ gateway: null, failed: true });
  api.answer('gateway.get', () => sampleGateway());
  await store.getState().load();
  expect(store.getState().failed).toBe(false);
});
