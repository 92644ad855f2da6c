/** What earlier runs stored, taken over before the first probe. */
import { STRIP_CELLS } from '../../shared/domain/snapshot.ts';
import { STRIP_CELL_MS, stripStart } from '../history/day-strip.ts';
import { restoredDown } from '../verdict/status.ts';
import type { EngineParts } from './engine-parts.ts';
import type { EnginePorts } from './engine-ports.ts';
import { historyNotice } from './notices.ts';

/** Reads it, so that the first snapshot shows it. Rejects with HistoryError. */
export async function restore({ history, clock }: EnginePorts, parts: EngineParts): Promise<void> {
  const { store } = history;
  const { book, incidents, recorder, notices, pipeline, publisher } = parts;
  const { endpoints, thresholds } = parts.settings.monitor;
  const latest = await store.latest();
  const from = stripStart(clock.now());
  const to = from + STRIP_CELLS * STRIP_CELL_MS;
  await Promise.all(
    endpoints.map(async ({ id }) => {
      book.restore(id, latest.get(id) ?? null, await store.series(id, from, to, STRIP_CELLS, false));
    }),
  );
  for (const stored of await store.openIncidents()) {
    const known = book.record(stored.endpointId);
    if (known === undefined) {
      recorder.saveIncident({ ...stored, endedAt: clock.now() });
      continue;
    }
    // Nothing was observed between the last sample of the earlier run and now.
    const lastAt = Math.max(known.lastSample?.at ?? 0, stored.startedAt);
    const incident = { ...stored, unobservedMs: stored.unobservedMs + Math.max(0, clock.now() - lastAt) };
    incidents.restore(incident);
    recorder.saveIncident(incident);
    if (incident.severity === 'down') {
      book.restoreStatus(incident.endpointId, restoredDown(incident.startedAt, incident.cause, thresholds));
    }
  }
  for (const notice of [parts.settings.problem, historyNotice(history)]) if (notice !== null) notices.add(notice);
  void history.waiting?.ended.then((opening) => {
    notices.remove('history-waiting');
    const notice = historyNotice(opening);
    if (notice !== null) notices.add(notice);
    publisher.publishSoon();
  });
  pipeline.update();
}
