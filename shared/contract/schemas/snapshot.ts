/** Schema of the state that windows show. */
import * as v from 'valibot';
import { INCIDENT_SEVERITIES } from '../../domain/incident.ts';
import { PROFILE_VARIABLES } from '../../domain/profile.ts';
import {
  DRILL_DAYS,
  type Drift,
  type GoState,
  LANGUAGES,
  REMINDER_HOURS,
  type Snapshot,
  TRAY_TEXTS,
  type UndoState,
} from '../../domain/snapshot.ts';
import { endpointState } from './endpoint.ts';
import { cause, list, ms, problem, type SchemaOf, texts } from './parts.ts';
import { changes, gitSetting, profile, variables } from './profile.ts';
import { verdict, walk } from './verdict.ts';

const go: SchemaOf<GoState> = v.variant('state', [
  v.object({ state: v.literal('detecting') }),
  v.object({
    state: v.literal('found'),
    path: v.string(),
    version: v.string(),
    envFile: v.string(),
    effective: variables,
    set: list(v.picklist(PROFILE_VARIABLES)),
    unknown: list(v.picklist(PROFILE_VARIABLES)),
    git: v.nullable(list(gitSetting)),
    overrides: list(v.object({ variable: v.picklist(PROFILE_VARIABLES), value: v.string() })),
    checkedAt: ms,
  }),
  v.object({ state: v.picklist(['missing', 'broken']), problem }),
]);

const undoState: SchemaOf<UndoState> = v.object({
  switchId: v.string(),
  from: v.nullable(v.string()),
  to: v.string(),
  at: ms,
});

const drift: SchemaOf<Drift> = v.object(changes);

export const snapshotSchema: SchemaOf<Snapshot> = v.object({
  at: ms,
  verdict,
  endpoints: list(endpointState),
  profiles: list(v.object({ profile, active: v.boolean(), walk })),
  go,
  undo: v.nullable(undoState),
  switches: list(undoState),
  drift: v.nullable(drift),
  failedOverFrom: v.nullable(v.string()),
  switching: v.boolean(),
  alert: v.nullable(
    v.object({
      id: v.string(),
      endpointId: v.string(),
      severity: v.picklist(INCIDENT_SEVERITIES),
      cause: v.nullable(cause),
      startedAt: ms,
      remedyProfileId: v.nullable(v.string()),
      drill: v.boolean(),
    }),
  ),
  recovery: v.nullable(v.object({ endpointId: v.string(), outageMs: ms, at: ms, drill: v.boolean() })),
  mutedUntil: v.nullable(ms),
  network: v.nullable(
    v.object({
      id: v.string(),
      description: v.string(),
      isHotspot: v.boolean(),
      name: v.nullable(v.string()),
      metered: v.boolean(),
    }),
  ),
  drill: v.nullable(
    v.object({
      endpointId: v.string(),
      startedAt: ms,
      step: v.picklist(['self-test', 'waiting', 'detected', 'recovering']),
    }),
  ),
  schedule: v.object({
    intervalMs: ms,
    nextAt: v.nullable(ms),
    paused: v.nullable(v.object({ until: v.nullable(ms) })),
  }),
  preferences: v.object({
    language: v.picklist(['system', ...LANGUAGES]),
    theme: v.picklist(['system', 'light', 'dark']),
    notifications: v.boolean(),
    launchAtLogin: v.boolean(),
    shortcut: v.nullable(v.string()),
    quietHours: v.nullable(v.string()),
    reminderHours: v.picklist(REMINDER_HOURS),
    welcomed: v.boolean(),
    drillEveryDays: v.picklist(DRILL_DAYS),
    trayText: v.picklist(TRAY_TEXTS),
    failover: v.boolean(),
    failoverProfiles: texts,
  }),
  managed: texts,
  notices: list(problem),
  demo: v.boolean(),
});
