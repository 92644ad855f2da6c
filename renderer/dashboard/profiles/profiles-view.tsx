/** The page of profiles: the list, one of them in depth, what it would do now, and what is wrong with what is set. */
import { useEffect } from 'react';
import { problemText } from '../../../shared/messages/messages.ts';
import { DriftCard } from '../../common/drift-card.tsx';
import { usePopover } from '../../popover/use-popover.ts';
import { FailoverPanel } from './failover-panel.tsx';
import { LintPanel } from './lint-panel.tsx';
import { ProfileColumn } from './profile-column.tsx';
import { ProfileDetail } from './profile-detail.tsx';
import { ProfileForm } from './profile-form.tsx';
import { useProfiles } from './profiles-store.ts';
import { RoutePanel } from './route-panel.tsx';
import { SwitchHistory } from './switch-history.tsx';

/** What entries are worth changes with every probe; while the page shows it is asked for this often. */
const REFRESH_MS = 5_000;

export function ProfilesView() {
  const draft = useProfiles((state) => state.draft);
  useRefresh();
  return (
    <>
      <ProfileColumn />
      <div className="pages" data-testid="profiles-page">
        <SaidLine />
        <DriftCard />
        {draft === null ? <ProfileDetail /> : <ProfileForm key={draft.id} />}
        <RoutePanel />
        <div className="halves">
          <LintPanel />
          <div>
            <FailoverPanel />
            <SwitchHistory />
          </div>
        </div>
      </div>
    </>
  );
}

/** Asks anew when something was switched or edited, and now and then. */
function useRefresh(): void {
  const refresh = useProfiles((state) => state.refresh);
  const set = usePopover(({ snapshot }) =>
    JSON.stringify([snapshot.go, snapshot.switches.length, snapshot.profiles.map(({ profile }) => profile)]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is set decides, not what is read here
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => !document.hidden && void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh, set]);
}

function SaidLine() {
  const t = usePopover((state) => state.t);
  const said = useProfiles((state) => state.said);
  const { restore, dismiss } = useProfiles((state) => state);
  if (said === null) return null;
  const words =
    said.kind === 'problem'
      ? problemText(t, said.problem)
      : said.kind === 'imported'
        ? t('profiles.imported', { count: said.count })
        : t(`profiles.${said.kind}`);
  return (
    <div className={`notice ${said.kind === 'problem' ? 'problem' : ''}`} role="status" data-testid="said">
      <span>{words}</span>
      {said.kind === 'deleted' && (
        <button type="button" className="button" data-testid="restore" onClick={() => void restore()}>
          {t('popover.undo')}
        </button>
      )}
      <button type="button" className="button" onClick={dismiss}>
        {t('popover.dismiss')}
      </button>
    </div>
  );
}
