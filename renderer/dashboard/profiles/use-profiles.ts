/** React's access to the profiles page's store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { ProfilesState } from './profiles-state.ts';
import type { ProfilesStore } from './profiles-store.ts';

export const ProfilesContext = createContext<ProfilesStore | null>(null);

/** Selects from the page's state. */
export function useProfiles<T>(select: (state: ProfilesState) => T): T {
  const store = useContext(ProfilesContext);
  if (store === null) throw new Error('useProfiles needs a ProfilesContext above it');
  return useStore(store, select);
}
