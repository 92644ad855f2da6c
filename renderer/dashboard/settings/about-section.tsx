/** Version, what the app itself uses, the libraries in it, and what a bug report needs. */
import { ResourceUsage } from '../../common/resource-usage.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { Row } from './data-section.tsx';
import licences from './licences.json';
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
      <section className="section">
        <h3>{t('settings.licences')}</h3>
        <details className="list licences">
          <summary>{t('settings.licences-count', { count: licences.length })}</summary>
          <table data-testid="licences">
            <tbody>
              {licences.map(({ name, version, licence }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="num">{version}</td>
                  <td>{licence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </section>
    </>
  );
}
