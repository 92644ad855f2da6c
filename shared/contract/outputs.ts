/**
 * Schemas of what the main process sends. Typed against the domain, so that the compiler tells when they part ways.
 */
import * as v from 'valibot';
import { type Cause, isCause } from '../domain/cause.ts';
import { CRITICALITIES, ENDPOINT_KINDS, type Endpoint } from '../domain/endpoint.ts';
import type { GitSetting } from '../domain/git-setting.ts';
import { INCIDENT_SEVERITIES, type Incident } from '../domain/incident.ts';
import type { Outcome } from '../domain/outcome.ts';
import { PROFILE_VARIABLES, type Profile } from '../domain/profile.ts';
import {
  type Experiment,
  type FailedResult,
  NOTES,
  type OkResult,
  PHASES,
  type Sample,
  STEP_NAMES,
  VARIABLES,
} from '../domain/result.ts';
import {
  DRILL_DAYS,
  type Drift,
  type EndpointDetail,
  type EndpointState,
  type GoState,
  LANGUAGES,
  type Problem,
  REMINDER_HOURS,
  type Snapshot,
  type UndoState,
} from '../domain/snapshot.ts';
import { DEGRADATION_KINDS, STATUSES } from '../domain/status.ts';
import { type Chart, type Dashboard, EVENT_KINDS, type HistoryEvent, type Meter } from '../domain/timeline.ts';
import { VERDICTS, type Verdict, type Walk } from '../domain/verdict.ts';

/** A schema whose output is exactly a domain type. */
/** A schema whose output is exactly the type. */
export type SchemaOf<T> = v.GenericSchema<unknown, T>;

/** A cause of the taxonomy. */
export const cause: SchemaOf<Cause> = v.custom<Cause>((name) => typeof name === 'string' && isCause(name));
const phase = v.picklist(PHASES);
const ms = v.number();
const phases = v.object(
  Object.fromEntries(PHASES.map((name) => [name, v.optional(ms)])) as Record<
    (typeof PHASES)[number],
    v.OptionalSchema<typeof ms, undefined>
  >,
);

export const experiment: SchemaOf<Experiment> = v.object({
  variable: v.picklist(VARIABLES),
  tries: v.number(),
  unchanged: v.number(),
  changed: v.number(),
  value: v.optional(v.string()),
});

const limits = v.object({
  dialMs: v.optional(ms),
  tlsMs: v.optional(ms),
  headerMs: v.optional(ms),
  totalMs: v.optional(ms),
});

const endpoint: SchemaOf<Endpoint> = v.object({
  id: v.string(),
  kind: v.picklist(ENDPOINT_KINDS),
  name: v.string(),
  url: v.string(),
  module: v.optional(v.object({ path: v.string(), version: v.string() })),
  key: v.optional(v.string()),
  target: v.optional(v.string()),
  criticality: v.optional(v.picklist(CRITICALITIES)),
  quietHours: v.optional(v.string()),
  limits: v.optional(v.object({ soft: v.optional(limits), hard: v.optional(limits) })),
}) as SchemaOf<Endpoint>;

const sample: SchemaOf<Sample> = v.object({
  endpointId: v.string(),
  at: ms,
  outcome: v.picklist(['ok', 'slow', 'failed']),
  cause: v.optional(cause),
  phases,
  totalMs: ms,
});

