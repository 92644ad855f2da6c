/** The traffic page: the trace or capture that is shown, followed as it grows. No React in here. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Traffic } from '../../../shared/domain/traffic.ts';
import type { Client } from '../../common/client.ts';

export interface TrafficState {
  readonly current: Traffic | null;
}

export type TrafficStore = StoreApi<TrafficState>;

export const TrafficContext = createContext<TrafficStore | null>(null);

/** What is shown; null before the first. */
export function useTraffic(): Traffic | null {
  const store = useContext(TrafficContext);
  if (store === null) throw new Error('the traffic page needs a TrafficContext above it');
  return useStore(store, (state) => state.current);
}

/** Creates the store and follows what goes on. */
export function createTrafficStore(client: Client): TrafficStore {
  const store = createStore<TrafficState>()(() => ({ current: null }));
  client.on('traffic.changed', (current) => store.setState({ current }));
  void client.request('traffic.get', null).then((current) => store.setState({ current }));
  return store;
}
