/** The last switches, each a point to go back to. */
import { formatClock } from '../../../shared/messages/format.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';
import { useSwitchName } from './use-switch-name.ts';

export function SwitchHistory() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { switches, switching } = useSnapshot((state) => state.snapshot);
  const choose = useProfiles((state) => state.choose);
  /** The first that a switch would change something for. */
  const next = useSnapshot((state) => state.snapshot.profiles.find(({ active }) => !active));
  /** Shows what a switch would change; the focus moves to the profile, beside its button. */
  const look = (profileId: string) => {
    choose(profileId);
    document.querySelector<HTMLElement>(`[data-testid="choose-${CSS.escape(profileId)}"]`)?.focus();
  };
  const undo = useProfiles((state) => state.undo);
  const nameOf = useSwitchName();
  const now = useNow();
  return (
    <section className="panel" aria-labelledby="switches-title" data-testid="switches">
      <div className="panel-head">
        <h2 id="switches-title">{t('profiles.switches')}</h2>
      </div>
      {switches.length === 0 && (
        <EmptyState
          text={t('profiles.no-switches')}
          action={t('profiles.choose-one')}
          onAct={() => next !== undefined && look(next.profile.id)}
        />
      )}
      <ul className="findings">
        {switches.map(({ switchId, to, at }, i) => (
          <li key={switchId} className="switch-row">
            <span className="clip">{nameOf(to)}</span>
            <small className="dim num">{formatClock(at, now, language)}</small>
            <button
              type="button"
              className="button"
              disabled={switching}
              data-testid={`undo-${i}`}
              onClick={() => void undo(switchId)}
            >
              {i === 0 ? t('popover.undo') : t('profiles.undo-to', { count: i + 1 })}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
