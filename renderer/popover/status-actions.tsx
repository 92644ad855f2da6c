/** What to do now: the remedy if there is one, the doctor, and the rest in a menu. The row is there in every state. */
import { type Ref, useEffect, useRef } from 'react';
import type { Alert } from '../../shared/domain/snapshot.ts';
import { inLanguage } from '../../shared/messages/messages.ts';
import { MenuButton, type MenuItem } from '../common/menu-button.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { usePopover } from './use-popover.ts';

export function StatusActions({ alert }: { readonly alert: Alert | null }) {
  const t = useSnapshot((state) => state.t);
  const paused = useSnapshot((state) => state.snapshot.schedule.paused !== null);
  const send = useSnapshot((state) => state.send);
  const firstButton = useFocusWhenAsked();
  const remedyId = alert?.remedyProfileId ?? null;
  return (
    <div className="status-actions">
      {remedyId !== null && <RemedyButton profileId={remedyId} focusRef={firstButton} />}
      {paused && (
        <button type="button" className="button primary" onClick={() => void send('monitor.resume', null)}>
          {t('popover.resume')}
        </button>
      )}
      <DiagnoseButton alert={alert} focusRef={remedyId === null ? firstButton : undefined} />
      <span className="grow" />
      <MoreMenu alert={alert} />
    </div>
  );
}

interface DiagnoseButtonProps {
  readonly alert: Alert | null;
  readonly focusRef: Ref<HTMLButtonElement> | undefined;
}

/** From an alert the doctor starts at once; otherwise its page opens. */
function DiagnoseButton({ alert, focusRef }: DiagnoseButtonProps) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const diagnose = async () => {
    if (alert !== null) await send('doctor.start', { target: alert.endpointId, incidentId: alert.id });
    await send('dashboard.open', { endpointId: null, page: 'doctor' });
  };
  return (
    <button type="button" className="button" data-testid="alert-why" ref={focusRef} onClick={() => void diagnose()}>
      {alert === null ? t('popover.diagnose') : t('doctor.why')}
    </button>
  );
}

function MoreMenu({ alert }: { readonly alert: Alert | null }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const undo = useSnapshot((state) => state.undo);
  const { mutedUntil, undo: undoable } = useSnapshot((state) => state.snapshot);
  const show = usePopover((state) => state.show);
  const items: MenuItem[] = [];
  if (alert !== null) {
    const { endpointId } = alert;
    items.push(
      { label: t('popover.details'), onSelect: () => show({ name: 'endpoint', endpointId }) },
      { label: t('popover.dismiss'), onSelect: () => void send('alert.dismiss', null) },
    );
  }
  items.push(
    mutedUntil === null
      ? { label: t('popover.mute'), testId: 'mute', onSelect: () => void send('alert.mute', { minutes: 60 }) }
      : { label: t('popover.unmute'), testId: 'unmute', onSelect: () => void send('alert.mute', { minutes: 0 }) },
  );
  if (undoable !== null) items.push({ label: t('popover.undo-last'), onSelect: () => void undo() });
  return <MenuButton icon="more" label={t('popover.more-actions')} items={items} />;
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
  const apply = async () => {
    await switchTo(profile.id);
    // The button goes with the alert; the focus moves to what it chose.
    document.querySelector<HTMLElement>(`[data-testid="profile-${CSS.escape(profile.id)}"]`)?.focus();
  };
  return (
    <button
      type="button"
      className="button primary clip"
      data-testid="remedy"
      ref={focusRef}
      aria-disabled={switching}
      onClick={() => !switching && void apply()}
    >
      {switching ? t('popover.switching') : t('popover.switch-to', { profile: inLanguage(profile.name, language) })}
    </button>
  );
}
