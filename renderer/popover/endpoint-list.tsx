/** The endpoints: status, 24 hours, latency now, uptime. A row opens its details. */
import type { EndpointState } from '../../shared/domain/snapshot.ts';
import { formatLatency, formatPercent } from '../../shared/messages/format.ts';
import { causeShort } from '../../shared/messages/messages.ts';
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
        {endpoints.length === 0 && <p className="empty">{t('verdict.no-endpoints-detail')}</p>}
        {endpoints.map((state) => (
          <EndpointRow key={state.endpoint.id} state={state} />
        ))}
      </div>
    </section>
  );
}

function EndpointRow({ state }: { readonly state: EndpointState }) {
  const { endpoint, status, reason, lastSample, strip, uptime24h, confirming, cause } = state;
  const t = useSnapshot((one) => one.t);
  const show = usePopover((one) => one.show);
  const latency =
    lastSample === null || lastSample.outcome === 'failed' || status === 'down'
      ? '—'
      : formatLatency(lastSample.totalMs);
  const said =
    confirming > 0
      ? t('status.confirming')
      : status === 'down' && cause !== null
        ? causeShort(t, cause)
        : endpoint.kind === 'goproxy'
          ? null
          : t(`kind.${endpoint.kind}`);
  return (
    <button
      type="button"
      className="row endpoint"
      data-row=""
      data-testid={`endpoint-${endpoint.id}`}
      data-status={status}
      title={t('popover.row-hint', { name: endpoint.name })}
      onClick={() => show({ name: 'endpoint', endpointId: endpoint.id })}
    >
      <StatusShape shape={reason ?? status} />
      <span className="hidden-text">{t(`status.${reason ?? status}`)}</span>
      <span className="name clip">
        {endpoint.name}
        {said !== null && <small className={status === 'down' ? 'bad' : 'dim'}>{said}</small>}
      </span>
      <Strip cells={strip} summary={stripSummary(state, t)} />
      <span className="latency num" data-testid="latency">
        {latency}
      </span>
      <span className="uptime num" title={t('popover.uptime')}>
        {uptime24h === null ? '—' : formatPercent(uptime24h)}
      </span>
    </button>
  );
}
