/** A made-up detail view of an endpoint. */
import type { Cause } from '../../shared/domain/cause.ts';
import type { EndpointDetail, Snapshot } from '../../shared/domain/snapshot.ts';

/** null when the snapshot has no such endpoint. */
export function detailOf(snapshot: Snapshot, endpointId: string, now: number): EndpointDetail | null {
  const state = snapshot.endpoints.find(({ endpoint: one }) => one.id === endpointId);
  if (state === undefined) return null;
  const incident = (id: string, cause: Cause, ago: number, span: number | null) => ({
    id,
    endpointId,
    severity: 'down' as const,
    cause,
    startedAt: now - ago,
    endedAt: span === null ? null : now - ago + span,
    verdict: 'upstream-outage' as const,
    profileIds: [],
    unobservedMs: 0,
    drill: false,
    evidence: null,
  });
  const ongoing = state.status === 'down' ? [incident('1', 'connection-reset', 192_000, null)] : [];
  return {
    state,
    samples: [],
    incidents: [
      ...ongoing,
      incident('2', 'http-server-error', 9 * 3_600_000, 754_000),
      incident('3', 'eof-no-response', 80 * 3_600_000, 61_000),
    ],
  };
}
