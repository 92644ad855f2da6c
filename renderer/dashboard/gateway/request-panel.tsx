/** The newest requests of go, and what was survived for each. */
import { useState } from 'react';
import type { GatewayRequest } from '../../../shared/domain/gateway.ts';
import { displayName } from '../../../shared/domain/goproxy-list.ts';
import { formatClock, formatLatency } from '../../../shared/messages/format.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { EmptyState } from '../../common/empty-state.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

const SHOWN = 20;
const DOWNLOAD = 'go mod download';

export function RequestPanel({ requests }: { readonly requests: readonly GatewayRequest[] }) {
  const t = useSnapshot((state) => state.t);
  const [onlySurvived, setOnlySurvived] = useState(false);
  const shown = requests.filter(({ survived }) => !onlySurvived || survived.length > 0).slice(0, SHOWN);
  return (
    <section className="panel" aria-labelledby="gateway-requests" data-testid="gateway-requests">
      <header className="panel-head">
        <h2 id="gateway-requests">{t('gateway.recent')}</h2>
        {requests.length > 0 && (
          <label className="check dim">
            <input
              type="checkbox"
              checked={onlySurvived}
              data-testid="gateway-only-survived"
              onChange={(event) => setOnlySurvived(event.target.checked)}
            />
            {t('gateway.only-survived')}
          </label>
        )}
      </header>
      {requests.length === 0 && <NoRequests />}
      {shown.length > 0 && (
        <table className="num requests">
          <thead>
            <tr>
              <th scope="col">{t('gateway.request')}</th>
              <th scope="col">{t('gateway.source')}</th>
              <th scope="col">{t('gateway.took')}</th>
              <th scope="col">{t('gateway.time')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={`${one.at} ${one.path}`} request={one} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Its step depends on whether go points at the gateway: point it there, or download something. */
function NoRequests() {
  const t = useSnapshot((state) => state.t);
  const isUsed = useSnapshot(({ snapshot }) =>
    snapshot.profiles.some(({ profile, active }) => profile.id === 'gateway' && active),
  );
  const switchTo = useSnapshot((state) => state.switchTo);
  if (!isUsed) {
    return (
      <EmptyState text={t('gateway.recent-unused')} action={t('gateway.use')} onAct={() => void switchTo('gateway')} />
    );
  }
  return (
    <div className="empty acts" data-testid="empty-state">
      <p>{t('gateway.recent-none')}</p>
      <CopyButton text={DOWNLOAD} label={t('lint.copy')} title={DOWNLOAD} />
    </div>
  );
}

function Row({ request }: { readonly request: GatewayRequest }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const { path, status, upstream, cached, survived, ms, at } = request;
  const from = cached ? t('gateway.cache') : upstream === null ? '—' : displayName(upstream);
  const troubles = survived.map((one) => `${displayName(one.upstream)}: ${one.reason}`).join('; ');
  return (
    <tr>
      <th scope="row" className="wrap">
        <span className="mono">{path.replace(/^\//, '')}</span>
        {status >= 400 && <b className="warn"> {status}</b>}
        {survived.length > 0 && (
          <small className="block good" data-testid="gateway-survived">
            {t('gateway.survived', { text: troubles })}
          </small>
        )}
      </th>
      <td>{from}</td>
      <td>{formatLatency(ms)}</td>
      <td>{formatClock(at, useNow(), language)}</td>
    </tr>
  );
}
