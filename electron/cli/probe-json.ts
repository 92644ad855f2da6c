/** The JSON of `gopherbar probe --json`, schema 1 (docs/schemas/probe.schema.json). Fields are only ever added. */
import { severityOf } from '../../shared/domain/cause.ts';
import type { ProbeResult } from '../../shared/domain/result.ts';

/** A result as plain JSON: durations in ms, phases absent when not reached. */
export function probeJson(result: ProbeResult) {
  const head = {
    schema: 1,
    kind: result.kind,
    url: result.url,
    depth: result.depth,
    startedAt: new Date(result.startedAt).toISOString(),
    outcome: result.outcome,
  } as const;
  if (result.outcome === 'cancelled') return { ...head, cause: null, phase: null, phases: {}, steps: [], evidence: {} };
  const { phases, totalMs, steps, remote, protocol, tls, evidence } = result;
  const failure = result.outcome === 'failed' ? result.failure : null;
  return {
    ...head,
    cause: failure?.cause ?? null,
    phase: failure?.phase ?? null,
    severity: failure === null ? null : severityOf(failure.cause),
    message: failure?.message,
    code: failure?.code,
    slow: result.outcome === 'ok' ? result.slow : [],
    phases: Object.fromEntries(Object.entries(phases).map(([name, ms]) => [name, round(ms)])),
    totalMs: round(totalMs),
    steps: steps.map((step) => ({ ...step, durationMs: round(step.durationMs) })),
    remote: remote ?? null,
    protocol: protocol ?? null,
    tls: tls === undefined ? null : { ...tls, validTo: new Date(tls.validTo).toISOString() },
    evidence,
  };
}

/** The clock is accurate to microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
