/** A context beyond shells and apps: what differs from the terminal, why, and how to change that. */
import type { ComparedId, ContextRemedy, EffectiveContext, EffectiveValue } from '../../../shared/domain/effective.ts';
import { adoptText } from '../../../shared/messages/effective-text.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

interface Props {
  readonly id: ComparedId;
  readonly context: EffectiveContext;
  readonly terminal: readonly EffectiveValue[];
}

export function ComparedContext({ id, context: { shell, problem, values, differs, remedy }, terminal }: Props) {
  const t = useSnapshot((state) => state.t);
  const isSame = problem === null && differs.length === 0;
  const valueIn = (list: readonly EffectiveValue[], name: string) =>
    list.find((one) => one.name === name)?.value || t('effective.unset');
  return (
    <section className="panel" data-testid={`context-${id}`}>
      <div className="panel-head">
        <h2>
          {t(`effective.context-${id}`)} {shell !== null && <small className="dim">{shell}</small>}
        </h2>
        <small className={isSame ? 'dim' : 'warn'}>
          {problem === null ? isSame && t('effective.same') : t(`effective.problem-${problem}`)}
        </small>
      </div>
      {differs.length > 0 && (
        <table className="truth">
          <tbody>
            {differs.map((name) => (
              <tr key={name} data-testid={`value-${name}`}>
                <th scope="row" className="mono">
                  {name}
                </th>
                <td className="mono wrap">{valueIn(values, name)}</td>
                <td className="wrap warn">{t('effective.differs', { value: valueIn(terminal, name) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!isSame && <p className="note">{t(`effective.why-${id}`)}</p>}
      {remedy !== null && <Remedy id={id} remedy={remedy} />}
    </section>
  );
}

function Remedy({ id, remedy }: { readonly id: ComparedId; readonly remedy: ContextRemedy }) {
  const t = useSnapshot((state) => state.t);
  const { lines, commands } = remedy;
  const text = [...lines, ...commands].join('\n');
  return (
    <>
      <p>{adoptText(t, id, remedy)}</p>
      <div className="copyable">
        <pre className="mono">{text}</pre>
        <CopyButton text={text} label={t(commands.length > 0 ? 'effective.copy-command' : 'effective.copy-lines')} />
      </div>
    </>
  );
}
