/** Schemas of what the main process answers about traces and captures. */
import * as v from 'valibot';
import { type RecordingPlan, type Sentence, TRACE_OUTCOMES, type Traffic } from '../../domain/traffic.ts';
import { cause, list, params, problem, type SchemaOf, shellCommand, texts } from './parts.ts';

const sentence: SchemaOf<Sentence> = v.object({
  key: v.string(),
  params,
});

const trace = v.object({
  outcome: v.picklist(TRACE_OUTCOMES),
  cause: v.nullable(cause),
  host: v.nullable(v.string()),
  statements: list(sentence),
  requests: list(
    v.object({
      url: v.string(),
      at: v.nullable(v.number()),
      status: v.nullable(v.number()),
      seconds: v.nullable(v.number()),
      error: v.nullable(v.string()),
      retries: v.number(),
    }),
  ),
  earlier: v.number(),
  connections: list(
    v.object({
      id: v.string(),
      host: v.string(),
      address: v.string(),
      handshakeMs: v.nullable(v.number()),
      streams: v.number(),
      ends: texts,
    }),
  ),
  lastAt: v.nullable(v.number()),
});

const moment = v.object({
  atMs: v.number(),
  from: v.picklist(['client', 'server']),
  what: v.string(),
  detail: v.nullable(v.string()),
  clientBytes: v.number(),
  serverBytes: v.number(),
});

const capture = v.object({
  packets: v.number(),
  connections: v.number(),
  questions: v.number(),
  seconds: v.number(),
  problems: list(sentence),
  exchanges: list(
    v.object({
      kind: v.picklist(['connection', 'question']),
      client: v.string(),
      server: v.string(),
      name: v.nullable(v.string()),
      verdict: v.string(),
      isFinding: v.boolean(),
      confidence: v.number(),
      origin: v.nullable(v.picklist(['injected', 'genuine', 'unclear'])),
      evidence: list(sentence),
      timeline: list(moment),
    }),
  ),
  more: v.number(),
});

export const trafficSchema: SchemaOf<Traffic> = v.object({
  kind: v.picklist(['trace', 'capture']),
  source: v.string(),
  startedAt: v.number(),
  endedAt: v.nullable(v.number()),
  cancelled: v.boolean(),
  progress: v.nullable(v.number()),
  lines: texts,
  trace: v.nullable(trace),
  capture: v.nullable(capture),
  problem: v.nullable(problem),
  canSave: v.boolean(),
});

export const recordingPlanSchema: SchemaOf<RecordingPlan> = v.variant('ok', [
  v.object({ ok: v.literal(true), command: shellCommand }),
  v.object({ ok: v.literal(false), problem }),
]);
