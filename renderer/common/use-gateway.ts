/** React's access to the gateway's store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { GatewayState } from '../../shared/domain/gateway.ts';
import type { GatewayStore, GatewayStoreState } from './gateway-store.ts';

export const GatewayContext = createContext<GatewayStore | null>(null);

/** Selects from the store. */
export function useGatewayStore<T>(select: (state: GatewayStoreState) => T): T {
  const store = useContext(GatewayContext);
  if (store === null) throw new Error('useGatewayStore needs a GatewayContext above it');
  return useStore(store, select);
}

/** The gateway; null before it is known. */
export function useGateway(): GatewayState | null {
  return useGatewayStore((state) => state.gateway);
}
