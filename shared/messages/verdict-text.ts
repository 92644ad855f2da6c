/**
 * The current state, in one sentence and one line of detail: for the popover's head, `status`, `watch` and tooltips.
 */
import type { EndpointState, GoState, Language, Snapshot } from '../domain/snapshot.ts';
import type { Verdict } from '../domain/verdict.ts';
import { formatAge, formatClock, formatDuration, formatLatency } from './format.ts';
import { causeShort, isMessageKey, type Translate } from './messages.ts';

export interface VerdictText {
  readonly title: string;
  readonly detail: string;
}

/** The part of a snapshot that the text is made of. */
export interface VerdictView extends Pick<Snapshot, 'verdict' | 'endpoints' | 'schedule'> {
  readonly go: Pick<GoState, 'state'>;
}

/** The verdict as text; `now` is used for ages. */
export function verdictText(snapshot: VerdictView, t: Translate, language: Language, now: number): VerdictText {
  const { verdict } = snapshot;
  const blamed = snapshot.endpoints.find(({ endpoint }) => endpoint.id === verdict.endpointId) ?? null;
  const name = blamed?.endpoint.name ?? '';
  const span = formatDuration(now - verdict.since, t);
  switch (verdict.severity) {
    case 'healthy':
      return { title: t('verdict.healthy'), detail: healthyDetail(blamed, t, now) };
    case 'degraded':
      return degradedText(snapshot, name, span, t);
    case 'down': {
      if (verdict.name === 'go-missing') {
        return { title: t('verdict.go-missing'), detail: t('verdict.go-missing-detail') };
      }
      if (verdict.name === 'misconfigured') {
        const why = verdict.cause === null ? '' : causeShort(t, verdict.cause);
        return { title: t('verdict.misconfigured'), detail: why };
      }
      const cause = verdict.cause === null ? t('verdict.no-cause') : causeShort(t, verdict.cause);
      const blame = blameText(snapshot.verdict, t);
      const lasting = t('verdict.lasting', { span });
      return { title: t('verdict.down', { name, cause }), detail: blame === null ? lasting : `${lasting} · ${blame}` };
    }
    case 'offline':
      return { title: t('verdict.offline'), detail: t('verdict.offline-detail') };
    case 'paused': {
      const until = snapshot.schedule.paused?.until ?? null;
      const detail =
        until === null
          ? t('verdict.paused-open')
          : t('verdict.paused-until', { time: formatClock(until, now, language) });
      return { title: t('verdict.paused'), detail };
    }
    case 'unknown':
      return unknownText(snapshot, t);
  }
}

/** The blamed host, as far as the results together show. */
export function blameText({ name, blame }: Verdict, t: Translate): string | null {
  const key = `blame.${name}`;
  if (blame === null || blame === undefined || !isMessageKey(key)) return null;
  return t(key, { detail: blame.detail ?? 'none' });
}

function healthyDetail(endpoint: EndpointState | null, t: Translate, now: number): string {
  const sample = endpoint?.lastSample ?? null;
  if (endpoint === null || sample === null) return t('verdict.healthy-detail-bare');
  return t('verdict.healthy-detail', {
    name: endpoint.endpoint.name,
    latency: formatLatency(sample.totalMs),
    age: formatAge(sample.at, now, t),
  });
}

function degradedText({ verdict }: VerdictView, name: string, span: string, t: Translate): VerdictText {
  const lasting = t('verdict.lasting', { span });
  const cause = verdict.cause === null ? t('verdict.no-cause') : causeShort(t, verdict.cause);
  if (verdict.name === 'sumdb-unreachable') {
    return { title: t('verdict.sumdb-unreachable'), detail: t('verdict.sumdb-unreachable-detail', { cause }) };
  }
  if (verdict.name === 'mirror-stale') {
    const module = verdict.blame?.detail ?? '';
    return { title: t('verdict.mirror-stale', { name }), detail: t('verdict.mirror-stale-detail', { module }) };
  }
  if (verdict.degradation === 'flapping') return { title: t('verdict.flapping', { name }), detail: lasting };
  if (verdict.degradation === 'intermittent')
    return { title: t('verdict.intermittent', { name, cause }), detail: lasting };
  if (verdict.degradation === 'above-baseline')
    return { title: t('verdict.above-baseline', { name }), detail: lasting };
  if (verdict.cause === null) return { title: t('verdict.slow', { name }), detail: lasting };
  return { title: t('verdict.fell-back', { name, cause }), detail: lasting };
}

function unknownText({ endpoints, verdict, go }: VerdictView, t: Translate): VerdictText {
  if (endpoints.length === 0) return { title: t('verdict.no-endpoints'), detail: t('verdict.no-endpoints-detail') };
  const measured = endpoints.some(({ status }) => status !== 'unknown');
  if (!measured || go.state === 'detecting')
    return { title: t('verdict.checking'), detail: t('verdict.checking-detail') };
  const confirming = endpoints.find(
    ({ endpoint, confirming: failures }) => endpoint.id === verdict.endpointId && failures > 0,
  );
  if (confirming !== undefined) {
    return { title: t('verdict.confirming', { name: confirming.endpoint.name }), detail: t('verdict.checking-detail') };
  }
  return { title: t('verdict.unproven'), detail: t('verdict.unproven-detail') };
}
