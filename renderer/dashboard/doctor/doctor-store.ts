/** The doctor's page: the consultation that runs or is shown, and the earlier ones. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ArchivedConsultation, Consultation } from '../../../shared/domain/doctor.ts';
import type { Client } from '../../common/client.ts';
import { runQuery } from '../../common/safe-requests.ts';

export interface DoctorState {
  /** null before the first one. */
  readonly current: Consultation | null;
  /** Newest first. */
  readonly archived: readonly ArchivedConsultation[];
  refresh(): Promise<void>;
}

export type DoctorStore = StoreApi<DoctorState>;

/** Creates the store and follows consultations step by step. */
export function createDoctorStore(client: Client): DoctorStore {
  const store = createStore<DoctorState>()((set, get) => ({
    current: null,
    archived: [],
    async refresh() {
      const before = get().current;
      const answer = await runQuery(client, 'doctor.get', null);
      if (answer === null) return;
      const { current, archived } = answer;
      // A broadcast that arrived in the meantime is newer than this answer.
      set(get().current === before ? { current, archived } : { archived });
    },
  }));
  client.on('doctor.changed', (current) => {
    store.setState({ current });
    if (current.endedAt !== null) void store.getState().refresh();
  });
  void store.getState().refresh();
  return store;
}
