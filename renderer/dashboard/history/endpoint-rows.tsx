/** All endpoints with their state and day; choosing one shows its past above. */
import type { EndpointState } from '../../../shared/domain/snapshot.ts';
import { formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { StatusShape } from '../../common/shapes.tsx';
import { Strip, stripSummary } from '../../common/strip.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

export function EndpointRows() {
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const t = useSnapshot((state) => state.t);
  return (
    <nav className="panel endpoint-rows" aria-label={t('popover.endpoints')}>
      {endpoints.map((state) => (
        <EndpointRow key={state.endpoint.id} state={state} />
      ))}
    </nav>
  );
}

function EndpointRow({ state }: { readonly state: EndpointState }) {
  const t = useSnapshot((one) => one.t);
  const { endpointId, choose } = useDashboard((one) => one);
  const { endpoint, status, reason, lastSample, strip, uptime24h } = state;
  return (
    <button
      type="button"
      aria-pressed={endpoint.id === endpointId}
      data-testid={`choose-endpoint-${endpoint.id}`}
      title={endpoint.name}
      onClick={() => choose(endpoint.id)}
    >
      <StatusShape shape={reason ?? status} />
      <span className="hidden-text">{t(`status.${reason ?? status}`)}</span>
      <span className="clip">{endpoint.name}</span>
      <Strip cells={strip} summary={stripSummary(state, t)} />
      <span className="num dim">{uptime24h === null ? '—' : formatPercent(uptime24h)}</span>
      <span className="num">
        {lastSample === null || lastSample.outcome === 'failed' ? '—' : formatLatency(lastSample.totalMs)}
      </span>
    </button>
  );
}
