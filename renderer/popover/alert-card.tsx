/** What broke, since when, what it means for the person's go, the proof, and one button. */
import { type Ref, useEffect, useRef } from 'react';
import type { Alert, EndpointState, Snapshot } from '../../shared/domain/snapshot.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import { causeMeaning, causeShort, inLanguage, type Translate } from '../../shared/messages/messages.ts';
import { blameText } from '../../shared/messages/verdict-text.ts';
import { IconButton } from '../common/icon-button.tsx';
import { StatusShape } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { usePopover } from './use-popover.ts';

const TITLES = {
  down: 'verdict.down',
  flapping: 'verdict.flapping',
  intermittent: 'verdict.intermittent',
  degraded: 'verdict.slow',
} as const;
const SHAPES = { down: 'down', flapping: 'flapping', intermittent: 'degraded', degraded: 'degraded' } as const;

export function AlertCard({ alert }: { readonly alert: Alert }) {
  const t = useSnapshot((state) => state.t);
  const endpoint = useSnapshot((state) => state.snapshot.endpoints.find((one) => one.endpoint.id === alert.endpointId));
  const cause = alert.cause === null ? t('verdict.no-cause') : causeShort(t, alert.cause);
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
          {t(TITLES[alert.severity], { name: endpoint?.endpoint.name ?? alert.endpointId, cause })}
        </span>
      </h1>
      <DismissButton />
      <AlertText alert={alert} />
      {endpoint !== undefined && <p className="evidence num clip">{evidence(endpoint, t)}</p>}
      <AlertActions alert={alert} />
    </section>
  );
}

function DismissButton() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  return (
    <IconButton
      icon="close"
      className="close"
      label={t('popover.dismiss')}
      onClick={() => void send('alert.dismiss', null)}
    />
  );
}

function AlertText({ alert }: { readonly alert: Alert }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const snapshot = useSnapshot((state) => state.snapshot);
  const span = formatDuration(useNow() - alert.startedAt, t);
  const blame = blameText(snapshot.verdict, t);
  const askDoctor = async () => {
    await send('doctor.start', { target: alert.endpointId, incidentId: alert.id });
    await send('dashboard.open', { endpointId: null, page: 'doctor' });
  };
  return (
    <>
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
    </>
  );
}

function AlertActions({ alert }: { readonly alert: Alert }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const unmuted = useSnapshot((state) => state.snapshot.mutedUntil === null);
  const show = usePopover((state) => state.show);
  const firstButton = useFocusWhenAsked();
  return (
    <div className="actions">
      {alert.remedyProfileId !== null && <RemedyButton profileId={alert.remedyProfileId} focusRef={firstButton} />}
      <button
        type="button"
        className="button"
        ref={alert.remedyProfileId === null ? firstButton : undefined}
        onClick={() => show({ name: 'endpoint', endpointId: alert.endpointId })}
      >
        {t('popover.details')}
      </button>
      {unmuted && (
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
  );
}

interface RemedyButtonProps {
  readonly profileId: string;
  readonly focusRef: Ref<HTMLButtonElement>;
}

function RemedyButton({ profileId, focusRef }: RemedyButtonProps) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const switchTo = useSnapshot((state) => state.switchTo);
  const profile = useSnapshot((state) => state.snapshot.profiles.find((one) => one.profile.id === profileId)?.profile);
  if (profile === undefined) return null;
  return (
    <button
      type="button"
      className="button primary"
      data-testid="remedy"
      ref={focusRef}
      disabled={switching}
      onClick={() => void switchTo(profile.id)}
    >
      {switching ? t('popover.switching') : t('popover.switch-to', { profile: inLanguage(profile.name, language) })}
    </button>
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
