/** The endpoints: status, 24 hours, latency now. A row opens its details. */
import type { EndpointState } from '../../shared/domain/snapshot.ts';
import { formatLatency, formatPercent } from '../../shared/messages/format.ts';
import { causeShort, type Translate } from '../../shared/messages/messages.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { StatusShape } from '../common/shapes.tsx';
import { Strip, stripSummary } from '../common/strip.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { usePopover } from './use-popover.ts';

export function EndpointList() {
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const t = useSnapshot((state) => state.t);
  return (
    <section className="section">
      <h2>
        <span>{t('popover.endpoints')}</span>
        <span className="clip">{t('popover.last-day')}</span>
      </h2>
      <div className="list">
        {endpoints.length === 0 && <NoEndpoints />}
        {endpoints.map((state) => (
          <EndpointRow key={state.endpoint.id} state={state} />
        ))}
      </div>
    </section>
  );
}

function NoEndpoints() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  return (
    <EmptyState
      text={t('verdict.no-endpoints-detail')}
      action={t('settings.endpoint-add')}
      testId="add-first-endpoint"
      onAct={() => void send('dashboard.open', { endpointId: null, section: 'endpoints' })}
    />
  );
}

function EndpointRow({ state }: { readonly state: EndpointState }) {
  const { endpoint, status, reason, strip, uptime24h } = state;
  const t = useSnapshot((one) => one.t);
  const show = usePopover((one) => one.show);
  const note = noteOf(state, t);
  return (
    <button
      type="button"
      className={reason === null ? 'row endpoint' : 'row endpoint resting'}
      data-row=""
      data-testid={`endpoint-${endpoint.id}`}
      data-status={status}
      title={t('popover.row-hint', { name: endpoint.name })}
      onClick={() => show({ name: 'endpoint', endpointId: endpoint.id })}
    >
      <StatusShape shape={reason ?? status} />
      <span className="hidden-text">{t(`status.${reason ?? status}`)}</span>
      <span className="name">
        <MiddleEllipsis text={endpoint.name} />
        {note !== null && <small className={status === 'down' ? 'clip bad' : 'clip dim'}>{note}</small>}
      </span>
      <Strip cells={strip} summary={stripSummary(state, t)} />
      <span
        className="latency num"
        data-testid="latency"
        title={uptime24h === null ? undefined : `${t('popover.uptime')}: ${formatPercent(uptime24h)}`}
      >
        {latencyOf(state)}
      </span>
    </button>
  );
}

/** What a name ends with tells hosts apart as much as its start does. */
function MiddleEllipsis({ text }: { readonly text: string }) {
  const tail = Math.min(8, Math.floor(text.length / 2));
  return (
    <span className="middle-ellipsis">
      <span className="clip">{text.slice(0, -tail)}</span>
      <span>{text.slice(-tail)}</span>
    </span>
  );
}

function latencyOf({ lastSample, status }: EndpointState): string {
  if (lastSample === null || lastSample.outcome === 'failed' || status === 'down') return '—';
  return formatLatency(lastSample.totalMs);
}

/** A second line only where the shape alone does not say it. */
function noteOf({ endpoint, status, confirming, cause, degradation }: EndpointState, t: Translate): string | null {
  if (confirming > 0) return t('status.confirming');
  if (status === 'down' && cause !== null) return causeShort(t, cause);
  if (status === 'flapping') return t('status.flapping');
  if (degradation === 'intermittent') return t('status.intermittent');
  return endpoint.kind === 'goproxy' ? null : t(`kind.${endpoint.kind}`);
}
