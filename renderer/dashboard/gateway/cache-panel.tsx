/** How much is kept, where, and the way to remove it. */
import { useState } from 'react';
import type { GatewayState } from '../../../shared/domain/gateway.ts';
import { formatBytes } from '../../../shared/messages/gateway-text.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function CachePanel({ gateway: { phase, figures, folder, maxBytes } }: { readonly gateway: GatewayState }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [asking, setAsking] = useState(false);
  const { files, bytes } = figures;
  const size = formatBytes(bytes);
  const clear = () => {
    setAsking(false);
    void send('gateway.clear', null);
  };
  return (
    <section className="panel" aria-labelledby="gateway-cache" data-testid="gateway-cache">
      <header className="panel-head">
        <h2 id="gateway-cache">{t('gateway.cache-title')}</h2>
        <button
          type="button"
          className="button"
          data-testid="gateway-open-folder"
          onClick={() => void send('gateway.folder', null)}
        >
          {t('gateway.open-folder')}
        </button>
        <button
          type="button"
          className="button"
          disabled={phase !== 'running' || files === 0 || asking}
          data-testid="gateway-clear"
          onClick={() => setAsking(true)}
        >
          {t('gateway.clear')}
        </button>
      </header>
      <p className="num">{t('gateway.cache-size', { files, size, max: formatBytes(maxBytes) })}</p>
      <progress
        className="thin"
        value={Math.min(bytes, maxBytes)}
        max={maxBytes}
        aria-label={t('gateway.cache-title')}
      />
      <p className="note mono wrap">{folder}</p>
      {asking && (
        <div className="notice problem" role="alertdialog" aria-label={t('gateway.clear-yes')}>
          <span>{t('gateway.clear-sure', { files, size })}</span>
          <button type="button" className="button" onClick={() => setAsking(false)}>
            {t('gateway.cancel')}
          </button>
          <button type="button" className="button primary" data-testid="gateway-clear-yes" onClick={clear}>
            {t('gateway.clear-yes')}
          </button>
        </div>
      )}
    </section>
  );
}
