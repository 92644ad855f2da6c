/** The doctor's page: the consultation that runs or is shown, those kept, and what a pasted text says. No React in here. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Consultation, KeptConsultation } from '../../../shared/domain/doctor.ts';
import type { Client } from '../../common/client.ts';

export interface DoctorState {
  readonly current: Consultation | null;
  readonly kept: readonly KeptConsultation[];
  refresh(): Promise<void>;
}

export type DoctorStore = StoreApi<DoctorState>;

export const DoctorContext = createContext<DoctorStore | null>(null);

/** Selects from the doctor's state. */
export function useDoctor<T>(select: (state: DoctorState) => T): T {
  const store = useContext(DoctorContext);
  if (store === null) throw new Error('the doctor needs a DoctorContext above it');
  return useStore(store, select);
}

/** Creates the store and follows consultations step by step. */
export function createDoctorStore(client: Client): DoctorStore {
  const store = createStore<DoctorState>()((set) => ({
    current: null,
    kept: [],
    async refresh() {
      set(await client.request('doctor.get', null));
    },
  }));
  client.on('doctor.changed', (current) => {
    store.setState({ current });
    if (current.endedAt !== null) void store.getState().refresh();
  });
  void store.getState().refresh();
  return store;
}
