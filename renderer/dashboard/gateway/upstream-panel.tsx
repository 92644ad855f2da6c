/** Who is asked, in which order, and how they did of late. */
import type { GatewayUpstream } from '../../../shared/domain/gateway.ts';
import { formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { StatusShape } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

interface UpstreamPanelProps {
  readonly upstreams: readonly GatewayUpstream[];
  readonly isRunning: boolean;
}

export function UpstreamPanel({ upstreams, isRunning }: UpstreamPanelProps) {
  const t = useSnapshot((state) => state.t);
  const showSettings = useDashboard((state) => state.showSettings);
  if (!isRunning) return null;
  return (
    <section className="panel" aria-labelledby="gateway-upstreams" data-testid="gateway-upstreams">
      <h2 id="gateway-upstreams">{t('gateway.upstreams')}</h2>
      {upstreams.length === 0 ? (
        <p className="empty">
          {t('gateway.upstreams-none')}{' '}
          <button type="button" className="button" onClick={() => showSettings('gateway')}>
            {t('gateway.settings')}
          </button>
        </p>
      ) : (
        <>
          <p className="note">{t('gateway.upstreams-hint')}</p>
          <table className="num">
            <thead>
              <tr>
                <th scope="col">{t('gateway.upstream')}</th>
                <th scope="col">{t('gateway.first-byte')}</th>
                <th scope="col">{t('gateway.failures')}</th>
                <th scope="col">{t('gateway.state')}</th>
              </tr>
            </thead>
            <tbody>
              {upstreams.map((one) => (
                <Row key={one.url} upstream={one} />
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

function Row({ upstream: { url, medianMs, failureRate, isOpen } }: { readonly upstream: GatewayUpstream }) {
  const t = useSnapshot((state) => state.t);
  return (
    <tr>
      <th scope="row" className="mono wrap">
        {url}
      </th>
      <td>{medianMs === null ? t('gateway.unmeasured') : formatLatency(medianMs)}</td>
      <td className={failureRate >= 0.1 ? 'warn' : undefined}>{formatPercent(failureRate)}</td>
      <td>
        <span className="state">
          <StatusShape shape={isOpen ? 'down' : 'up'} />
          {isOpen ? t('gateway.state-open') : t('gateway.state-ok')}
        </span>
      </td>
    </tr>
  );
}
