/** Something was changed outside: what, and three answers to it. */
import { redactUrls } from '../../shared/domain/goproxy-list.ts';
import { useSnapshot } from './use-snapshot.ts';

export function DriftCard() {
  const t = useSnapshot((state) => state.t);
  const drift = useSnapshot((state) => state.snapshot.drift);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const send = useSnapshot((state) => state.send);
  if (drift === null) return null;
  const lines = [
    ...drift.variables.map(({ name, from, to }) => ({ name: name as string, from, to })),
    ...drift.git.map(({ key, from, to }) => ({ name: `git ${key}`, from: from.join(' '), to: to.join(' ') })),
  ];
  return (
    <section className="alert mild drift" data-testid="drift" aria-labelledby="drift-title">
      <h3 id="drift-title" aria-live="polite">
        {t('popover.drift')}
      </h3>
      <div className="diff mono">
        {lines.map(({ name, from, to }) => (
          <div key={name}>
            <b>{name}</b>
            <del>− {redactUrls(from) || t('cli.diff-default')}</del>
            <ins>+ {redactUrls(to) || t('cli.diff-default')}</ins>
          </div>
        ))}
      </div>
      <div className="actions">
        {(['adopt', 'revert', 'accept'] as const).map((answer) => (
          <button
            key={answer}
            type="button"
            className={answer === 'adopt' ? 'button primary' : 'button'}
            disabled={switching}
            data-testid={`drift-${answer}`}
            onClick={() => void send('drift.answer', { answer })}
          >
            {t(`popover.drift-${answer}`)}
          </button>
        ))}
      </div>
    </section>
  );
}
