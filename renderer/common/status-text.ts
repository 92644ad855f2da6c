/** What a window says first: the alert's sentence while there is one, else the verdict's. Pure. */
import type { Alert, EndpointState, Language, Snapshot } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { formatDuration } from '../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../shared/messages/messages.ts';
import { blameText, verdictText } from '../../shared/messages/verdict-text.ts';

export interface StatusText {
  readonly severity: Verdict['severity'];
  readonly title: string;
  /** One or two short lines. */
  readonly lines: readonly string[];
}

const TITLES = {
  down: 'verdict.down',
  flapping: 'verdict.flapping',
  intermittent: 'verdict.intermittent',
  degraded: 'verdict.slow',
} as const;

/** The header's text, as of an instant (epoch ms). */
export function statusText(snapshot: Snapshot, t: Translate, language: Language, now: number): StatusText {
  const { alert, verdict } = snapshot;
  if (alert === null) {
    const { title, detail } = verdictText(snapshot, t, language, now);
    return { severity: verdict.severity, title, lines: detail === '' ? [] : [detail] };
  }
  const name = endpointOf(snapshot, alert.endpointId)?.endpoint.name ?? alert.endpointId;
  const cause = alert.cause === null ? t('verdict.no-cause') : causeShort(t, alert.cause);
  const since = t('popover.since', { span: formatDuration(now - alert.startedAt, t) });
  const blame = blameText(verdict, t);
  return {
    severity: alert.severity === 'down' ? 'down' : 'degraded',
    title: t(TITLES[alert.severity], { name, cause }),
    lines: [blame === null ? since : `${since} · ${blame}`, consequence(snapshot, alert, t)],
  };
}

/** The endpoint that the header is about; null when there is none. */
export function statusEndpoint(snapshot: Snapshot): EndpointState | null {
  const id = snapshot.alert?.endpointId ?? snapshot.verdict.endpointId;
  return (id === null ? undefined : endpointOf(snapshot, id)) ?? snapshot.endpoints[0] ?? null;
}

function endpointOf({ endpoints }: Snapshot, id: string): EndpointState | undefined {
  return endpoints.find(({ endpoint }) => endpoint.id === id);
}

/** What the separator behind the failing entry means for `go`. */
function consequence({ verdict }: Snapshot, { severity }: Alert, t: Translate): string {
  if (severity !== 'down') return t('popover.sometimes');
  const end = verdict.walk?.endsAt ?? null;
  const step = end === null ? undefined : verdict.walk?.steps[end];
  if (step?.action !== 'stops') return t('popover.other');
  return step.separator === ',' ? t('popover.stop-comma') : t('popover.stop-last');
}
