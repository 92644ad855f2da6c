/** React's access to the dashboard's store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { DashboardState, DashboardStore } from './dashboard-store.ts';

export const DashboardContext = createContext<DashboardStore | null>(null);

/** Selects from the dashboard's state. */
export function useDashboard<T>(select: (state: DashboardState) => T): T {
  const store = useContext(DashboardContext);
  if (store === null) throw new Error('useDashboard needs a DashboardContext above it');
  return useStore(store, select);
}
