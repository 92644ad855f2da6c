/** All endpoints with their standing now; choosing one shows its past. */
import { formatLatency } from '../../../shared/messages/format.ts';
import { verdictText } from '../../../shared/messages/verdict-text.ts';
import { StatusShape } from '../../common/shapes.tsx';
import { Strip, stripSummary } from '../../common/strip.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

export function EndpointColumn() {
  const snapshot = useSnapshot((state) => state.snapshot);
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { endpointId, choose } = useDashboard((state) => state);
  const { title, detail } = verdictText(snapshot, t, language, snapshot.at);
  return (
    <nav className="column" aria-label={t('popover.endpoints')}>
      <header>
        <h1>{title}</h1>
        <p className="dim num">{detail}</p>
      </header>
      <div className="choices">
        {snapshot.endpoints.map((state) => {
          const { endpoint, status, reason, lastSample, strip } = state;
          return (
            <button
              key={endpoint.id}
              type="button"
              aria-pressed={endpoint.id === endpointId}
              onClick={() => choose(endpoint.id)}
              title={endpoint.name}
            >
              <StatusShape shape={reason ?? status} />
              <span className="clip">{endpoint.name}</span>
              <span className="num dim">
                {lastSample === null || lastSample.outcome === 'failed' ? '—' : formatLatency(lastSample.totalMs)}
              </span>
              <Strip cells={strip} summary={stripSummary(state, t)} />
            </button>
          );
        })}
      </div>
    </nav>
  );
}
