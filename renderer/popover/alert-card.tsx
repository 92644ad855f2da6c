/** What broke, since when, what it means for the person's go, the proof, and one button. */
import { useEffect, useRef } from 'react';
import type { Alert, EndpointState, Snapshot } from '../../shared/domain/snapshot.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import { causeMeaning, causeShort, inLanguage, type Translate } from '../../shared/messages/messages.ts';
import { blameText } from '../../shared/messages/verdict-text.ts';
import { Icon, StatusShape } from '../common/shapes.tsx';
import { useNow, usePopover } from './use-popover.ts';

const TITLES = {
  down: 'verdict.down',
  flapping: 'verdict.flapping',
  intermittent: 'verdict.intermittent',
  degraded: 'verdict.slow',
} as const;
const SHAPES = { down: 'down', flapping: 'flapping', intermittent: 'degraded', degraded: 'degraded' } as const;

export function AlertCard({ alert }: { readonly alert: Alert }) {
  const snapshot = usePopover((state) => state.snapshot);
  const language = usePopover((state) => state.language);
  const t = usePopover((state) => state.t);
  const { show, send, switchTo } = usePopover((state) => state);
  const remedyButton = useFocusWhenAsked();
  const endpoint = snapshot.endpoints.find((one) => one.endpoint.id === alert.endpointId);
  const remedy = snapshot.profiles.find(({ profile }) => profile.id === alert.remedyProfileId)?.profile ?? null;
  const name = endpoint?.endpoint.name ?? alert.endpointId;
  const short = alert.cause === null ? t('verdict.no-cause') : causeShort(t, alert.cause);
  const span = formatDuration(useNow() - alert.startedAt, language);
  const blame = blameText(snapshot.verdict, t);
  const askDoctor = async () => {
    await send('doctor.start', { target: alert.endpointId, incidentId: alert.id });
    await send('dashboard.open', { endpointId: null, page: 'doctor' });
  };
  return (
    <section
      className={alert.severity === 'down' ? 'alert' : 'alert mild'}
      data-testid="alert"
      aria-labelledby="alert-title"
    >
      <h1 id="alert-title" role="alert">
        <StatusShape shape={SHAPES[alert.severity]} size={16} />
        <span>
          {alert.drill && <b className="drill">{t('popover.drill')}</b>}
          {t(TITLES[alert.severity], { name, cause: short })}
        </span>
      </h1>
      <button
        type="button"
        className="icon-button close"
        aria-label={t('popover.dismiss')}
        title={t('popover.dismiss')}
        onClick={() => void send('alert.dismiss', null)}
      >
        <Icon name="close" />
      </button>
      <p>
        <b className="num">{t('popover.since', { span })}</b> · {consequence(snapshot, alert, t)}
      </p>
      <p>
        {alert.cause !== null && `${causeMeaning(t, alert.cause)} `}
        <button type="button" className="link" data-testid="alert-why" onClick={() => void askDoctor()}>
          {t('doctor.why')}
        </button>
      </p>
      {blame !== null && <p data-testid="blame">{blame}</p>}
      {endpoint !== undefined && <p className="evidence num clip">{evidence(endpoint, t)}</p>}
      <div className="actions">
        {remedy !== null && (
          <button
            type="button"
            className="button primary"
            data-testid="remedy"
            ref={remedyButton}
            disabled={snapshot.switching}
            onClick={() => void switchTo(remedy.id)}
          >
            {snapshot.switching
              ? t('popover.switching')
              : t('popover.switch-to', { profile: inLanguage(remedy.name, language) })}
          </button>
        )}
        <button
          type="button"
          className="button"
          ref={remedy === null ? remedyButton : undefined}
          onClick={() => show({ name: 'endpoint', endpointId: alert.endpointId })}
        >
          {t('popover.details')}
        </button>
        {snapshot.mutedUntil === null && (
          <button
            type="button"
            className="button"
            data-testid="mute"
            onClick={() => void send('alert.mute', { minutes: 60 })}
          >
            {t('popover.mute')}
          </button>
        )}
      </div>
    </section>
  );
}

/** Takes the focus each time a notification was clicked. */
function useFocusWhenAsked() {
  const button = useRef<HTMLButtonElement>(null);
  const asked = usePopover((state) => state.alertFocus);
  useEffect(() => {
    if (asked > 0) button.current?.focus();
  }, [asked]);
  return button;
}

/** What the separator behind the failing entry means for go. */
function consequence({ verdict }: Snapshot, { severity }: Alert, t: Translate): string {
  if (severity !== 'down') return t('popover.sometimes');
  const end = verdict.walk?.endsAt ?? null;
  const step = end === null ? undefined : verdict.walk?.steps[end];
  if (step?.action !== 'stops') return t('popover.other');
  return step.separator === ',' ? t('popover.stop-comma') : t('popover.stop-last');
}

function evidence({ last, cause }: EndpointState, t: Translate): string {
  const failure = last?.outcome === 'failed' ? last.failure : null;
  const phase = failure === null ? null : t(`phase.${failure.phase}`);
  return [cause, phase, failure?.code, last?.remote?.address]
    .filter((one) => one !== null && one !== undefined)
    .join(' · ');
}
