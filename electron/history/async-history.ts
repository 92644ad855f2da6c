/** The port's promises over a synchronous history. */
import { toHistoryError } from './history-error.ts';
import type { HistoryStore } from './history-store.ts';
import type { SyncHistory } from './sqlite-history.ts';

/** Serves a synchronous history as the port: the same calls, rejecting with HistoryError instead of throwing. */
export function asHistoryStore(history: SyncHistory): HistoryStore {
  return {
    record: async (samples) => attempt(() => history.record(samples)),
    saveIncident: async (incident) => attempt(() => history.saveIncident(incident)),
    recordEvent: async (event) => attempt(() => history.recordEvent(event)),
    series: async (...args) => attempt(() => history.series(...args)),
    firstAt: async (endpointId) => attempt(() => history.firstAt(endpointId)),
    hours: async (endpointId, from, to) => attempt(() => history.hours(endpointId, from, to)),
    samples: async (endpointId, from, to, limit) => attempt(() => history.samples(endpointId, from, to, limit)),
    incidents: async (endpointId, limit) => attempt(() => history.incidents(endpointId, limit)),
    incidentsWithin: async (from, to) => attempt(() => history.incidentsWithin(from, to)),
    openIncidents: async () => attempt(() => history.openIncidents()),
    events: async (from, to, limit) => attempt(() => history.events(from, to, limit)),
    latest: async () => attempt(() => history.latest()),
    close: async () => attempt(() => history.close()),
  };
}

function attempt<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw toHistoryError(error);
  }
}
