/** The dashboard's window: sidebar, toolbar, what is wrong now, and the page. */
import { useLayoutEffect, useState } from 'react';
import type { DashboardPage } from '../../shared/domain/snapshot.ts';
import { ErrorBoundary } from '../common/error-boundary.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { useDocument, useTheme } from '../common/use-theme.ts';
import { Banner } from './banner.tsx';
import { CommandPalette } from './command-palette.tsx';
import { DoctorView } from './doctor/doctor-view.tsx';
import { EffectiveView } from './effective/effective-view.tsx';
import { GatewayView } from './gateway/gateway-view.tsx';
import { HistoryPage } from './history/history-page.tsx';
import { PAGES } from './pages.ts';
import { PolicyView } from './policy/policy-view.tsx';
import { ProblemLine } from './problem-line.tsx';
import { ProfilesView } from './profiles/profiles-view.tsx';
import { ProjectView } from './project/project-view.tsx';
import { SettingsPage } from './settings/settings-page.tsx';
import { Sidebar } from './sidebar.tsx';
import { TrafficView } from './traffic/traffic-view.tsx';
import { useDashboard } from './use-dashboard.ts';
import { Welcome } from './welcome.tsx';
import { windowKey } from './window-keys.ts';

export function DashboardView() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const page = useDashboard((state) => state.page);
  const theme = useTheme(useSnapshot((state) => state.snapshot.preferences.theme));
  const [palette, setPalette] = useState(false);
  useDocument(theme, language);
  useWindowKeys(() => setPalette(true));
  return (
    <div className="dashboard" data-testid="dashboard">
      <Sidebar />
      <div className="workspace">
        <header className="toolbar">
          <h1>{t(`dashboard.page-${page}`)}</h1>
          <button type="button" className="button" data-testid="open-palette" onClick={() => setPalette(true)}>
            {t('dashboard.palette')}{' '}
            <kbd>{document.documentElement.dataset.platform === 'darwin' ? '⌘K' : 'Ctrl K'}</kbd>
          </button>
        </header>
        <main className="content" key={page}>
          <Banner />
          <ProblemLine />
          <ErrorBoundary page={page}>
            <Page page={page} theme={theme} />
          </ErrorBoundary>
        </main>
      </div>
      <FirstWelcome />
      {palette && <CommandPalette onClose={() => setPalette(false)} />}
    </div>
  );
}

/** Until it is finished or skipped, and again when it is asked for. */
function FirstWelcome() {
  const welcomed = useSnapshot((state) => state.snapshot.preferences.welcomed);
  const asked = useDashboard((state) => state.welcome);
  const showWelcome = useDashboard((state) => state.showWelcome);
  const send = useSnapshot((state) => state.send);
  const [closed, setClosed] = useState(false);
  if (!asked && (welcomed || closed)) return null;
  const close = () => {
    setClosed(true);
    showWelcome(false);
    if (!welcomed) void send('preferences.set', { welcomed: true });
  };
  return <Welcome onClose={close} />;
}

function Page({ page, theme }: { readonly page: DashboardPage; readonly theme: 'light' | 'dark' }) {
  switch (page) {
    case 'history':
      return <HistoryPage theme={theme} />;
    case 'doctor':
      return <DoctorView />;
    case 'traffic':
      return <TrafficView />;
    case 'gateway':
      return <GatewayView />;
    case 'profiles':
      return <ProfilesView />;
    case 'effective':
      return <EffectiveView />;
    case 'project':
      return <ProjectView />;
    case 'settings':
      return <SettingsPage />;
    case 'policy':
      return <PolicyView />;
  }
}

function goToIndex(index: number, goTo: (page: DashboardPage) => void): void {
  const entry = PAGES[index];
  if (entry !== undefined) goTo(entry.page);
}

/** ⌘1 to ⌘9 go to pages, ⌘K opens the palette, ⌘F goes to the page's first field. */
function useWindowKeys(openPalette: () => void): void {
  const goTo = useDashboard((state) => state.goTo);
  // biome-ignore lint/correctness/useExhaustiveDependencies: openPalette only sets a state
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const command = windowKey(event);
      if (command === null) return;
      event.preventDefault();
      if (command.kind === 'page') goToIndex(command.index, goTo);
      else if (command.kind === 'settings') goTo('settings');
      else if (command.kind === 'palette') openPalette();
      else document.querySelector<HTMLElement>('main input[type="text"]')?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [goTo]);
}
