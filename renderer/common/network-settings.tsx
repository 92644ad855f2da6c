/** How the present network is called, and whether it costs by the byte. */
import { useEffect, useState } from 'react';
import { useSnapshot } from './use-snapshot.ts';

export function NetworkSettings() {
  const t = useSnapshot((state) => state.t);
  const network = useSnapshot((state) => state.snapshot.network);
  const { send } = useSnapshot((state) => state);
  const [name, setName] = useState(network?.name ?? '');
  const known = network?.name ?? '';
  useEffect(() => setName(known), [known]);
  const keep = () => {
    if (name !== known) void send('network.set', { name: name === '' ? null : name });
  };
  return (
    <section className="section">
      <h2>
        <span>{t('settings.network')}</span>
      </h2>
      {network === null ? (
        <p className="note">{t('settings.network-none')}</p>
      ) : (
        <div className="list">
          <label className="setting">
            <span>
              {t('settings.network-name')}
              <small>{network.description}</small>
            </span>
            <input
              type="text"
              maxLength={60}
              data-testid="network-name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              onBlur={keep}
              onKeyDown={(event) => event.key === 'Enter' && keep()}
            />
          </label>
          <label className="setting">
            {t('settings.network-metered')}
            <input
              type="checkbox"
              role="switch"
              aria-checked={network.metered}
              data-testid="network-metered"
              checked={network.metered}
              onChange={(event) => void send('network.set', { metered: event.target.checked })}
            />
          </label>
        </div>
      )}
    </section>
  );
}
