/** Schemas of responses about diagnoses and pasted texts. */
import * as v from 'valibot';
import {
  type ArchivedConsultation,
  CHECK_IDS,
  CHECK_STATUSES,
  type Consultation,
  type ExplainedLine,
  FIX_KEYS,
  NOTE_KEYS,
} from '../../domain/doctor.ts';
import { VERDICTS } from '../../domain/verdict.ts';
import { cause, list, params, type SchemaOf, shellCommand } from './parts.ts';
import { lintFixSchema } from './profile.ts';
import { experiment } from './result.ts';

const finding = v.object({
  name: v.picklist(VERDICTS),
  severity: v.picklist(['healthy', 'degraded', 'down', 'unknown', 'offline', 'paused']),
  cause: v.nullable(cause),
  host: v.nullable(v.string()),
  rule: v.nullable(v.string()),
  score: v.nullable(v.number()),
  detail: v.nullable(v.string()),
});

export const consultationSchema: SchemaOf<Consultation> = v.object({
  target: v.string(),
  startedAt: v.number(),
  endedAt: v.nullable(v.number()),
  cancelled: v.boolean(),
  checks: list(
    v.object({
      id: v.picklist(CHECK_IDS),
      status: v.picklist(CHECK_STATUSES),
      notes: list(v.object({ severity: v.picklist(['info', 'warning', 'error']), key: v.picklist(NOTE_KEYS), params })),
      commands: list(shellCommand),
      durationMs: v.nullable(v.number()),
    }),
  ),
  finding: v.nullable(finding),
  experiments: list(experiment),
  fixes: list(
    v.object({
      key: v.picklist(FIX_KEYS),
      params,
      commands: list(shellCommand),
      profileId: v.optional(v.string()),
      settings: v.optional(lintFixSchema),
    }),
  ),
  // Reports stored by older versions do not have it.
  trying: v.optional(v.nullable(v.object({ done: v.number(), of: v.number() })), null),
});

export const archivedConsultationSchema: SchemaOf<ArchivedConsultation> = v.object({
  startedAt: v.number(),
  target: v.string(),
  incidentId: v.nullable(v.string()),
  finding: v.nullable(finding),
});

const situation = v.object({
  place: v.picklist(['terminal', 'editor', 'ci', 'docker', 'homebrew']),
  hostKind: v.nullable(v.picklist(['mirror', 'forge', 'private', 'public'])),
  isSsh: v.boolean(),
  isDiscovery: v.boolean(),
  isAbsent: v.boolean(),
  isIpv6: v.boolean(),
  isLoopbackResolver: v.boolean(),
  isReplace: v.boolean(),
  declaredPath: v.nullable(v.string()),
  isWindows: v.boolean(),
  isOldTool: v.boolean(),
  isInstall: v.boolean(),
  isWorkspace: v.boolean(),
  isGatewayPage: v.boolean(),
  breaksZipRules: v.boolean(),
  isOldGo: v.boolean(),
  limit: v.nullable(v.picklist(['files', 'memory', 'time'])),
  goVersion: v.nullable(v.string()),
  wantedGo: v.nullable(v.string()),
});

export const explainedSchema: SchemaOf<ExplainedLine> = v.object({
  cause,
  underlying: v.nullable(cause),
  host: v.nullable(v.string()),
  module: v.nullable(v.string()),
  confidence: v.number(),
  retryable: v.boolean(),
  situation,
  line: v.string(),
});
