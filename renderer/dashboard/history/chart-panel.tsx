/** The chart of the chosen endpoint: span, kind of lines, and in words what it shows. */
import { useState } from 'react';
import { downtimeOf } from '../../../shared/domain/incident.ts';
import type { Language } from '../../../shared/domain/snapshot.ts';
import { type Chart, RANGES, type Range } from '../../../shared/domain/timeline.ts';
import { formatClock, formatDuration, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import type { Mode } from './chart-layers.ts';
import { LatencyChart } from './latency-chart.tsx';

export function ChartPanel({ theme }: { readonly theme: string }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const { endpointId, chart, setZoom } = useDashboard((state) => state);
  const [mode, setMode] = useState<Mode>('percentiles');
  const name = endpoints.find(({ endpoint }) => endpoint.id === endpointId)?.endpoint.name ?? endpointId ?? '';
  const hasPhases = chart?.columns.some(({ phases }) => Object.keys(phases).length > 0) === true;
  const shown = hasPhases ? mode : 'percentiles';
  const measured = chart?.columns.some(({ n }) => n > 0) === true;
  return (
    <section className="panel" aria-labelledby="chart-title">
      <div className="panel-head">
        <h2 id="chart-title" className="clip">
          {name}
        </h2>
        <ChartControls mode={shown} hasPhases={hasPhases} onMode={setMode} />
      </div>
      {chart === null ? (
        <p className="nothing dim">{t('verdict.checking')}</p>
      ) : measured ? (
        <>
          <LatencyChart chart={chart} mode={shown} t={t} language={language} theme={theme} onZoom={setZoom} />
          <p className="summary-line dim num" data-testid="chart-summary">
            {summary(chart, t, language)}
          </p>
        </>
      ) : (
        <p className="nothing dim">{t('dashboard.nothing-yet')}</p>
      )}
    </section>
  );
}

interface ChartControlsProps {
  readonly mode: Mode;
  /** Phases are kept for a few days only. */
  readonly hasPhases: boolean;
  readonly onMode: (mode: Mode) => void;
}

function ChartControls({ mode, hasPhases, onMode }: ChartControlsProps) {
  const t = useSnapshot((state) => state.t);
  const { range, zoom, setRange, setZoom } = useDashboard((state) => state);
  return (
    <>
      {zoom !== null && (
        <button type="button" className="button" onClick={() => setZoom(null)}>
          {t('dashboard.zoom-back')}
        </button>
      )}
      <fieldset className="segments" disabled={!hasPhases}>
        <legend className="hidden-text">{t('dashboard.lines')}</legend>
        {(['percentiles', 'phases'] as const).map((one) => (
          <button
            key={one}
            type="button"
            data-testid={`mode-${one}`}
            aria-pressed={mode === one}
            onClick={() => onMode(one)}
          >
            {t(`dashboard.${one}`)}
          </button>
        ))}
      </fieldset>
      <fieldset className="segments">
        <legend className="hidden-text">{t('dashboard.span')}</legend>
        {(Object.keys(RANGES) as Range[]).map((one) => (
          <button
            key={one}
            type="button"
            data-testid={`span-${one}`}
            aria-pressed={zoom === null && range === one}
            onClick={() => setRange(one)}
          >
            {t(`dashboard.range-${one}`)}
          </button>
        ))}
      </fieldset>
    </>
  );
}

/** The chart for those who cannot see it, and for everybody in a hurry. */
function summary({ columns, incidents, changePoints, from, to }: Chart, t: Translate, language: Language): string {
  const n = columns.reduce((sum, one) => sum + one.n, 0);
  const failed = columns.reduce((sum, one) => sum + one.failed, 0);
  const medians = columns.flatMap(({ p50 }) => (p50 === null ? [] : [p50])).sort((a, b) => a - b);
  const median = medians[medians.length >> 1];
  const worst = columns.reduce<number>((most, { p95 }) => Math.max(most, p95 ?? 0), 0);
  const outages = incidents.filter(({ severity, drill }) => severity === 'down' && !drill);
  const downMs = outages.reduce((sum, one) => sum + downtimeOf(one, to), 0);
  const parts = [
    `${formatClock(from, to, language)} – ${formatClock(to, to, language)}`,
    t('dashboard.summary-success', { share: formatPercent(n === 0 ? 1 : (n - failed) / n), n }),
    ...(median === undefined
      ? []
      : [t('dashboard.summary-latency', { median: formatLatency(median), worst: formatLatency(worst) })]),
    t('dashboard.summary-outages', { count: outages.length, span: formatDuration(downMs, t) }),
    ...changePoints.slice(-1).map(({ at, beforeMs, afterMs }) =>
      t('dashboard.summary-change', {
        when: formatClock(at, to, language),
        before: formatLatency(beforeMs),
        after: formatLatency(afterMs),
      }),
    ),
  ];
  return parts.join(' · ');
}