const measured = {
  bytes: v.optional(v.number()),
  kind: v.picklist(ENDPOINT_KINDS),
  url: v.string(),
  depth: v.picklist(['light', 'full']),
  startedAt: ms,
  phases,
  totalMs: ms,
  steps: v.array(
    v.object({
      name: v.picklist(STEP_NAMES),
      url: v.string(),
      outcome: v.picklist(['ok', 'failed']),
      durationMs: ms,
      httpStatus: v.optional(v.number()),
      cause: v.optional(cause),
      phase: v.optional(phase),
      hash: v.optional(v.string()),
      advisory: v.optional(v.boolean()),
    }),
  ),
  remote: v.optional(v.object({ address: v.string(), port: v.number(), family: v.picklist([4, 6]) })),
  protocol: v.optional(v.picklist(['http/1.1', 'h2'])),
  tls: v.optional(
    v.object({
      version: v.string(),
      cipher: v.string(),
      alpn: v.nullable(v.string()),
      issuer: v.string(),
      subject: v.string(),
      validTo: ms,
      trust: v.picklist(['bundled', 'system', 'extra']),
    }),
  ),
  evidence: v.object({
    url: v.string(),
    redirects: v.optional(v.array(v.string())),
    httpStatus: v.optional(v.number()),
    contentType: v.optional(v.string()),
    bodyBytes: v.optional(v.number()),
    bodyStart: v.optional(v.string()),
    addresses: v.optional(v.array(v.string())),
    retryAfterMs: v.optional(v.number()),
    interceptedBy: v.optional(v.string()),
    notes: v.optional(v.array(v.picklist(NOTES))),
    treeHead: v.optional(v.string()),
    answers: v.optional(v.array(v.string())),
    repository: v.optional(v.string()),
    experiments: v.optional(v.array(experiment)),
  }),
};

const result: SchemaOf<OkResult | FailedResult> = v.variant('outcome', [
  v.object({ outcome: v.literal('ok'), ...measured, slow: v.array(v.picklist([...PHASES, 'total'])) }),
  v.object({
    outcome: v.literal('failed'),
    ...measured,
    failure: v.object({ cause, phase, message: v.string(), code: v.optional(v.string()) }),
  }),
]);

const incident: SchemaOf<Incident> = v.object({
  id: v.string(),
  endpointId: v.string(),
  severity: v.picklist(INCIDENT_SEVERITIES),
  cause: v.nullable(cause),
  verdict: v.nullable(v.picklist(VERDICTS)),
  profileIds: v.array(v.string()),
  startedAt: ms,
  endedAt: v.nullable(ms),
  unobservedMs: ms,
  drill: v.boolean(),
  evidence: v.nullable(v.string()),
});

/** A walk of a GOPROXY list. */
export const walk: SchemaOf<Walk> = v.object({
  steps: v.array(
    v.object({
      text: v.string(),
      separator: v.nullable(v.picklist([',', '|'])),
      endpointId: v.nullable(v.string()),
      action: v.picklist(['answers', 'fails-over', 'stops', 'not-reached']),
      cause: v.nullable(cause),
    }),
  ),
  outcome: v.picklist(['works', 'slow', 'fell-back', 'stops', 'unproven']),
  endsAt: v.nullable(v.number()),
  latencyMs: v.nullable(ms),
});

const verdict: SchemaOf<Verdict> = v.object({
  name: v.picklist(VERDICTS),
  severity: v.picklist(['healthy', 'degraded', 'down', 'unknown', 'offline', 'paused']),
  since: ms,
  endpointId: v.nullable(v.string()),
  cause: v.nullable(cause),
  walk: v.nullable(walk),
  degradation: v.nullable(v.picklist([...DEGRADATION_KINDS, 'flapping'])),
  blame: v.optional(
    v.nullable(
      v.object({
        rule: v.string(),
        score: v.number(),
        detail: v.nullable(v.string()),
        endpointIds: v.array(v.string()),
      }),
    ),
  ),
});

const bilingual = v.union([v.string(), v.object({ en: v.string(), 'zh-CN': v.string() })]);
/** Variables of a profile. */
export const variables = v.object(
  Object.fromEntries(PROFILE_VARIABLES.map((name) => [name, v.optional(v.string())])) as Record<
    (typeof PROFILE_VARIABLES)[number],
    v.OptionalSchema<v.StringSchema<undefined>, undefined>
  >,
);

/** A git setting of a profile. */
export const gitSetting: SchemaOf<GitSetting> = v.object({ key: v.string(), value: v.nullable(v.string()) });

const profile: SchemaOf<Profile> = v.object({
  id: v.string(),
  name: bilingual,
  explanation: bilingual,
  builtIn: v.boolean(),
  variables,
  git: v.array(gitSetting),
  networks: v.array(v.string()),
});

/** A trouble for a person to read. */
export const problem: SchemaOf<Problem> = v.object({
  key: v.string(),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
});

