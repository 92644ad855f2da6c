/** Content that was refused: whose it was, what came, and what the checksum database says. */
import type { GatewayIncident } from '../../../shared/domain/gateway.ts';
import { displayName } from '../../../shared/domain/goproxy-list.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function IncidentPanel({ incidents }: { readonly incidents: readonly GatewayIncident[] }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const now = useNow();
  return (
    <section className="panel" aria-labelledby="gateway-incidents" data-testid="gateway-incidents">
      <h2 id="gateway-incidents">{t('gateway.incidents')}</h2>
      <ul className="findings">
        {incidents.map((one) => (
          <li key={`${one.at} ${one.module} ${one.upstream}`}>
            <p className="bad">
              {t(`gateway.incident-${one.kind}`, { module: one.module, upstream: displayName(one.upstream) })}
            </p>
            <small className="dim num">{formatClock(one.at, now, language)}</small>
            <small className="mono wrap">
              {t('gateway.got', { got: one.got })}
              <br />
              {t('gateway.want', { want: one.want })}
            </small>
          </li>
        ))}
      </ul>
    </section>
  );
}
