/** What the gateway does, for either window: asked for once, then followed. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import type { Client } from './client.ts';
import { runQuery } from './safe-requests.ts';

export interface GatewayStoreState {
  /** null before the first answer. */
  readonly gateway: GatewayState | null;
  /** It could not be had. */
  readonly failed: boolean;
  load(): Promise<void>;
}

export type GatewayStore = StoreApi<GatewayStoreState>;

/** Creates the store and asks for the present state. */
export function createGatewayStore(client: Client): GatewayStore {
  let followed = 0;
  const store = createStore<GatewayStoreState>()((set) => ({
    gateway: null,
    failed: false,
    async load() {
      const before = followed;
      const gateway = await runQuery(client, 'gateway.get', null);
      // A broadcast that arrived in the meantime is newer than this answer.
      if (followed === before) set(gateway === null ? { failed: true } : { gateway, failed: false });
    },
  }));
  client.on('gateway.changed', (gateway) => {
    followed += 1;
    store.setState({ gateway, failed: false });
  });
  void store.getState().load();
  return store;
}
