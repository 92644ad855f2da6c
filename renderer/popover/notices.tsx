/** Words about what was done and troubles of the app itself, each with its way out. */
import { formatClock, formatDuration } from '../../shared/messages/format.ts';
import { inLanguage, problemText } from '../../shared/messages/messages.ts';
import { Icon } from '../common/shapes.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';

export function Notices() {
  const notice = useSnapshot((state) => state.notice);
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { dismissNotice, send, undo } = useSnapshot((state) => state);
  const switched =
    notice?.kind === 'undo' ? snapshot.profiles.find(({ profile }) => profile.id === notice.profileId) : undefined;
  const recovered = snapshot.endpoints.find(({ endpoint }) => endpoint.id === snapshot.recovery?.endpointId);
  const dismissAll = () => void send('notices.dismiss', null);
  return (
    <>
      {notice?.kind === 'problem' && (
        <Line tone="problem" words={problemText(t, notice.problem)} onClose={dismissNotice} />
      )}
      {notice?.kind === 'undone' && <Line words={t('popover.undone')} onClose={dismissNotice} />}
      {switched !== undefined && (
        <Line
          words={t('popover.undo-to', { profile: inLanguage(switched.profile.name, language) })}
          action={{ words: t('popover.undo'), act: () => void undo() }}
          onClose={dismissNotice}
        />
      )}
      {snapshot.recovery !== null && recovered !== undefined && (
        <Line
          words={t('popover.recovered', {
            name: recovered.endpoint.name,
            span: formatDuration(snapshot.recovery.outageMs, t),
          })}
          onClose={dismissAll}
        />
      )}
      {snapshot.drill !== null && (
        <Line
          words={t('popover.drill-runs')}
          action={{ words: t('dashboard.drill-cancel'), act: () => void send('drill.cancel', null) }}
        />
      )}
      {snapshot.mutedUntil !== null && (
        <Line
          words={t('popover.muted-until', { time: formatClock(snapshot.mutedUntil, snapshot.at, language) })}
          action={{ words: t('popover.unmute'), act: () => void send('alert.mute', { minutes: 0 }) }}
        />
      )}
      {snapshot.notices.map((problem) => (
        <Line key={problem.key} tone="problem" words={problemText(t, problem)} onClose={dismissAll} />
      ))}
    </>
  );
}

interface LineProps {
  readonly words: string;
  readonly tone?: 'problem';
  readonly action?: { readonly words: string; readonly act: () => void };
  /** Absent = it goes when what it says is over. */
  readonly onClose?: () => void;
}

function Line({ words, tone, action, onClose }: LineProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <div className={`notice ${tone ?? ''}`} role="status" data-testid="notice">
      <span>{words}</span>
      {action !== undefined && (
        <button type="button" className="button" onClick={action.act} data-testid="undo">
          {action.words}
        </button>
      )}
      {onClose !== undefined && (
        <button
          type="button"
          className="icon-button"
          aria-label={t('popover.dismiss')}
          title={t('popover.dismiss')}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
