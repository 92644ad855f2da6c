import { beforeEach, expect, it } from 'vitest';
import { FakeApi } from '../../e2e/doubles/fake-api.ts';
import { createClient } from '../common/client.ts';
import { createPopoverStore, type PopoverStore } from './popover-store.ts';

let api: FakeApi;
let store: PopoverStore;

beforeEach(() => {
  api = new FakeApi();
  store = createPopoverStore(createClient(api));
});

it('starts with the overview and shows the requested view', () => {
  expect(store.getState().view).toEqual({ name: 'overview' });
  api.broadcast('view.show', { view: 'endpoint', endpointId: 'first' });
  expect(store.getState().view).toEqual({ name: 'endpoint', endpointId: 'first' });
  api.broadcast('view.show', { view: 'settings' });
  expect(store.getState().view).toEqual({ name: 'settings' });
  api.broadcast('view.show', { view: 'overview' });
  expect(store.getState()).toMatchObject({ view: { name: 'overview' }, alertFocus: 0 });
});

it('gives the remedy the focus each time a notification was clicked', () => {
  store.getState().show({ name: 'settings' });
  api.broadcast('view.show', { view: 'alert' });
  api.broadcast('view.show', { view: 'alert' });
  expect(store.getState()).toMatchObject({ view: { name: 'overview' }, alertFocus: 2 });
});
