/** The traffic page: the trace or capture on display, updated as it grows. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Traffic } from '../../../shared/domain/traffic.ts';
import type { Client } from '../../common/client.ts';
import { runQuery } from '../../common/safe-requests.ts';

export interface TrafficState {
  /** null before the first. */
  readonly current: Traffic | null;
}

export type TrafficStore = StoreApi<TrafficState>;

/** Creates the store, asks for the current trace or capture, and follows its progress. */
export function createTrafficStore(client: Client): TrafficStore {
  const store = createStore<TrafficState>()(() => ({ current: null }));
  let pushed = false;
  client.on('traffic.changed', (current) => {
    pushed = true;
    store.setState({ current });
  });
  void runQuery(client, 'traffic.get', null).then((current) => {
    // A broadcast that arrived in the meantime is newer than this answer.
    if (!pushed) store.setState({ current });
  });
  return store;
}