const go: SchemaOf<GoState> = v.variant('state', [
  v.object({ state: v.literal('looking') }),
  v.object({
    state: v.literal('found'),
    path: v.string(),
    version: v.string(),
    envFile: v.string(),
    effective: variables,
    set: v.array(v.picklist(PROFILE_VARIABLES)),
    unknown: v.array(v.picklist(PROFILE_VARIABLES)),
    git: v.nullable(v.array(gitSetting)),
    overrides: v.array(v.object({ variable: v.picklist(PROFILE_VARIABLES), value: v.string() })),
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

/** Old and new values, of a plan or of somebody else's change. */
export const changes = {
  variables: v.array(v.object({ name: v.picklist(PROFILE_VARIABLES), from: v.string(), to: v.string() })),
  git: v.array(v.object({ key: v.string(), from: v.array(v.string()), to: v.array(v.string()) })),
};
const drift: SchemaOf<Drift> = v.object(changes);

const endpointState: SchemaOf<EndpointState> = v.object({
  endpoint,
  status: v.picklist(STATUSES),
  reason: v.nullable(v.picklist(['paused', 'offline'])),
  since: ms,
  cause: v.nullable(cause),
  degradation: v.nullable(v.picklist(DEGRADATION_KINDS)),
  baseline: v.nullable(v.object({ medianMs: ms, limitMs: ms })),
  learning: v.object({ daysKnown: v.number(), daysNeeded: v.number() }),
  probing: v.boolean(),
  breaker: v.picklist(['closed', 'open', 'half-open']),
  forwardProxyOfGo: v.nullable(v.string()),
  confirming: v.number(),
  last: v.nullable(result),
  lastSample: v.nullable(sample),
  strip: v.array(v.object({ outcome: v.picklist(['up', 'slow', 'failed', 'gap']), latencyMs: v.nullable(ms) })),
  uptime24h: v.nullable(v.number()),
});

export const snapshotSchema: SchemaOf<Snapshot> = v.object({
  at: ms,
  verdict,
  endpoints: v.array(endpointState),
  profiles: v.array(v.object({ profile, active: v.boolean(), walk })),
  go,
  undo: v.nullable(undoState),
  switches: v.array(undoState),
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
    quietHours: v.nullable(v.string()),
    reminderHours: v.picklist(REMINDER_HOURS),
    drillEveryDays: v.picklist(DRILL_DAYS),
    failover: v.boolean(),
    failoverProfiles: v.array(v.string()),
  }),
  notices: v.array(problem),
  demo: v.boolean(),
});

export const detailSchema: SchemaOf<EndpointDetail> = v.object({
  state: endpointState,
  samples: v.array(sample),
  incidents: v.array(incident),
});

const event: SchemaOf<HistoryEvent> = v.object({ at: ms, kind: v.picklist(EVENT_KINDS), detail: v.string() });
const share = v.nullable(v.number());

export const chartSchema: SchemaOf<Chart> = v.object({
  endpointId: v.string(),
  from: ms,
  to: ms,
  columns: v.array(
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
  incidents: v.array(incident),
  events: v.array(event),
  changePoints: v.array(v.object({ at: ms, beforeMs: ms, afterMs: ms })),
});

export const dashboardSchema: SchemaOf<Dashboard> = v.object({
  at: ms,
  uptime: v.array(
    v.object({
      endpointId: v.string(),
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
  incidents: v.array(incident),
  events: v.array(event),
  lag: v.array(
    v.object({
      module: v.string(),
      at: ms,
      cells: v.array(
        v.object({
          endpointId: v.string(),
          newest: v.nullable(v.string()),
          versionsBehind: v.nullable(v.number()),
          hoursBehind: v.nullable(v.number()),
        }),
      ),
    }),
  ),
  drills: v.array(
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

/** The end of a command: done, or a problem for a person to read. */
export const doneSchema = v.variant('ok', [
  // Optional: serialization may drop a property that is undefined.
  v.object({ ok: v.literal(true), value: v.optional(v.undefined()) }),
  v.object({ ok: v.literal(false), problem }),
]) as SchemaOf<Outcome>;
