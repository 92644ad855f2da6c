/** The newest entries of the audit trail, in the settings; the policy page has all of them. */
import { useEffect, useState } from 'react';
import type { PolicyUse } from '../../shared/domain/policy.ts';
import { formatClock } from '../../shared/messages/format.ts';
import { useNow } from './use-now.ts';
import { useSnapshot } from './use-snapshot.ts';

const SHOWN = 3;

export function Passwords() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const send = useSnapshot((state) => state.send);
  const query = useSnapshot((state) => state.query);
  const now = useNow();
  const [uses, setUses] = useState<readonly PolicyUse[]>([]);
  useEffect(() => {
    void query('policy.get', null).then((answer) => setUses(answer?.uses ?? []));
  }, [query]);
  return (
    <section className="section">
      <h2>
        <span>{t('settings.passwords')}</span>
        {uses.length > 0 && (
          <button
            type="button"
            className="link"
            onClick={() => void send('dashboard.open', { endpointId: null, page: 'policy' })}
          >
            {t('settings.passwords-all')}
          </button>
        )}
      </h2>
      <div className="list" data-testid="passwords">
        {uses.slice(0, SHOWN).map(({ at, command, outcome }) => (
          <div key={`${at} ${command}`} className="host">
            {command}
            <small>
              {formatClock(at, now, language)} · {t(`policy.outcome-${outcome}`)}
            </small>
          </div>
        ))}
      </div>
      {uses.length === 0 && <p className="note">{t('settings.passwords-none')}</p>}
    </section>
  );
}
