/** Preflight of a project: point at a folder, and see what a build would fetch, from where, and what would go wrong. */
import { useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/channels.ts';
import type { PlannedFetch, Preflight, PreflightProblem } from '../../../shared/domain/preflight.ts';
import { causeShort, withCauseText } from '../../../shared/messages/messages.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { OfflinePanel } from './offline-panel.tsx';

export function ProjectView() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const query = useSnapshot((state) => state.query);
  const [folder, setFolder] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);
  const [outcome, setOutcome] = useState<RequestOutput<'preflight.get'> | null>(null);
  const look = async () => {
    setLooking(true);
    setOutcome(await send('preflight.get', null));
    setLooking(false);
  };
  const choose = async () => {
    const chosen = await query('folder.choose', null);
    if (chosen === null) return;
    setFolder(chosen);
    await look();
  };
  return (
    <div className="pages project" data-testid="project-page">
      <header className="panel-head">
        <output className="mono clip" data-testid="project-folder">
          {folder ?? t('preflight.no-folder')}
        </output>
        <button
          type="button"
          className={folder === null ? 'button primary' : 'button'}
          disabled={looking}
          data-testid="preflight-choose"
          onClick={() => void choose()}
        >
          {t('preflight.choose')}
        </button>
        {folder !== null && (
          <button
            type="button"
            className="button primary"
            disabled={looking}
            data-testid="preflight"
            onClick={() => void look()}
          >
            {looking ? t('preflight.looking') : t('preflight.look')}
          </button>
        )}
      </header>
      {outcome === null && <p className="note">{t('preflight.what')}</p>}
      {outcome?.ok === true && folder !== null && <OfflinePanel folder={folder} />}
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
  const words = withCauseText(t, params);
  return (
    <li data-testid={`trouble-${key}`}>
      <p className={TONES[severity]}>{t(`preflight.problem-${key}`, words)}</p>
      {command !== null && (
        <div className="actions command">
          <code className="mono">{command}</code>
          <CopyButton text={command} label={t('lint.copy')} />
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
