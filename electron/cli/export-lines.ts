/** From what is stored to the lines of `export`: each stored thing once, an incident again when it changed. Pure. */
import type { Incident } from '../../shared/domain/incident.ts';
import type { PolicyUse } from '../../shared/domain/policy.ts';
import type { Sample } from '../../shared/domain/result.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { eventJson, incidentJson, privilegeJson, sampleJson } from './history-json.ts';

/** What a look at the store found, in any order. */
export interface Stored {
  readonly samples: readonly Sample[];
  readonly incidents: readonly Incident[];
  readonly events: readonly HistoryEvent[];
  readonly privileges: readonly PolicyUse[];
}

/** Lines that were written: the times of lines that may come again, the state of each incident. */
export interface Written {
  /** Times up to `at` are not looked at again. */
  readonly at: number;
  readonly recent: ReadonlySet<string>;
  readonly incidents: ReadonlyMap<string, string>;
}

export const NOTHING_WRITTEN: Written = { at: Number.NEGATIVE_INFINITY, recent: new Set(), incidents: new Map() };

/** Samples of one batch are stored a moment after they were measured: that far back is looked again. */
export const LATE_MS = 60_000;

/** The lines that are new, oldest first, and what is written with them. */
export function newLines(
  stored: Stored,
  before: Written,
): { readonly lines: readonly string[]; readonly written: Written } {
  const entries = [
    ...stored.samples.map((one) => ({ at: one.at, id: null, json: { type: 'result', ...sampleJson(one) } })),
    ...stored.events.map((one) => ({ at: one.at, id: null, json: { type: 'event', ...eventJson(one) } })),
    ...stored.privileges.map((one) => ({ at: one.at, id: null, json: { type: 'privilege', ...privilegeJson(one) } })),
    ...stored.incidents.map((one) => ({
      at: one.endedAt ?? one.startedAt,
      id: one.id,
      json: { type: 'incident', id: one.id, ...incidentJson(one) },
    })),
  ].sort((a, b) => a.at - b.at);
  const incidents = new Map(before.incidents);
  const recent = new Map<string, number>();
  const lines: string[] = [];
  let newest = before.at;
  for (const { at, id, json } of entries) {
    const line = JSON.stringify({ schema: 1, ...json });
    newest = Math.max(newest, at);
    if (id !== null) {
      if (incidents.get(id) === line) continue;
      incidents.set(id, line);
    } else {
      recent.set(line, at);
      if (before.recent.has(line) || at <= before.at - LATE_MS) continue;
    }
    lines.push(line);
  }
  const kept = [...recent].filter(([, at]) => at > newest - LATE_MS).map(([line]) => line);
  return { lines, written: { at: newest, recent: new Set(kept), incidents } };
}
