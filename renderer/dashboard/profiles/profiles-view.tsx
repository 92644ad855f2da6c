/** The page of profiles: the list, one of them in depth, what it would do now, and what is wrong with what is set. */
import { useEffect } from 'react';
import { problemText } from '../../../shared/messages/messages.ts';
import { DriftCard } from '../../common/drift-card.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { FailoverPanel } from './failover-panel.tsx';
import { LintPanel } from './lint-panel.tsx';
import { ProfileColumn } from './profile-column.tsx';
import { ProfileDetail } from './profile-detail.tsx';
import { ProfileForm } from './profile-form.tsx';
import { RoutePanel } from './route-panel.tsx';
import { SwitchHistory } from './switch-history.tsx';
import { useProfiles } from './use-profiles.ts';

/** What entries are worth changes with every probe; while the page shows it is asked for this often. */
const REFRESH_MS = 5_000;

export function ProfilesView() {
  const draft = useProfiles((state) => state.draft);
  useRefresh();
  return (
    <div className="with-column">
      <ProfileColumn />
      <div className="pages" data-testid="profiles-page">
        <FeedbackLine />
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
    </div>
  );
}

/** Queries again after a switch or an edit, and periodically. */
function useRefresh(): void {
  const refresh = useProfiles((state) => state.refresh);
  const set = useSnapshot(({ snapshot }) =>
    JSON.stringify([snapshot.go, snapshot.switches.length, snapshot.profiles.map(({ profile }) => profile)]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is set decides, not what is read here
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => !document.hidden && void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh, set]);
}

function FeedbackLine() {
  const t = useSnapshot((state) => state.t);
  const feedback = useProfiles((state) => state.feedback);
  const { allow, restore, dismiss } = useProfiles((state) => state);
  if (feedback === null) return null;
  const words =
    feedback.kind === 'problem'
      ? feedback.problem.key === 'runs-program'
        ? t('popover.runs-program', { program: feedback.problem.params.program ?? '' })
        : problemText(t, feedback.problem)
      : feedback.kind === 'imported'
        ? t('profiles.imported', { count: feedback.count })
        : t(`profiles.${feedback.kind}`);
  return (
    <div className={`notice ${feedback.kind === 'problem' ? 'problem' : ''}`} role="status" data-testid="feedback">
      <span>{words}</span>
      {feedback.kind === 'problem' && feedback.problem.key === 'runs-program' && (
        <button
          type="button"
          className="button"
          data-testid="allow-program"
          onClick={() => void allow(feedback.problem)}
        >
          {t('popover.allow-program')}
        </button>
      )}
      {feedback.kind === 'deleted' && (
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
