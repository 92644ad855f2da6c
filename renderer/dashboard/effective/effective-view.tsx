/** Settings in effect: for terminals, apps and this one, which value wins and why. */
import { useCallback, useEffect, useState } from 'react';
import {
  type EffectiveContext,
  type EffectiveTable,
  type EffectiveValue,
  isCompared,
  type Place,
  terminalValues,
} from '../../../shared/domain/effective.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { EmptyState } from '../../common/empty-state.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { ComparedContext } from './compared-context.tsx';
import { ImageBuilds } from './image-builds.tsx';

export function EffectiveView() {
  const t = useSnapshot((state) => state.t);
  const query = useSnapshot((state) => state.query);
  const [table, setTable] = useState<EffectiveTable | null>(null);
  const [looking, setLooking] = useState(true);
  const look = useCallback(async () => {
    setLooking(true);
    setTable(await query('effective.get', null));
    setLooking(false);
  }, [query]);
  useEffect(() => void look(), [look]);
  return (
    <div className="pages" data-testid="effective-page">
      <div className="panel-head">
        <p className="note grow">{t('effective.what')}</p>
        <button type="button" className="button" onClick={() => void look()} disabled={looking}>
          {t('effective.again')}
        </button>
      </div>
      {looking && (
        <p className="nothing dim" role="status">
          {t('effective.looking')}
        </p>
      )}
      {!looking &&
        table?.contexts.map((context) =>
          isCompared(context.id) ? (
            <ComparedContext
              key={`${context.id} ${context.shell}`}
              id={context.id}
              context={context}
              terminal={terminalValues(table.contexts)}
            />
          ) : (
            <Context key={context.id} context={context} />
          ),
        )}
      {!looking && table !== null && <ImageBuilds builds={table.builds} />}
      {!looking && table !== null && <Gos table={table} />}
    </div>
  );
}

function Context({ context: { id, shell, problem, go, values } }: { readonly context: EffectiveContext }) {
  const t = useSnapshot((state) => state.t);
  const shown = values.filter(({ layers }) => layers.length > 0);
  return (
    <section className="panel" data-testid={`context-${id}`}>
      <div className="panel-head">
        <h2>
          {t(`effective.context-${id}`)} {shell !== null && <small className="dim mono">{shell}</small>}
        </h2>
        {problem === null && (
          <small className={go === null ? 'warn' : 'dim mono'}>
            {go === null ? t('effective.no-go') : `${go.version} ${go.path}`}
          </small>
        )}
      </div>
      {problem !== null && <p className="note">{t(`effective.problem-${problem}`)}</p>}
      {shown.length > 0 && (
        <table className="truth">
          <tbody>
            {shown.map((value) => (
              <Row key={value.name} value={value} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ value }: { readonly value: EffectiveValue }) {
  const t = useSnapshot((state) => state.t);
  const [winner, ...beaten] = value.layers;
  if (winner === undefined) return null;
  const { remedy } = value;
  const isLoud = winner.layer === 'environment' && value.name.startsWith('GO');
  return (
    <tr data-testid={`value-${value.name}`}>
      <th scope="row" className="mono">
        {value.name}
      </th>
      <td className="mono wrap">{value.value}</td>
      <td className="wrap">
        <span className={isLoud ? 'warn' : 'dim'}>
          {t(`effective.layer-${winner.layer}`)} <span className="mono">{where(winner.place)}</span>
        </span>
        {beaten.map((one) => (
          <small key={one.layer} className="dim block">
            {t('effective.beaten', { value: one.value, layer: t(`effective.layer-${one.layer}`) })}
          </small>
        ))}
        {value.unexplained && <small className="warn block">{t('effective.unexplained')}</small>}
        {isLoud && remedy !== null && <CopyButton text={remedy} title={remedy} label={t('effective.copy-remedy')} />}
      </td>
    </tr>
  );
}

function where(place: Place | null): string {
  if (place === null) return '';
  return place.line === null ? place.file : `${place.file}:${place.line}`;
}

function Gos({ table: { gos, project } }: { readonly table: EffectiveTable }) {
  const t = useSnapshot((state) => state.t);
  const showSettings = useDashboard((state) => state.showSettings);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('effective.gos')}</h2>
      </div>
      {gos.length === 0 && (
        <EmptyState
          text={problemText(t, { key: 'go-missing' })}
          action={t('dashboard.page-settings')}
          onAct={() => showSettings('tools')}
        />
      )}
      <table className="truth">
        <tbody>
          {gos.map(({ path, version, installer }) => (
            <tr key={path}>
              <th scope="row" className="mono">
                {version}
              </th>
              <td className="mono wrap">{path}</td>
              <td className="dim">{installer}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {project !== null && (
        <p className="note mono">
          {project.file}: go {project.go ?? '—'} {project.toolchain === null ? '' : `toolchain ${project.toolchain}`}
        </p>
      )}
    </section>
  );
}
