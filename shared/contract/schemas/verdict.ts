/** Schemas of what the results mean together. */
import * as v from 'valibot';
import { DEGRADATION_KINDS } from '../../domain/status.ts';
import { type ProfileRoute, VERDICTS, type Verdict, type Walk } from '../../domain/verdict.ts';
import { cause, list, ms, type SchemaOf, texts } from './parts.ts';

/** A walk of a GOPROXY list. */
export const walk: SchemaOf<Walk> = v.object({
  steps: list(
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

/** The verdict. */
export const verdict: SchemaOf<Verdict> = v.object({
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
        endpointIds: texts,
      }),
    ),
  ),
});

/** The way of one module under a profile. */
export const routeSchema: SchemaOf<ProfileRoute> = v.object({
  profileId: v.string(),
  walk,
  isPrivate: v.boolean(),
});
