/** Downloads on their way, with how far they are. */
import type { GatewayTransfer } from '../../../shared/domain/gateway.ts';
import { transferText } from '../../../shared/messages/gateway-text.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function TransferPanel({ transfers }: { readonly transfers: readonly GatewayTransfer[] }) {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="panel" aria-labelledby="gateway-downloads" data-testid="gateway-transfers">
      <h2 id="gateway-downloads">{t('gateway.downloads')}</h2>
      <ul className="transfers num">
        {transfers.map((one) => (
          <li key={`${one.module} ${one.upstream}`} className={one.stalled ? 'warn' : undefined}>
            <span className="wrap">{transferText(one, t)}</span>
            {one.total !== null && (
              <progress className="thin" value={one.received} max={one.total} aria-label={one.module} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
