/** Schemas of what a probe returned, and of what is stored of it. */
import * as v from 'valibot';
import { ENDPOINT_KINDS } from '../../domain/endpoint.ts';
import {
  type Experiment,
  type FailedResult,
  NOTES,
  type OkResult,
  PHASES,
  type Sample,
  STEP_NAMES,
  VARIABLES,
} from '../../domain/result.ts';
import { cause, list, ms, type SchemaOf, texts } from './parts.ts';

const phase = v.picklist(PHASES);
/** Durations by phase; absent = not reached. */
export const phases = v.object(
  Object.fromEntries(PHASES.map((name) => [name, v.optional(ms)])) as Record<
    (typeof PHASES)[number],
    v.OptionalSchema<typeof ms, undefined>
  >,
);

/** What one changed condition did to a probe. */
export const experiment: SchemaOf<Experiment> = v.object({
  variable: v.picklist(VARIABLES),
  tries: v.number(),
  unchanged: v.number(),
  changed: v.number(),
  value: v.optional(v.string()),
  helloBytes: v.optional(v.object({ unchanged: v.number(), changed: v.number() })),
});

/** A probe as the history keeps it. */
export const sample: SchemaOf<Sample> = v.object({
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
  steps: list(
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
    redirects: v.optional(texts),
    httpStatus: v.optional(v.number()),
    contentType: v.optional(v.string()),
    bodyBytes: v.optional(v.number()),
    bodyStart: v.optional(v.string()),
    addresses: v.optional(texts),
    helloBytes: v.optional(v.number()),
    retryAfterMs: v.optional(v.number()),
    interceptedBy: v.optional(v.string()),
    refusedIssuer: v.optional(v.string()),
    notes: v.optional(list(v.picklist(NOTES))),
    treeHead: v.optional(v.string()),
    answers: v.optional(texts),
    repository: v.optional(v.string()),
    experiments: v.optional(list(experiment)),
  }),
};

/** A finished probe. */
export const result: SchemaOf<OkResult | FailedResult> = v.variant('outcome', [
  v.object({ outcome: v.literal('ok'), ...measured, slow: list(v.picklist([...PHASES, 'total'])) }),
  v.object({
    outcome: v.literal('failed'),
    ...measured,
    failure: v.object({ cause, phase, message: v.string(), code: v.optional(v.string()) }),
  }),
]);
