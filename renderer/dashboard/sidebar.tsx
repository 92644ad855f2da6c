/** The sidebar: pages in three groups, and at the end what `go` uses and when the next check is. */
import type { DashboardPage } from '../../shared/domain/snapshot.ts';
import { inLanguage } from '../../shared/messages/messages.ts';
import { nextCheckText } from '../common/next-check-text.ts';
import { Icon } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { PAGE_GROUPS, PAGES } from './pages.ts';
import { useDashboard } from './use-dashboard.ts';

export function Sidebar() {
  const t = useSnapshot((state) => state.t);
  return (
    <aside className="sidebar" aria-label={t('dashboard.sidebar')}>
      <nav aria-label={t('dashboard.pages')}>
        {PAGE_GROUPS.map(({ group, entries }) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h2 id={`group-${group}`}>{t(`dashboard.group-${group}`)}</h2>
            {entries.map(({ page, icon }) => (
              <PageLink key={page} page={page} icon={icon} />
            ))}
          </section>
        ))}
      </nav>
      <SidebarFooter />
    </aside>
  );
}

function PageLink({ page, icon }: (typeof PAGES)[number]) {
  const t = useSnapshot((state) => state.t);
  const isCurrent = useDashboard((state) => state.page === page);
  const goTo = useDashboard((state) => state.goTo);
  const label = t(`dashboard.page-${page}`);
  return (
    <button
      type="button"
      aria-current={isCurrent ? 'page' : undefined}
      title={`${label} (${commandKey()}${placeOf(page)})`}
      data-testid={`page-${page}`}
      onClick={() => goTo(page)}
    >
      <Icon name={icon} />
      <span className="label clip">{label}</span>
      {page === 'doctor' && <OutageBadge />}
    </button>
  );
}

function commandKey(): string {
  return document.documentElement.dataset.platform === 'darwin' ? '⌘' : 'Ctrl+';
}

function placeOf(page: DashboardPage): number {
  return PAGES.findIndex((one) => one.page === page) + 1;
}

/** How many endpoints are down now. */
function OutageBadge() {
  const count = useSnapshot(
    ({ snapshot }) => snapshot.endpoints.filter(({ status, reason }) => status === 'down' && reason === null).length,
  );
  const t = useSnapshot((state) => state.t);
  if (count === 0) return null;
  return (
    <span className="badge num">
      <span aria-hidden="true">{count}</span>
      <span className="hidden-text">{t('dashboard.outages-now', { count })}</span>
    </span>
  );
}

function SidebarFooter() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const active = useSnapshot((state) => state.snapshot.profiles.find((one) => one.active)?.profile);
  const nextAt = useSnapshot((state) => state.snapshot.schedule.nextAt);
  const now = useNow();
  return (
    <p className="sidebar-footer num">
      <span className="clip">{active === undefined ? t('popover.by-hand') : inLanguage(active.name, language)}</span>
      <span className="clip">{nextCheckText(nextAt, now, t)}</span>
    </p>
  );
}
