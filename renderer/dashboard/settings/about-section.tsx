/** Version, what the app itself uses, the libraries in it, and what a bug report needs. */
import { useEffect, useState } from 'react';
import type { Licences } from '../../../shared/contract/settings-change.ts';
import { ResourceUsage } from '../../common/resource-usage.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { Row } from './data-section.tsx';
import { useSettings } from './use-settings.ts';

export function AboutSection() {
  const t = useSnapshot((state) => state.t);
  const view = useSettings((state) => state.view);
  const showWelcome = useDashboard((state) => state.showWelcome);
  const run = useSettings((state) => state.run);
  return (
    <>
      <div className="list">
        <div className="setting">
          {t('settings.version')}
          <span className="num" data-testid="version">
            {view?.version}
            {view !== null && view.commit !== '' && <small>{t('settings.commit', { commit: view.commit })}</small>}
          </span>
        </div>
        <Row
          label={t('settings.welcome')}
          hint={t('settings.welcome-hint')}
          action={t('settings.welcome-open')}
          testId="welcome-open"
          onClick={() => showWelcome(true)}
        />
        <Row
          label={t('settings.diagnostics')}
          hint={t('settings.diagnostics-hint')}
          action={t('settings.diagnostics-do')}
          testId="diagnostics"
          onClick={() => void run('settings.diagnostics')}
        />
      </div>
      <ResourceUsage />
      <LicenceList />
    </>
  );
}

/** Asked for when the section is shown. */
function LicenceList() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [licences, setLicences] = useState<Licences>([]);
  useEffect(() => {
    void query('licences.get', null).then((answer) => setLicences(answer ?? []));
  }, [query]);
  if (licences.length === 0) return null;
  return (
    <section className="section">
      <h3>{t('settings.licences')}</h3>
      <details className="list licences">
        <summary>{t('settings.licences-count', { count: licences.length })}</summary>
        {licences.map(({ name, version, licence, text }) => (
          <details key={name} data-testid="licence">
            <summary>
              {name} <span className="num">{version}</span> <small>{licence}</small>
            </summary>
            <pre>{text}</pre>
          </details>
        ))}
        <p className="note">{t('settings.licences-chromium')}</p>
      </details>
    </section>
  );
}
