/** The texts of notifications. Pure. */
import type { Alert, Language, Problem, Recovery, Snapshot } from '../../shared/domain/snapshot.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/domain/units.ts';
import { causeMeaning, inLanguage, problemText, type Translate } from '../../shared/messages/messages.ts';
import { causeRemedy } from '../../shared/messages/remedies.ts';

export interface NotificationText {
  readonly title: string;
  readonly body: string;
  /** Label of the button that applies the remedy; null when there is none. */
  readonly action: string | null;
}

/** A confirmed problem, or one that continues: what failed, what it means, what to do. */
export function outageText(
  alert: Alert,
  snapshot: Snapshot,
  language: Language,
  t: Translate,
  isReminder = false,
): NotificationText {
  const remedy = snapshot.profiles.find((one) => one.profile.id === alert.remedyProfileId);
  const profile = remedy === undefined ? null : inLanguage(remedy.profile.name, language);
  const endpoint = endpointName(snapshot, alert.endpointId);
  const title = marked(t(isReminder ? 'notification.reminder-title' : TITLES[alert.severity], { endpoint }), alert, t);
  const advice = profile === null ? null : t('notification.remedy', { profile });
  const body =
    alert.cause === null
      ? (advice ?? t('notification.outage-body-unknown'))
      : t('notification.outage-body', {
          meaning: causeMeaning(t, alert.cause),
          remedy: advice ?? causeRemedy(t, alert.cause),
        });
  return { title, body, action: profile === null ? null : t('notification.remedy-action', { profile }) };
}

const TITLES = {
  down: 'notification.outage-title',
  flapping: 'notification.flapping-title',
  intermittent: 'notification.intermittent-title',
  degraded: 'notification.intermittent-title',
} as const;

/** A drill must not be mistaken for an outage. */
function marked(title: string, { drill }: { readonly drill: boolean }, t: Translate): string {
  return drill ? t('notification.drill-title', { title }) : title;
}

/** The end of an outage, with its duration. */
export function recoveryText(recovery: Recovery, snapshot: Snapshot, t: Translate): NotificationText {
  return {
    title: marked(
      t('notification.recovery-title', { endpoint: endpointName(snapshot, recovery.endpointId) }),
      recovery,
      t,
    ),
    body: t('notification.recovery-body', { duration: durationText(recovery.outageMs, t) }),
    action: null,
  };
}

/** An automatic switch to another profile. */
export function movedText(
  { to, why }: { readonly to: string; readonly why: 'outage' | 'slow' | 'recovered' | 'network' },
  snapshot: Snapshot,
  language: Language,
  t: Translate,
): NotificationText {
  const found = snapshot.profiles.find((one) => one.profile.id === to);
  const profile = found === undefined ? to : inLanguage(found.profile.name, language);
  return {
    title: t('notification.moved-title', { profile }),
    body: t(`notification.moved-${why}`),
    action: t('notification.moved-action'),
  };
}

/** A failed command of the tray menu: there is no window to show it in. */
export function problemNotification(problem: Problem, t: Translate): NotificationText {
  return { title: t('notification.trouble-title'), body: problemText(t, problem), action: null };
}

/** A duration as text: seconds below a minute, whole minutes below an hour, then hours and minutes. */
export function durationText(durationMs: number, t: Translate): string {
  if (durationMs < MINUTE_MS)
    return t('notification.seconds', { count: Math.max(1, Math.round(durationMs / SECOND_MS)) });
  if (durationMs < HOUR_MS) return t('notification.minutes', { count: Math.floor(durationMs / MINUTE_MS) });
  const hours = Math.floor(durationMs / HOUR_MS);
  const minutes = Math.floor((durationMs - hours * HOUR_MS) / MINUTE_MS);
  return t('notification.hours', { hours, minutes }).trim();
}

function endpointName(snapshot: Snapshot, endpointId: string): string {
  return snapshot.endpoints.find((one) => one.endpoint.id === endpointId)?.endpoint.name ?? endpointId;
}
