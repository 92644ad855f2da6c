/** DNS, TCP, TLS, HTTP, module: a row of marks that shows where a probe failed. */
import type { FailedResult, OkResult } from '../../shared/domain/result.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { LAYERS, type LayerOutcome, type LayerStep, layerPath } from './layer-path.ts';
import { useSnapshot } from './use-snapshot.ts';

interface LayerPathProps {
  readonly result: OkResult | FailedResult | null;
  /** The mark of the first waiting layer pulses: a probe is under way. */
  readonly probing?: boolean;
}

export function LayerPath({ result, probing = false }: LayerPathProps) {
  const t = useSnapshot((state) => state.t);
  const steps = layerPath(result);
  const reached = steps.filter(({ outcome }) => outcome === 'passed' || outcome === 'skipped').length;
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  const summary =
    failed === undefined
      ? t(result === null ? 'layer.none' : 'layer.all')
      : t('layer.failed', { layer: t(`layer.${failed.layer}`) });
  return (
    <div
      className={probing && result === null ? 'layer-path probing' : 'layer-path'}
      role="img"
      aria-label={summary}
      data-testid="layer-path"
      data-failed={failed?.layer}
    >
      <i className="done" style={{ width: `${doneShare(reached, failed !== undefined)}%` }} />
      {steps.map((step) => (
        <LayerMark key={step.layer} step={step} />
      ))}
    </div>
  );
}

/** The line is coloured up to the layer that failed, or over the whole way: from the first mark's centre to the last's. */
function doneShare(reached: number, hasFailed: boolean): number {
  const gaps = LAYERS.length - 1;
  const done = Math.max(0, Math.min(hasFailed ? reached : reached - 1, gaps));
  return (done / LAYERS.length) * 100;
}

function LayerMark({ step: { layer, outcome, durationMs } }: { readonly step: LayerStep }) {
  const t = useSnapshot((state) => state.t);
  const duration = durationMs === null ? undefined : formatLatency(durationMs);
  return (
    <span className={`layer-mark ${outcome}`} title={duration}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="7.25" />
        {PATHS[outcome] !== null && <path d={PATHS[outcome]} />}
      </svg>
      {t(`layer.${layer}`)}
    </span>
  );
}

const PATHS: Readonly<Record<LayerOutcome, string | null>> = {
  passed: 'M5 8.300l2.100 2.100 4-4.600',
  failed: 'M5.600 5.600l4.800 4.800M10.400 5.600l-4.800 4.800',
  skipped: 'M5.500 8h5',
  waiting: null,
};
