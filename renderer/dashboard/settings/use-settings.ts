/** React's access to the store of the settings page. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { SettingsState, SettingsStore } from './settings-store.ts';

export const SettingsContext = createContext<SettingsStore | null>(null);

/** Selects from the state of the settings page. */
export function useSettings<T>(select: (state: SettingsState) => T): T {
  const store = useContext(SettingsContext);
  if (store === null) throw new Error('useSettings needs a SettingsContext above it');
  return useStore(store, select);
}
