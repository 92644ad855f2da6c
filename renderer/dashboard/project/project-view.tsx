/** Preflight of a project: point at a folder, and see what a build would fetch, from where, and what would go wrong. */
import { type FormEvent, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/channels.ts';
import type { PlannedFetch, Preflight, PreflightProblem } from '../../../shared/domain/preflight.ts';
import { causeShort, problemText, withCauseText } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function ProjectView() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const query = useSnapshot((state) => state.query);
  const [folder, setFolder] = useState('');
  const [looking, setLooking] = useState(false);
  const [outcome, setOutcome] = useState<RequestOutput<'preflight.get'> | null>(null);
  const look = async (wanted: string) => {
    if (wanted.trim() === '') return;
    setLooking(true);
    setOutcome(await send('preflight.get', { folder: wanted.trim() }));
    setLooking(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void look(folder);
  };
  const choose = async () => {
    const chosen = await query('folder.choose', null);
    if (chosen === null) return;
    setFolder(chosen);
    await look(chosen);
  };
  return (
    <div className="pages wide project" data-testid="project-page">
      <form className="panel-head" onSubmit={submit}>
        <h2>{t('preflight.title')}</h2>
        <input
          type="text"
          className="mono module"
          value={folder}
          spellCheck={false}
          placeholder={t('preflight.folder')}
          aria-label={t('preflight.folder')}
          data-testid="project-folder"
          onChange={(event) => setFolder(event.target.value)}
        />
        <button type="button" className="button" onClick={() => void choose()}>
          {t('preflight.choose')}
        </button>
        <button
          type="submit"
          className="button primary"
          disabled={looking || folder.trim() === ''}
          data-testid="preflight"
        >
          {looking ? t('preflight.looking') : t('preflight.look')}
        </button>
      </form>
      {outcome === null && <p className="note">{t('preflight.what')}</p>}
      {outcome?.ok === false && (
        <p className="notice problem" role="alert">
          {problemText(t, outcome.problem)}
        </p>
      )}
      {outcome?.ok === true && <Answer preflight={outcome.value} />}
    </div>
  );
}

function Answer({ preflight: { file, cached, missing, problems, seconds } }: { readonly preflight: Preflight }) {
  const t = useSnapshot((state) => state.t);
  return (
    <>
      <section className="panel" data-testid="preflight-answer">
        <p className="mono dim">{file}</p>
        <p>
          <b>{t('preflight.counts', { cached, missing: missing.length })}</b>
          {seconds !== null && missing.length > 0 && ` · ${t('preflight.seconds', seconds)}`}
        </p>
        <ul className="findings">
          {problems.map((problem) => (
            <Trouble key={`${problem.key} ${JSON.stringify(problem.params)}`} problem={problem} />
          ))}
        </ul>
      </section>
      {missing.length > 0 && (
        <section className="panel">
          <table className="truth">
            <tbody>
              {missing.map((one) => (
                <Row key={`${one.path}@${one.version}`} fetch={one} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}

const TONES = { error: 'bad', warning: 'warn', hint: 'dim' } as const;

function Trouble({ problem: { key, severity, params, command } }: { readonly problem: PreflightProblem }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const words = withCauseText(t, params);
  return (
    <li data-testid={`trouble-${key}`}>
      <p className={TONES[severity]}>{t(`preflight.problem-${key}`, words)}</p>
      {command !== null && (
        <div className="actions">
          <code className="mono">{command}</code>
          <button type="button" className="button" onClick={() => void send('clipboard.write', { text: command })}>
            {t('lint.copy')}
          </button>
        </div>
      )}
    </li>
  );
}

const FATE_TONES = { fetched: 'good', 'falls-back': 'warn', fails: 'bad', hangs: 'bad', unknown: 'dim' } as const;

function Row({ fetch: { path, version, fate, from, cause, leaksTo } }: { readonly fetch: PlannedFetch }) {
  const t = useSnapshot((state) => state.t);
  return (
    <tr>
      <th scope="row" className="mono wrap">
        {path}@{version}
      </th>
      <td className={`wrap ${FATE_TONES[fate]}`}>
        {t(`preflight.fate-${fate}`, { from })}
        {cause !== null && ` — ${causeShort(t, cause)}`}
        {leaksTo !== null && <b className="bad block">{t(`preflight.leaks-${leaksTo}`)}</b>}
      </td>
    </tr>
  );
}
