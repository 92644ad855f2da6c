/** This Mac's own policies: where packets to each endpoint are blocked, by which rule, and what can be ruled out. */
import { useCallback, useEffect, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/channels.ts';
import type { PolicyReading } from '../../../shared/domain/policy.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { AppTable } from './app-table.tsx';
import { NetworkSettingsPanel } from './network-settings-panel.tsx';
import { PathPanel } from './path-panel.tsx';
import { PolicyHeader } from './policy-header.tsx';
import { RuleList } from './rule-list.tsx';
import { UseList } from './use-list.tsx';

export function PolicyView() {
  const t = useSnapshot((state) => state.t);
  const { answer, reading, read, refresh } = useReading();
  const last = answer?.last ?? null;
  return (
    <div className="pages policy" data-testid="policy-page">
      <PolicyHeader last={last} reading={reading} onRead={read} />
      {last?.available === false && <p className="note">{t('policy.not-here')}</p>}
      {last?.available === true && (
        <>
          {last.paths.map((path) => (
            <PathPanel key={`${path.endpoint}:${path.port}`} path={path} />
          ))}
          <RuleList reading={last} />
          <NetworkSettingsPanel reading={last} />
          <AppTable apps={last.apps} onChanged={() => void refresh()} />
          <UnreadPanel unread={last.unread} />
          <UseList uses={answer?.uses ?? []} />
        </>
      )}
    </div>
  );
}

/** The last reading at once, then a fresh one without a password. */
function useReading() {
  const query = useSnapshot((state) => state.query);
  const [answer, setAnswer] = useState<RequestOutput<'policy.get'> | null>(null);
  const [reading, setReading] = useState(false);
  const refresh = useCallback(async () => setAnswer(await query('policy.get', null)), [query]);
  const read = useCallback(
    async (privileged: boolean) => {
      setReading(true);
      const last = await query('policy.read', { privileged });
      const known = await query('policy.get', null);
      if (known !== null) setAnswer({ last: last ?? known.last, uses: known.uses });
      setReading(false);
    },
    [query],
  );
  useEffect(() => {
    void refresh().then(() => read(false));
  }, [refresh, read]);
  return { answer, reading, read, refresh };
}

function UnreadPanel({ unread }: Pick<PolicyReading, 'unread'>) {
  const t = useSnapshot((state) => state.t);
  if (unread.length === 0) return null;
  return (
    <section className="panel">
      {unread.map(({ what, why }) => (
        <p key={what} className="dim">
          {t('policy.not-read', { what, why })}
        </p>
      ))}
    </section>
  );
}
