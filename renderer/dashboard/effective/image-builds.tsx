/** Image builds of the project's folder: which variables of the terminal reach go inside, and how the others would. */
import type { ImageBuild } from '../../../shared/domain/effective.ts';
import { buildValueText } from '../../../shared/messages/effective-text.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { EmptyState } from '../../common/empty-state.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

export function ImageBuilds({ builds }: { readonly builds: readonly ImageBuild[] }) {
  const t = useSnapshot((state) => state.t);
  const goTo = useDashboard((state) => state.goTo);
  return (
    <section className="panel" data-testid="image-builds">
      <div className="panel-head">
        <h2>{t('effective.builds')}</h2>
      </div>
      {builds.length === 0 ? (
        <EmptyState
          text={t('effective.builds-none')}
          action={t('dashboard.page-project')}
          onAct={() => goTo('project')}
        />
      ) : (
        <p className="note">{t('effective.builds-why')}</p>
      )}
      {builds.map((build) => (
        <Build key={`${build.file} ${build.service} ${build.stage} ${build.line}`} build={build} />
      ))}
    </section>
  );
}

function Build({ build }: { readonly build: ImageBuild }) {
  const t = useSnapshot((state) => state.t);
  const { file, service, stage, line, values, insert, composeArgs } = build;
  return (
    <div data-testid={`build-${stage}`}>
      <h3>
        <span className="mono">{file}</span>{' '}
        <small className="dim">
          {service !== null && `${service} · `}
          {t('effective.build-stage', { stage, line })}
        </small>
      </h3>
      <table className="truth">
        <tbody>
          {values.map((value) => (
            <tr key={value.name}>
              <th scope="row" className="mono">
                {value.name}
              </th>
              <td className={value.value === value.wanted ? 'dim' : 'wrap warn'}>{buildValueText(t, value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {insert !== null && (
        <Step text={t('effective.build-insert', { line: insert.after })} copied={insert.lines.join('\n')} />
      )}
      {composeArgs.length > 0 && (
        <Step text={t('effective.build-compose', { service: service ?? '' })} copied={composeArgs.join('\n')} />
      )}
      {build.build !== null && <Step text={t('effective.build-run')} copied={build.build} />}
    </div>
  );
}

function Step({ text, copied }: { readonly text: string; readonly copied: string }) {
  const t = useSnapshot((state) => state.t);
  return (
    <>
      <p>{text}</p>
      <div className="copyable">
        <pre className="mono">{copied}</pre>
        <CopyButton text={copied} label={t('effective.copy-lines')} />
      </div>
    </>
  );
}
