/** Schemas of what the main process answers about traces and captures. */
import * as v from 'valibot';
import { type RecordingPlan, type Sentence, TRACE_OUTCOMES, type Traffic } from '../domain/traffic.ts';
import { cause, problem, type SchemaOf } from './outputs.ts';

const sentence: SchemaOf<Sentence> = v.object({
  key: v.string(),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
});

const trace = v.object({
  outcome: v.picklist(TRACE_OUTCOMES),
  cause: v.nullable(cause),
  host: v.nullable(v.string()),
  statements: v.array(sentence),
  requests: v.array(
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
  connections: v.array(
    v.object({
      id: v.string(),
      host: v.string(),
      address: v.string(),
      handshakeMs: v.nullable(v.number()),
      streams: v.number(),
      ends: v.array(v.string()),
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
  problems: v.array(sentence),
  exchanges: v.array(
    v.object({
      kind: v.picklist(['connection', 'question']),
      client: v.string(),
      server: v.string(),
      name: v.nullable(v.string()),
      verdict: v.string(),
      isFinding: v.boolean(),
      confidence: v.number(),
      origin: v.nullable(v.picklist(['injected', 'genuine', 'unclear'])),
      evidence: v.array(sentence),
      timeline: v.array(moment),
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
  lines: v.array(v.string()),
  trace: v.nullable(trace),
  capture: v.nullable(capture),
  problem: v.nullable(problem),
  canSave: v.boolean(),
});

export const recordingPlanSchema: SchemaOf<RecordingPlan> = v.variant('ok', [
  v.object({ ok: v.literal(true), command: v.string() }),
  v.object({ ok: v.literal(false), problem }),
]);
