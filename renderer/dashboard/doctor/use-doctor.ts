/** React's access to the doctor's store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { DoctorState, DoctorStore } from './doctor-store.ts';

export const DoctorContext = createContext<DoctorStore | null>(null);

/** Selects from the doctor's state. */
export function useDoctor<T>(select: (state: DoctorState) => T): T {
  const store = useContext(DoctorContext);
  if (store === null) throw new Error('useDoctor needs a DoctorContext above it');
  return useStore(store, select);
}
