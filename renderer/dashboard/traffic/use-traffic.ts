/** React's access to the traffic page's store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Traffic } from '../../../shared/domain/traffic.ts';
import type { TrafficStore } from './traffic-store.ts';

export const TrafficContext = createContext<TrafficStore | null>(null);

/** The trace or capture on display; null before the first. */
export function useTraffic(): Traffic | null {
  const store = useContext(TrafficContext);
  if (store === null) throw new Error('useTraffic needs a TrafficContext above it');
  return useStore(store, (state) => state.current);
}
