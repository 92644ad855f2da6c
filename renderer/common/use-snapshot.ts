/** React's access to the snapshot store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { SnapshotState, SnapshotStore } from './snapshot-store.ts';

export const SnapshotContext = createContext<SnapshotStore | null>(null);

/** The store itself, for handlers that live longer than a render. */
export function useSnapshotStore(): SnapshotStore {
  const store = useContext(SnapshotContext);
  if (store === null) throw new Error('useSnapshot needs a SnapshotContext above it');
  return store;
}

/** Selects from the shared state of the windows. */
export function useSnapshot<T>(select: (state: SnapshotState) => T): T {
  return useStore(useSnapshotStore(), select);
}
