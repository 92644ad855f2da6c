/** One message at a time in the footer: what was just done, or a problem, each with its way out. */
import { formatClock, formatDuration } from '../../shared/messages/format.ts';
import { inLanguage, problemText } from '../../shared/messages/messages.ts';
import { IconButton } from '../common/icon-button.tsx';
import type { SnapshotState } from '../common/snapshot-store.ts';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

/** A switch is offered for undo in the footer this long; later it stands in the menu. */
const UNDO_SHOWN_MS = 10 * 60_000;

interface ToastContent {
  readonly text: string;
  readonly tone: 'info' | 'problem';
  readonly action?: { readonly label: string; readonly testId: string; readonly run: () => void };
  /** It wraps instead of being cut. */
  readonly isWhole?: boolean;
  /** Absent = it goes by itself when what it speaks of is over. */
  readonly dismiss?: () => void;
}

/** What to show in the footer now; null = nothing. The most urgent first. */
export function toastOf(state: SnapshotState, now: number): ToastContent | null {
  return problemToast(state) ?? drillToast(state) ?? undoToast(state, now) ?? newsToast(state, now);
}

function problemToast({ snapshot, notice, t, send, dismissNotice, allowProgram }: SnapshotState): ToastContent | null {
  if (notice?.kind === 'problem') {
    const { problem } = notice;
    if (problem.key !== 'runs-program') {
      return { text: problemText(t, problem), tone: 'problem', dismiss: dismissNotice };
    }
    const text = t('popover.runs-program', { program: problem.params.program ?? '' });
    const run = () => void allowProgram(problem);
    const action = { label: t('popover.allow-program'), testId: 'allow-program', run };
    // A cut line would hide what is to be allowed.
    return { text, tone: 'problem', dismiss: dismissNotice, action, isWhole: true };
  }
  const [problem] = snapshot.notices;
  if (problem === undefined) return null;
  const isAboutSettings = problem.key.startsWith('settings-');
  return {
    text: problemText(t, problem),
    tone: 'problem',
    dismiss: () => void send('notices.dismiss', null),
    ...(isAboutSettings
      ? {
          action: {
            label: t('popover.open-file'),
            testId: 'open-file',
            run: () => void send('settings.open', null),
          },
        }
      : {}),
  };
}

function drillToast({ snapshot, t, send }: SnapshotState): ToastContent | null {
  if (snapshot.drill === null) return null;
  return {
    text: t('popover.drill-runs'),
    tone: 'info',
    action: { label: t('dashboard.drill-cancel'), testId: 'drill-end', run: () => void send('drill.cancel', null) },
  };
}

/** Only while the profile that was switched to is still the active one. */
function undoToast({ snapshot, t, language, undo }: SnapshotState, now: number): ToastContent | null {
  const { undo: undoable, profiles, switching } = snapshot;
  if (undoable === null || switching || now - undoable.at > UNDO_SHOWN_MS) return null;
  const to = profiles.find(({ profile }) => profile.id === undoable.to);
  if (to !== undefined && !to.active) return null;
  const text =
    to === undefined
      ? t('popover.changed')
      : t('popover.switched-to', { profile: inLanguage(to.profile.name, language) });
  return {
    text,
    tone: 'info',
    action: { label: t('popover.undo'), testId: 'undo-last', run: () => void undo() },
  };
}

function newsToast({ snapshot, notice, t, language, send, dismissNotice }: SnapshotState, now: number) {
  if (notice?.kind === 'undone') return { text: t('popover.undone'), tone: 'info' as const, dismiss: dismissNotice };
  const { recovery, endpoints, mutedUntil } = snapshot;
  const recovered = endpoints.find(({ endpoint }) => endpoint.id === recovery?.endpointId);
  if (recovery !== null && recovered !== undefined) {
    const span = formatDuration(recovery.outageMs, t);
    return {
      text: t('popover.recovered', { name: recovered.endpoint.name, span }),
      tone: 'info' as const,
      dismiss: () => void send('notices.dismiss', null),
    };
  }
  if (mutedUntil === null || mutedUntil < now) return null;
  return {
    text: t('popover.muted-until', { time: formatClock(mutedUntil, now, language) }),
    tone: 'info' as const,
    action: { label: t('popover.unmute'), testId: 'unmute', run: () => void send('alert.mute', { minutes: 0 }) },
  };
}

/** The toast, or what stands there when there is none. */
export function Toast({ otherwise }: { readonly otherwise: string }) {
  const t = useSnapshot((state) => state.t);
  const now = useNow();
  const toast = toastOf(
    useSnapshot((state) => state),
    now,
  );
  if (toast === null) return <span className="num clip grow">{otherwise}</span>;
  const { text, tone, action, dismiss, isWhole = false } = toast;
  return (
    <div className={`toast grow ${tone} ${isWhole ? 'whole' : ''}`} role="status" data-testid="notice">
      <span className="toast-text" title={text}>
        {text}
      </span>
      {action !== undefined && (
        <button type="button" className="link" data-testid={action.testId} onClick={action.run}>
          {action.label}
        </button>
      )}
      {dismiss !== undefined && (
        <IconButton icon="close" className="small" label={t('popover.dismiss')} onClick={dismiss} />
      )}
    </div>
  );
}
