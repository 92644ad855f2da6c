/** The overview: what the chosen endpoint is like now and was, all endpoints, incidents, mirrors and drills. */
import { useEffect, useRef } from 'react';
import { EmptyState } from '../../common/empty-state.tsx';
import { HeadGlyph } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { ChartPanel } from './chart-panel.tsx';
import { DrillPanel } from './drill-panel.tsx';
import { EndpointRows } from './endpoint-rows.tsx';
import { IncidentTable } from './incident-table.tsx';
import { LagMatrix } from './lag-matrix.tsx';
import { StatCards } from './stat-cards.tsx';
import { UptimeTable } from './uptime-table.tsx';

/** What is new reaches the page with the snapshot; the past is asked for this often, while it shows. */
const REFRESH_MS = 30_000;

export function HistoryPage({ theme }: { readonly theme: 'light' | 'dark' }) {
  const t = useSnapshot((state) => state.t);
  const empty = useSnapshot((state) => state.snapshot.endpoints.length === 0);
  const { failed, refresh } = useDashboard((state) => state);
  useRefresh();
  if (empty) return <NoEndpoints />;
  return (
    <div className="pages">
      {failed && (
        <EmptyState
          isFault
          text={t('dashboard.unread')}
          action={t('dashboard.try-again')}
          onAct={() => void refresh(Date.now())}
        />
      )}
      <StatCards />
      <ChartPanel theme={theme} />
      <EndpointRows />
      <UptimeTable />
      <div className="halves">
        <IncidentTable />
        <div>
          <LagMatrix />
          <DrillPanel />
        </div>
      </div>
    </div>
  );
}

function NoEndpoints() {
  const t = useSnapshot((state) => state.t);
  const addEndpoint = useDashboard((state) => state.addEndpoint);
  return (
    <div className="pages nothing-yet">
      <HeadGlyph severity="unknown" />
      <h2>{t('verdict.no-endpoints')}</h2>
      <p className="dim">{t('verdict.no-endpoints-what')}</p>
      <button type="button" className="button primary" data-testid="add-first-endpoint" onClick={addEndpoint}>
        {t('settings.endpoint-add')}
      </button>
    </div>
  );
}

/** Asks again while the page shows, when it is shown again, and when a drill ends. */
function useRefresh(): void {
  const refresh = useDashboard((state) => state.refresh);
  const drilling = useSnapshot((state) => state.snapshot.drill !== null);
  const wasDrilling = useRef(drilling);
  useEffect(() => {
    if (wasDrilling.current && !drilling) void refresh(Date.now());
    wasDrilling.current = drilling;
  }, [drilling, refresh]);
  useEffect(() => {
    let timer: number | undefined;
    const follow = () => {
      window.clearInterval(timer);
      if (document.hidden) return;
      void refresh(Date.now());
      timer = window.setInterval(() => void refresh(Date.now()), REFRESH_MS);
    };
    document.addEventListener('visibilitychange', follow);
    timer = window.setInterval(() => void refresh(Date.now()), REFRESH_MS);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      window.clearInterval(timer);
    };
  }, [refresh]);
}
