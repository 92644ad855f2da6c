/** What go downloads through the gateway now, or why the gateway does not run. At the end, so that no row moves. */
import { shortTransfer, transferText } from '../../shared/messages/gateway-text.ts';
import { useGateway } from '../common/use-gateway.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

export function DownloadRow() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const gateway = useGateway();
  if (gateway === null) return null;
  const { phase, transfers } = gateway;
  const [first] = transfers;
  const isBroken = phase === 'port-taken' || phase === 'failed';
  if (first === undefined && !isBroken) return null;
  const text =
    first === undefined ? t(`gateway.phase-${phase}`, { address: '' }) : transferText(shortTransfer(first), t);
  return (
    <button
      type="button"
      className="download num"
      data-testid="download-row"
      title={transfers.map((one) => transferText(one, t)).join('\n')}
      onClick={() => void send('dashboard.open', { endpointId: null, page: 'gateway' })}
    >
      <span className={isBroken || first?.stalled === true ? 'clip warn' : 'clip'}>
        {first === undefined && <b>{t('settings.section-gateway')} </b>}
        {text}
        {transfers.length > 1 && ` +${transfers.length - 1}`}
      </span>
      {first !== undefined && first.total !== null && (
        <progress className="thin" value={first.received} max={first.total} aria-label={first.module} />
      )}
    </button>
  );
}
