/** Incidents as rows. Unknown values of a newer or damaged row read as the nearest known ones. */
import type { SQLOutputValue } from 'node:sqlite';
import { isCause } from '../../shared/domain/cause.ts';
import { INCIDENT_SEVERITIES, type Incident } from '../../shared/domain/incident.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { VERDICTS } from '../../shared/domain/verdict.ts';
import { numberOrNull, type Tables } from './tables.ts';

const SELECT = `
  SELECT i.id, e.name AS endpoint, i.severity, c.name AS cause, i.verdict, i.profiles, i.started_at, i.ended_at,
    i.unobserved, i.drill, i.evidence
  FROM incident i JOIN endpoint e ON e.id = i.endpoint LEFT JOIN cause c ON c.id = i.cause`;

/** Inserts an incident, or replaces the one with its id. */
export function putIncident(tables: Tables, incident: Incident): void {
  tables
    .statement(
      `INSERT OR REPLACE INTO incident
         (id, endpoint, severity, cause, verdict, profiles, started_at, ended_at, unobserved, drill, evidence)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      incident.id,
      tables.endpoints.idOf(incident.endpointId),
      incident.severity,
      incident.cause === null ? null : tables.causes.idOf(incident.cause),
      incident.verdict,
      JSON.stringify(incident.profileIds),
      Math.round(incident.startedAt),
      incident.endedAt === null ? null : Math.round(incident.endedAt),
      Math.round(incident.unobservedMs),
      incident.drill ? 1 : 0,
      incident.evidence,
    );
}

/** Newest first; of one endpoint, or of all. */
export function newestIncidents(tables: Tables, endpointId: string | null, limit: number): readonly Incident[] {
  return tables
    .statement(`${SELECT} WHERE ?1 IS NULL OR e.name = ?1 ORDER BY i.started_at DESC, i.id DESC LIMIT ?2`)
    .all(endpointId, limit)
    .map(incidentFrom);
}

/** Oldest first, those that touch [from, to). */
export function incidentsWithin(tables: Tables, from: EpochMs, to: EpochMs): readonly Incident[] {
  return tables
    .statement(
      `${SELECT} WHERE i.started_at < ?2 AND (i.ended_at IS NULL OR i.ended_at > ?1) ORDER BY i.started_at, i.id`,
    )
    .all(from, to)
    .map(incidentFrom);
}

/** Oldest first, those that have not ended. */
export function openIncidents(tables: Tables): readonly Incident[] {
  return tables.statement(`${SELECT} WHERE i.ended_at IS NULL ORDER BY i.started_at, i.id`).all().map(incidentFrom);
}

function incidentFrom(row: Record<string, SQLOutputValue>): Incident {
  const cause = row.cause === null ? null : String(row.cause);
  return {
    id: String(row.id),
    endpointId: String(row.endpoint),
    severity: severityFrom(String(row.severity)),
    cause: cause === null ? null : isCause(cause) ? cause : 'unknown',
    verdict: VERDICTS.find((one) => one === row.verdict) ?? null,
    profileIds: idsFrom(String(row.profiles)),
    startedAt: Number(row.started_at),
    endedAt: numberOrNull(row.ended_at),
    unobservedMs: Number(row.unobserved),
    drill: Number(row.drill) === 1,
    evidence: row.evidence === null ? null : String(row.evidence),
  };
}

/** Rows written before 0.2 say `unsteady` for `intermittent`. */
function severityFrom(text: string): Incident['severity'] {
  if (text === 'unsteady') return 'intermittent';
  return INCIDENT_SEVERITIES.find((one) => one === text) ?? 'down';
}

function idsFrom(json: string): readonly string[] {
  try {
    const ids: unknown = JSON.parse(json);
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}
