/** Schemas of incidents, charts and the dashboard. */
import * as v from 'valibot';
import { INCIDENT_SEVERITIES, type Incident } from '../../domain/incident.ts';
import {
  type Chart,
  type Dashboard,
  EVENT_KINDS,
  GAP_REASONS,
  type HistoryEvent,
  type Meter,
} from '../../domain/timeline.ts';
import { VERDICTS } from '../../domain/verdict.ts';
import { CHANGE_KINDS, type OutageChanges, WEIGHTS } from '../../domain/what-changed.ts';
import { cause, list, ms, type SchemaOf, texts } from './parts.ts';
import { phases } from './result.ts';

/** An incident. */
export const incident: SchemaOf<Incident> = v.object({
  id: v.string(),
  endpointId: v.string(),
  severity: v.picklist(INCIDENT_SEVERITIES),
  cause: v.nullable(cause),
  verdict: v.nullable(v.picklist(VERDICTS)),
  profileIds: texts,
  startedAt: ms,
  endedAt: v.nullable(ms),
  unobservedMs: ms,
  drill: v.boolean(),
  evidence: v.nullable(v.string()),
});

const event: SchemaOf<HistoryEvent> = v.object({
  at: ms,
  kind: v.picklist(EVENT_KINDS),
  detail: v.string(),
  endpointId: v.optional(v.string()),
});
/** What changed before an outage. */
export const outageChangesSchema: SchemaOf<OutageChanges> = v.object({
  endpointId: v.string(),
  cause: v.nullable(cause),
  startedAt: ms,
  lastGoodAt: v.nullable(ms),
  isComplete: v.boolean(),
  changes: list(
    v.object({
      at: ms,
      kind: v.picklist(CHANGE_KINDS),
      detail: v.string(),
      endpointId: v.optional(v.string()),
      weight: v.picklist(WEIGHTS),
    }),
  ),
});
const share = v.nullable(v.number());

export const chartSchema: SchemaOf<Chart> = v.object({
  endpointId: v.string(),
  from: ms,
  to: ms,
  columns: list(
    v.object({
      at: ms,
      n: v.number(),
      slow: v.number(),
      failed: v.number(),
      p50: v.nullable(ms),
      p95: v.nullable(ms),
      p99: v.nullable(ms),
      phases,
    }),
  ),
  since: v.nullable(ms),
  gaps: list(v.object({ from: ms, to: ms, reason: v.picklist(GAP_REASONS) })),
  incidents: list(incident),
  events: list(event),
  changePoints: list(v.object({ at: ms, beforeMs: ms, afterMs: ms })),
});

export const dashboardSchema: SchemaOf<Dashboard> = v.object({
  at: ms,
  uptime: list(
    v.object({
      endpointId: v.string(),
      since: v.nullable(ms),
      day: share,
      week: share,
      month: share,
      year: share,
      p50: v.nullable(ms),
      p95: v.nullable(ms),
      p99: v.nullable(ms),
      outages: v.number(),
      downtimeMs: ms,
    }),
  ),
  incidents: list(incident),
  events: list(event),
  lag: list(
    v.object({
      module: v.string(),
      at: ms,
      cells: list(
        v.object({
          endpointId: v.string(),
          newest: v.nullable(v.string()),
          versionsBehind: v.nullable(v.number()),
          hoursBehind: v.nullable(v.number()),
        }),
      ),
    }),
  ),
  mirrors: list(
    v.object({
      endpointId: v.string(),
      resumable: v.nullable(v.boolean()),
      http2Holds: v.nullable(v.boolean()),
    }),
  ),
  drills: list(
    v.object({
      at: ms,
      endpointId: v.string(),
      outcome: v.picklist(['done', 'cancelled', 'failed']),
      selfTest: v.picklist(['ok', 'failed', 'not-run']),
      detectMs: v.nullable(ms),
      notifyMs: v.nullable(ms),
      switchMs: v.nullable(ms),
      recoverMs: v.nullable(ms),
    }),
  ),
});

export const meterSchema: SchemaOf<Meter> = v.object({
  since: ms,
  cpuMs: ms,
  wakeups: v.number(),
  residentBytes: v.number(),
  probesToday: v.number(),
  bytesToday: v.number(),
  bytesPerDay: v.nullable(v.number()),
});
