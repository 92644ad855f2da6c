/** Schema of a reading of macOS's policies. */
import * as v from 'valibot';
import { LAYER_STATES, POLICY_LAYERS, type PolicyReading, type PolicyUse } from '../../domain/policy.ts';
import { list, type SchemaOf, texts } from './parts.ts';

export const policyReadingSchema: SchemaOf<PolicyReading> = v.object({
  at: v.number(),
  available: v.boolean(),
  privileged: v.boolean(),
  prompt: v.nullable(v.picklist(['done', 'declined', 'timed-out', 'failed'])),
  macos: v.nullable(v.string()),
  pfEnabled: v.nullable(v.boolean()),
  paths: list(
    v.object({
      endpoint: v.string(),
      address: v.nullable(v.string()),
      port: v.number(),
      layers: list(v.object({ layer: v.picklist(POLICY_LAYERS), state: v.picklist(LAYER_STATES), detail: v.string() })),
    }),
  ),
  rules: list(
    v.object({
      anchor: v.string(),
      position: v.number(),
      text: v.string(),
      decidesFor: texts,
      blocks: v.boolean(),
      isNew: v.boolean(),
    }),
  ),
  goneRules: texts,
  previousAt: v.nullable(v.number()),
  unreadAnchors: texts,
  resolvers: texts,
  proxies: texts,
  extensions: texts,
  vpns: texts,
  firewall: v.nullable(v.string()),
  setByHand: texts,
  goSignedBy: v.nullable(v.string()),
  apps: list(
    v.object({
      bundleId: v.string(),
      name: v.string(),
      services: v.record(
        v.string(),
        v.object({ decision: v.string(), reason: v.nullable(v.string()), at: v.nullable(v.number()) }),
      ),
    }),
  ),
  unread: list(v.object({ what: v.string(), why: v.string() })),
});

export const policyUseSchema: SchemaOf<PolicyUse> = v.object({
  at: v.number(),
  command: v.string(),
  outcome: v.picklist(['done', 'declined', 'timed-out', 'failed']),
});
