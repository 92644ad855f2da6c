/** What terminals and editors may do: shown because people blame it, with plain words on what it cannot do. */
import { useState } from 'react';
import type { PolicyApp } from '../../../shared/domain/policy.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { isMessageKey } from '../../../shared/messages/messages.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

const TONES: Readonly<Record<string, string>> = { allowed: 'good', denied: 'bad', limited: 'warn', unknown: 'warn' };

export function AppTable({ apps, onChanged }: { readonly apps: readonly PolicyApp[]; readonly onChanged: () => void }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const send = useSnapshot((state) => state.send);
  const [asked, setAsked] = useState<{ readonly app: PolicyApp; readonly service: string } | null>(null);
  const now = useNow();
  const word = (decision: string) => {
    const key = `policy.decision-${decision}`;
    return isMessageKey(key) ? t(key) : decision;
  };
  const reset = async () => {
    if (asked === null) return;
    setAsked(null);
    await send('policy.reset', { service: asked.service, bundleId: asked.app.bundleId });
    onChanged();
  };
  return (
    <section className="panel" data-testid="policy-apps">
      <h2>{t('policy.apps')}</h2>
      <p className="note">{apps.length === 0 ? t('policy.apps-none') : t('policy.apps-note')}</p>
      <div className="actions">
        {(['full-disk-access', 'local-network'] as const).map((pane) => (
          <button key={pane} type="button" className="button" onClick={() => void send('policy.settings', { pane })}>
            {t(`policy.open-${pane}`)}
          </button>
        ))}
      </div>
      {asked !== null && (
        <div className="plan" role="alertdialog" aria-label={t('policy.reset')}>
          <p>{t('policy.reset-what', { service: asked.service, app: asked.app.name })}</p>
          <p className="mono">
            tccutil reset {asked.service} {asked.app.bundleId}
          </p>
          <div className="actions">
            <button type="button" className="button" onClick={() => void reset()}>
              {t('policy.reset-go')}
            </button>
            <button type="button" className="button primary" onClick={() => setAsked(null)}>
              {t('policy.reset-keep')}
            </button>
          </div>
        </div>
      )}
      <table className="truth">
        <tbody>
          {apps
            .filter(({ services }) => Object.keys(services).length === 0)
            .map(({ bundleId, name }) => (
              <tr key={bundleId}>
                <th scope="row">{name}</th>
                <td colSpan={4} className="dim">
                  {t('policy.never-asked')}
                </td>
              </tr>
            ))}
          {apps.flatMap((app) =>
            Object.entries(app.services).map(([service, { decision, reason, at }]) => (
              <tr key={`${app.bundleId} ${service}`}>
                <th scope="row">{app.name}</th>
                <td className="mono">{service}</td>
                <td className={TONES[decision] ?? 'dim'}>
                  {word(decision)}
                  {reason !== null && <span className="dim"> · {reason}</span>}
                </td>
                <td className="num dim">{at === null ? '' : formatClock(at, now, language)}</td>
                <td>
                  <button type="button" className="link" onClick={() => setAsked({ app, service })}>
                    {t('policy.reset')}
                  </button>
                </td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}
