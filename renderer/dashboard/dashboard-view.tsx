/** The dashboard's window: the past of endpoints, profiles, the settings in effect, and a project's preflight. */
import { useEffect, useRef } from 'react';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { ErrorBoundary } from '../common/error-boundary.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { useDocument, useTheme } from '../common/use-theme.ts';
import { DoctorView } from './doctor/doctor-view.tsx';
import { EffectiveView } from './effective/effective-view.tsx';
import { ChartPanel } from './history/chart-panel.tsx';
import { DrillPanel } from './history/drill-panel.tsx';
import { EndpointColumn } from './history/endpoint-column.tsx';
import { IncidentTable } from './history/incident-table.tsx';
import { LagMatrix } from './history/lag-matrix.tsx';
import { UptimeTable } from './history/uptime-table.tsx';
import { PolicyView } from './policy/policy-view.tsx';
import { ProfilesView } from './profiles/profiles-view.tsx';
import { ProjectView } from './project/project-view.tsx';
import { TrafficView } from './traffic/traffic-view.tsx';
import { useDashboard } from './use-dashboard.ts';

/** What is new reaches the page with the snapshot; the past is asked for this often, while it shows. */
const REFRESH_MS = 30_000;

export function DashboardView() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const page = useDashboard((state) => state.page);
  const goTo = useDashboard((state) => state.goTo);
  const theme = useTheme(useSnapshot((state) => state.snapshot.preferences.theme));
  useDocument(theme, language);
  return (
    <main className="dashboard" data-testid="dashboard">
      <nav className="tabs" aria-label={t('dashboard.pages')}>
        {DASHBOARD_PAGES.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={page === name ? 'page' : undefined}
            data-testid={`page-${name}`}
            onClick={() => goTo(name)}
          >
            {t(`dashboard.page-${name}`)}
          </button>
        ))}
      </nav>
      <ErrorBoundary page={page}>
        {page === 'history' && <HistoryPage theme={theme} />}
        {page === 'doctor' && <DoctorView />}
        {page === 'traffic' && <TrafficView />}
        {page === 'profiles' && <ProfilesView />}
        {page === 'effective' && <EffectiveView />}
        {page === 'project' && <ProjectView />}
        {page === 'policy' && <PolicyView />}
      </ErrorBoundary>
    </main>
  );
}

function HistoryPage({ theme }: { readonly theme: 'light' | 'dark' }) {
  const t = useSnapshot((state) => state.t);
  const empty = useSnapshot((state) => state.snapshot.endpoints.length === 0);
  const failed = useDashboard((state) => state.failed);
  useRefresh();
  if (empty) {
    return (
      <div className="pages wide empty">
        <h1>{t('verdict.no-endpoints')}</h1>
        <p className="dim">{t('verdict.no-endpoints-detail')}</p>
      </div>
    );
  }
  return (
    <>
      <EndpointColumn />
      <div className="pages">
        {failed && (
          <p className="notice problem" role="alert">
            {t('dashboard.unread')}
          </p>
        )}
        <ChartPanel theme={theme} />
        <UptimeTable />
        <div className="halves">
          <IncidentTable />
          <div>
            <LagMatrix />
            <DrillPanel />
          </div>
        </div>
      </div>
    </>
  );
}

/** Asks anew while the page shows, and when it is shown again. */
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
      clearInterval(timer);
      if (document.hidden) return;
      void refresh(Date.now());
      timer = window.setInterval(() => void refresh(Date.now()), REFRESH_MS);
    };
    document.addEventListener('visibilitychange', follow);
    timer = window.setInterval(() => void refresh(Date.now()), REFRESH_MS);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, [refresh]);
}
