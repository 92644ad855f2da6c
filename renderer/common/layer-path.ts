/** A probe's result as the layers it went through: the picture that shows where it failed. Pure. */
import type { FailedResult, OkResult, Phase } from '../../shared/domain/result.ts';

export const LAYERS = ['dns', 'tcp', 'tls', 'http', 'module'] as const;
export type Layer = (typeof LAYERS)[number];

/** `skipped`: not needed, such as TLS of a plain URL. `waiting`: not reached, or nothing measured yet. */
export type LayerOutcome = 'passed' | 'failed' | 'skipped' | 'waiting';

export interface LayerStep {
  readonly layer: Layer;
  readonly outcome: LayerOutcome;
  /** Time spent in it, ms; null when none was measured. */
  readonly durationMs: number | null;
}

const PHASES_OF: Readonly<Record<Layer, readonly Phase[]>> = {
  dns: ['dns'],
  tcp: ['connect'],
  tls: ['tls'],
  http: ['request', 'response', 'body'],
  module: ['verify'],
};

/** The layers of a result in order; all waiting when there is none. */
export function layerPath(result: OkResult | FailedResult | null): readonly LayerStep[] {
  const failedAt =
    result?.outcome === 'failed' ? LAYERS.findIndex((layer) => PHASES_OF[layer].includes(result.failure.phase)) : -1;
  return LAYERS.map((layer, i) => {
    const times = PHASES_OF[layer].flatMap((phase) => result?.phases[phase] ?? []);
    const durationMs = times.length === 0 ? null : times.reduce((sum, ms) => sum + ms, 0);
    return { layer, outcome: outcomeOf(result, i, failedAt, durationMs), durationMs };
  });
}

function outcomeOf(
  result: OkResult | FailedResult | null,
  i: number,
  failedAt: number,
  durationMs: number | null,
): LayerOutcome {
  if (result === null) return 'waiting';
  if (i === failedAt) return 'failed';
  if (failedAt >= 0 && i > failedAt) return 'waiting';
  return durationMs === null ? 'skipped' : 'passed';
}
