/** Schemas of an endpoint and what is known of it. */
import * as v from 'valibot';
import { CRITICALITIES, ENDPOINT_KINDS, type Endpoint } from '../../domain/endpoint.ts';
import type { EndpointDetail, EndpointState } from '../../domain/snapshot.ts';
import { DEGRADATION_KINDS, STATUSES } from '../../domain/status.ts';
import { incident } from './history.ts';
import { cause, list, ms, type SchemaOf } from './parts.ts';
import { result, sample } from './result.ts';

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

/** An endpoint in the snapshot. */
export const endpointState: SchemaOf<EndpointState> = v.object({
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
  strip: list(v.object({ outcome: v.picklist(['up', 'slow', 'failed', 'gap']), latencyMs: v.nullable(ms) })),
  uptime24h: v.nullable(v.number()),
});

export const detailSchema: SchemaOf<EndpointDetail> = v.object({
  state: endpointState,
  samples: list(sample),
  incidents: list(incident),
});
