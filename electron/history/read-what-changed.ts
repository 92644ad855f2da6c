/** Which outage is open in the history, and what changed before it: one answer for the window and the command line. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { Incident } from '../../shared/domain/incident.ts';
import { DAY_MS } from '../../shared/domain/units.ts';
import type { OutageChanges } from '../../shared/domain/what-changed.ts';
import { whatChanged } from '../verdict/what-changed.ts';
import type { HistoryStore } from './history-store.ts';

/** What worked longer ago than this explains nothing about today. */
const LOOK_BACK = 7 * DAY_MS;
const MAX_ROWS = 1_000;

/** The newest open outage of these endpoints; one that `go` needs before others. null = none. Rejects with HistoryError. */
export async function readWhatChanged(
  endpoints: readonly Pick<Endpoint, 'id' | 'kind'>[],
  history: Pick<HistoryStore, 'openIncidents' | 'samples' | 'events'>,
): Promise<OutageChanges | null> {
  const open = (await history.openIncidents()).filter(({ severity, drill }) => severity === 'down' && !drill);
  const needed = (one: Incident) => Number(one.verdict !== null);
  const [newest] = open
    .flatMap((incident) => {
      const endpoint = endpoints.find(({ id }) => id === incident.endpointId);
      return endpoint === undefined ? [] : [{ incident, endpoint }];
    })
    .sort((a, b) => needed(b.incident) - needed(a.incident) || b.incident.startedAt - a.incident.startedAt);
  if (newest === undefined) return null;
  const { id: endpointId, kind } = newest.endpoint;
  const { startedAt, cause } = newest.incident;
  const before = await history.samples(endpointId, startedAt - LOOK_BACK, startedAt, MAX_ROWS);
  const lastGoodAt = before.find(({ outcome }) => outcome !== 'failed')?.at ?? null;
  const events = await history.events(lastGoodAt ?? startedAt, startedAt + DAY_MS, MAX_ROWS);
  const changed = whatChanged({ endpointId, kind, cause, startedAt, lastGoodAt }, events);
  return { endpointId, cause, startedAt, lastGoodAt, ...changed };
}
