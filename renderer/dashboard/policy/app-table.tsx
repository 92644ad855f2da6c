/** What terminals and editors may do: shown because people blame it, with plain words on what it cannot do. */
import { useState } from 'react';
import type { PolicyApp } from '../../../shared/domain/policy.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { isMessageKey } from '../../../shared/messages/messages.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

const TONES: Readonly<Record<string, string>> = { allowed: 'good', denied: 'bad', limited: 'warn', unknown: 'warn' };

/** A permission that is about to be reset. */
interface ResetRequest {
  readonly app: PolicyApp;
  readonly service: string;
}

export function AppTable({ apps, onChanged }: { readonly apps: readonly PolicyApp[]; readonly onChanged: () => void }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [asked, setAsked] = useState<ResetRequest | null>(null);
  const answer = async (agreed: boolean) => {
    setAsked(null);
    if (asked === null || !agreed) return;
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
      {asked !== null && <ResetDialog request={asked} onAnswer={(agreed) => void answer(agreed)} />}
      <table className="truth">
        <tbody>
          {apps.map((app) => (
            <AppRows key={app.bundleId} app={app} onReset={(service) => setAsked({ app, service })} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ResetDialogProps {
  readonly request: ResetRequest;
  readonly onAnswer: (agreed: boolean) => void;
}

function ResetDialog({ request: { app, service }, onAnswer }: ResetDialogProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <div className="plan" role="alertdialog" aria-label={t('policy.reset')}>
      <p>{t('policy.reset-what', { service, app: app.name })}</p>
      <p>
        <code className="mono">
          tccutil reset {service} {app.bundleId}
        </code>
      </p>
      <div className="actions">
        <button type="button" className="button" onClick={() => onAnswer(true)}>
          {t('policy.reset-go')}
        </button>
        <button type="button" className="button primary" onClick={() => onAnswer(false)}>
          {t('policy.reset-keep')}
        </button>
      </div>
    </div>
  );
}

/** One row a permission, or one that says there is none. */
function AppRows({ app, onReset }: { readonly app: PolicyApp; readonly onReset: (service: string) => void }) {
  const t = useSnapshot((state) => state.t);
  const services = Object.entries(app.services);
  if (services.length > 0) {
    return services.map(([service, permission]) => (
      <PermissionRow key={service} app={app} service={service} permission={permission} onReset={onReset} />
    ));
  }
  return (
    <tr>
      <th scope="row">{app.name}</th>
      <td colSpan={4} className="dim">
        {t('policy.never-asked')}
      </td>
    </tr>
  );
}

interface PermissionRowProps {
  readonly app: PolicyApp;
  readonly service: string;
  readonly permission: PolicyApp['services'][string];
  readonly onReset: (service: string) => void;
}

function PermissionRow({ app, service, permission, onReset }: PermissionRowProps) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const now = useNow();
  const { decision, reason, at } = permission;
  const key = `policy.decision-${decision}`;
  return (
    <tr>
      <th scope="row">{app.name}</th>
      <td className="mono">{service}</td>
      <td className={TONES[decision] ?? 'dim'}>
        {isMessageKey(key) ? t(key) : decision}
        {reason !== null && <span className="dim"> · {reason}</span>}
      </td>
      <td className="num dim">{at === null ? '' : formatClock(at, now, language)}</td>
      <td>
        <button type="button" className="link" onClick={() => onReset(service)}>
          {t('policy.reset')}
        </button>
      </td>
    </tr>
  );
}
