/** What the history holds, as the JSON of `history --json` and `export`. Pure. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { PolicyUse } from '../../shared/domain/policy.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';

/** ISO 8601, UTC. */
export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function sampleJson({ endpointId, at, outcome, cause, totalMs, phases }: Sample) {
  return { endpoint: endpointId, at: iso(at), outcome, cause: cause ?? null, totalMs, phases };
}

export function incidentJson(incident: Incident) {
  const { endpointId, severity, cause, verdict, profileIds, startedAt, endedAt, unobservedMs, drill } = incident;
  return {
    endpoint: endpointId,
    severity,
    cause,
    startedAt: iso(startedAt),
    endedAt: endedAt === null ? null : iso(endedAt),
    verdict,
    profiles: profileIds,
    unobservedMs,
    drill,
  };
}

export function eventJson({ at, kind, detail, endpointId }: HistoryEvent) {
  return { at: iso(at), kind, detail, ...(endpointId === undefined ? {} : { endpoint: endpointId }) };
}

/** What an administrator's password was used for. */
export function privilegeJson({ at, command, outcome }: PolicyUse) {
  return { at: iso(at), command, outcome };
}
