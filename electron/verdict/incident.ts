/** Incidents of one endpoint as a pure reducer over its published status. */
import type { Incident, IncidentSeverity } from '../../shared/domain/incident.ts';
import type { PublishedStatus } from './endpoint-health.ts';

/** What a status change does to the open incident. */
export interface IncidentChange {
  /** The incident that is open afterwards; null when none is. */
  readonly open: Incident | null;
  /** What must be stored, oldest change first. */
  readonly save: readonly Incident[];
}

/** Opens, updates and closes: one incident for each span of one severity; a change of severity starts another. */
export function reduceIncident(
  endpointId: string,
  open: Incident | null,
  state: PublishedStatus,
  evidence: string | null,
): IncidentChange {
  // Unknown (worker lost, restart) neither ends an incident nor begins one.
  if (state.status === 'unknown') return { open, save: [] };
  const severity = severityOf(state);
  if (open !== null && severity === open.severity) {
    if (open.cause === state.cause || severity === 'degraded' || state.cause === null) return { open, save: [] };
    const updated = { ...open, cause: state.cause };
    return { open: updated, save: [updated] };
  }
  // A status published later may have begun earlier: incidents of one endpoint must not overlap.
  const startedAt = Math.max(state.since, open?.startedAt ?? 0);
  const closed = open === null ? [] : [{ ...open, endedAt: startedAt }];
  if (severity === null) return { open: null, save: closed };
  const begun: Incident = {
    id: `${endpointId}@${startedAt}${open?.startedAt === startedAt ? `-${severity}` : ''}`,
    endpointId,
    severity,
    cause: state.cause,
    verdict: null,
    profileIds: [],
    startedAt,
    endedAt: null,
    unobservedMs: 0,
    drill: false,
    evidence: severity === 'degraded' ? null : evidence,
  };
  return { open: begun, save: [...closed, begun] };
}

function severityOf({ status, degradation }: PublishedStatus): IncidentSeverity | null {
  if (status === 'up' || status === 'unknown') return null;
  if (status === 'degraded') return degradation === 'intermittent' ? 'intermittent' : 'degraded';
  return status;
}
