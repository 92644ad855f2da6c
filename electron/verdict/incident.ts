/** Incidents of one endpoint as a pure reducer over its statuses. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { EndpointStatus } from './status.ts';

/** What a status change does to the open incident. */
export interface IncidentChange {
  /** The incident that is open afterwards; null when none is. */
  readonly open: Incident | null;
  /** What must be stored, oldest change first. */
  readonly save: readonly Incident[];
}

/** Opens, updates and closes: one incident for each span of `down` or `degraded`; a change of severity starts another. */
export function reduceIncident(
  endpointId: string,
  open: Incident | null,
  state: EndpointStatus,
  evidence: string | null,
): IncidentChange {
  // Unknown (worker lost, restart) neither ends an incident nor begins one.
  if (state.status === 'unknown') return { open, save: [] };
  const severity = state.status === 'up' ? null : state.status;
  if (open !== null && severity === open.severity) {
    if (open.cause === state.cause || severity === 'degraded') return { open, save: [] };
    const updated = { ...open, cause: state.cause };
    return { open: updated, save: [updated] };
  }
  const closed = open === null ? [] : [{ ...open, endedAt: state.since }];
  if (severity === null) return { open: null, save: closed };
  const begun: Incident = {
    id: `${endpointId}@${state.since}`,
    endpointId,
    severity,
    cause: state.cause,
    startedAt: state.since,
    endedAt: null,
    evidence: severity === 'down' ? evidence : null,
  };
  return { open: begun, save: [...closed, begun] };
}
