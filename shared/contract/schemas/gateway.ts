/** Schema of the gateway's state. */
import * as v from 'valibot';
import { GATEWAY_INCIDENTS, GATEWAY_PHASES, type GatewayState, type OfflineReadiness } from '../../domain/gateway.ts';
import { list, ms, problem, type SchemaOf, text } from './parts.ts';

const count = v.number();

const transfer = v.object({
  module: text,
  upstream: text,
  received: count,
  total: v.nullable(count),
  bytesPerSecond: count,
  stalled: v.boolean(),
});

const request = v.object({
  at: ms,
  path: text,
  status: v.number(),
  bytes: count,
  ms,
  upstream: v.nullable(text),
  cached: v.boolean(),
  verified: v.boolean(),
  survived: list(v.object({ upstream: text, reason: text })),
});

const incident = v.object({
  at: ms,
  kind: v.picklist(GATEWAY_INCIDENTS),
  upstream: text,
  module: text,
  got: text,
  want: text,
});

export const readinessSchema: SchemaOf<OfflineReadiness> = v.object({ needed: count, missing: list(text) });

export const gatewaySchema: SchemaOf<GatewayState> = v.object({
  phase: v.picklist(GATEWAY_PHASES),
  address: v.nullable(text),
  problem: v.nullable(problem),
  otherPort: v.nullable(v.number()),
  restarts: count,
  folder: text,
  maxBytes: count,
  figures: v.object({
    requests: count,
    saved: count,
    savedThisWeek: count,
    hedges: count,
    cacheHits: count,
    cacheBytes: count,
    upstreamBytes: count,
    incidents: count,
    files: count,
    bytes: count,
  }),
  upstreams: list(v.object({ url: text, isOpen: v.boolean(), failureRate: v.number(), medianMs: v.nullable(ms) })),
  transfers: list(transfer),
  prefetch: v.nullable(
    v.object({ modules: count, here: count, done: count, of: count, received: count, total: count }),
  ),
  requests: list(request),
  incidents: list(incident),
});
