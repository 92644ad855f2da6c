/** One endpoint in depth: its last probe phase by phase, who was on the other side, and its incidents. */
import { useEffect, useState } from 'react';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { EndpointDetail, EndpointState } from '../../shared/domain/snapshot.ts';
import { formatAge, formatDuration, formatLatency } from '../../shared/messages/format.ts';
import { problemText, type Translate } from '../../shared/messages/messages.ts';
import { IconButton } from '../common/icon-button.tsx';
import { StatusShape } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';
import { FactsCard, FailureCard } from './endpoint-facts.tsx';
import { IncidentList } from './incident-list.tsx';
import { PhaseBar } from './phase-bar.tsx';
import { endpointReport } from './report.ts';
import { usePopover } from './use-popover.ts';

export function EndpointView({ endpointId }: { readonly endpointId: string }) {
  const state = useSnapshot((one) => one.snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId));
  const t = useSnapshot((one) => one.t);
  const detail = useDetail(endpointId);
  if (state === undefined)
    return <p className="empty">{problemText(t, { key: 'no-such-endpoint', params: { endpoint: endpointId } })}</p>;
  const { last } = state;
  return (
    <>
      <EndpointBar state={state} detail={detail} />
      <Summary state={state} />
      <section className="section">
        <h2>
          <span>{t('popover.phases')}</span>
        </h2>
        <div className="card">
          {last === null ? <span className="dim">{t('popover.phases-none')}</span> : <PhaseBar result={last} />}
        </div>
      </section>
      {last?.outcome === 'failed' && <FailureCard result={last} />}
      {last !== null && <FactsCard result={last} />}
      <IncidentList endpointId={endpointId} incidents={detail?.incidents ?? null} />
    </>
  );
}

interface EndpointBarProps {
  readonly state: EndpointState;
  readonly detail: EndpointDetail | null;
}

function EndpointBar({ state, detail }: EndpointBarProps) {
  const t = useSnapshot((one) => one.t);
  const send = useSnapshot((one) => one.send);
  const show = usePopover((one) => one.show);
  const [copied, setCopied] = useState(false);
  const { endpoint } = state;
  const copy = async () => {
    const text = endpointReport(state, detail?.incidents ?? [], t, Date.now());
    setCopied((await send('clipboard.write', { text })).ok);
  };
  return (
    <div className="bar">
      <IconButton icon="back" label={t('popover.back')} onClick={() => show({ name: 'overview' })} />
      <h1 className="clip">{endpoint.name}</h1>
      <IconButton
        icon="probe"
        label={t('popover.probe-now')}
        turning={state.probing}
        onClick={() => void send('probe.now', { endpointId: endpoint.id })}
      />
      <IconButton
        icon="copy"
        label={copied ? t('popover.copied') : t('popover.copy-report')}
        onClick={() => void copy()}
      />
    </div>
  );
}

function Summary({ state }: { readonly state: EndpointState }) {
  const t = useSnapshot((one) => one.t);
  const now = useNow();
  const { endpoint, status, reason, since, last, forwardProxyOfGo, degradation, breaker } = state;
  return (
    <section className="card summary" data-testid="summary">
      <StatusShape shape={reason ?? status} />
      <span className="num">
        {t('popover.status-since', {
          status: t(`status.${reason ?? status}`),
          span: formatDuration(now - since, t),
        })}
        {last !== null && ` · ${formatAge(last.startedAt, now, t)}`}
      </span>
      <span className="url">{redactUrl(endpoint.url)}</span>
      {forwardProxyOfGo !== null && (
        <span className="url">{t('popover.go-goes-through', { proxy: forwardProxyOfGo })}</span>
      )}
      {degradation !== null && <span className="url">{t(`degradation.${degradation}`)}</span>}
      <span className="url num">{baselineText(state, t)}</span>
      {breaker === 'open' && <span className="url">{t('popover.breaker-open')}</span>}
    </section>
  );
}

/** Asks again when a new result of this endpoint came in. */
function useDetail(endpointId: string): EndpointDetail | null {
  const query = useSnapshot((state) => state.query);
  const newest = useSnapshot((state) =>
    stamp(state.snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId)),
  );
  const [detail, setDetail] = useState<EndpointDetail | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new result is the reason to ask again
  useEffect(() => {
    let current = true;
    void query('endpoint.detail', { endpointId }).then((answer) => current && setDetail(answer));
    return () => {
      current = false;
    };
  }, [query, endpointId, newest]);
  return detail;
}

function stamp(state: EndpointState | undefined): string {
  return `${state?.last?.startedAt ?? 0} ${state?.status ?? ''}`;
}

/** What is usual at this hour, or how far the learning is. */
function baselineText({ baseline, learning }: EndpointState, t: Translate): string {
  const { daysKnown: known, daysNeeded: needed } = learning;
  if (baseline === null) return t('popover.learning', { known: Math.min(known, needed), needed });
  const [median, limit] = [formatLatency(baseline.medianMs), formatLatency(baseline.limitMs)];
  return `${t('popover.baseline')} ${t('popover.baseline-of', { median, limit })}`;
}
