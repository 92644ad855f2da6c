/** The chart of the chosen endpoint: span, kind of lines, and in words what it shows. */
import { useState } from 'react';
import { type Chart, RANGES, type Range } from '../../../shared/domain/timeline.ts';
import { inLanguage } from '../../../shared/messages/messages.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useInk } from '../../common/use-theme.ts';
import { useDashboard } from '../use-dashboard.ts';
import type { Mode } from './chart-layers.ts';
import { chartSummary } from './chart-summary.ts';
import { LatencyChart } from './latency-chart.tsx';
import { MarkList } from './mark-list.tsx';
import { marksOf } from './timeline-marks.ts';

export function ChartPanel({ theme }: { readonly theme: 'light' | 'dark' }) {
  const t = useSnapshot((state) => state.t);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const { endpointId, chart, failed } = useDashboard((state) => state);
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
        <p className="nothing dim">{failed ? '—' : t('verdict.checking')}</p>
      ) : measured ? (
        <ChartBody chart={chart} mode={shown} theme={theme} />
      ) : (
        <NothingYet endpointId={chart.endpointId} />
      )}
    </section>
  );
}

function NothingYet({ endpointId }: { readonly endpointId: string }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const refresh = useDashboard((state) => state.refresh);
  const probe = async () => {
    await send('probe.now', { endpointId });
    await refresh(Date.now());
  };
  return <EmptyState text={t('dashboard.nothing-yet')} action={t('menu.probe-now')} onAct={() => void probe()} />;
}

interface ChartBodyProps {
  readonly chart: Chart;
  readonly mode: Mode;
  readonly theme: 'light' | 'dark';
}

/** The picture, its summary, and everything marked in it as a list. */
function ChartBody({ chart, mode, theme }: ChartBodyProps) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const { range, zoom, setZoom } = useDashboard((state) => state);
  const ink = useInk(theme);
  const profileName = (id: string) => {
    const found = profiles.find(({ profile }) => profile.id === id)?.profile;
    return found === undefined ? id : inLanguage(found.name, language);
  };
  const marks = marksOf(chart, { t, language, profileName });
  const span = zoom === null ? t('dashboard.last-span', { span: t(`dashboard.range-${range}`) }) : null;
  return (
    <>
      <LatencyChart {...{ chart, marks, mode, t, language, ink }} onZoom={setZoom} />
      <p className="summary-line dim num" data-testid="chart-summary">
        {chartSummary(chart, span, t, language)}
      </p>
      <MarkList marks={marks} t={t} />
    </>
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
