/** This Mac's own policies: where each endpoint's packets are stopped, by which rule, and what cannot have stopped them. */
import { useCallback, useEffect, useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/channels.ts';
import type { LayerFinding, PolicyPath, PolicyReading } from '../../../shared/domain/policy.ts';
import { formatAge } from '../../../shared/messages/format.ts';
import { layerText } from '../../../shared/messages/policy-texts.ts';
import { useNow, usePopover } from '../../popover/use-popover.ts';
import { AppTable } from './app-table.tsx';
import { RuleList } from './rule-list.tsx';
import { UseList } from './use-list.tsx';

type Answer = RequestOutput<'policy.get'>;

export function PolicyView() {
  const t = usePopover((state) => state.t);
  const send = usePopover((state) => state.send);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [reading, setReading] = useState(false);
  const refresh = useCallback(async () => setAnswer(await send('policy.get', null)), [send]);
  const read = useCallback(
    async (privileged: boolean) => {
      setReading(true);
      try {
        const last = await send('policy.read', { privileged });
        const { uses } = await send('policy.get', null);
        setAnswer({ last, uses });
      } finally {
        setReading(false);
      }
    },
    [send],
  );
  useEffect(() => {
    void refresh().then(() => read(false));
  }, [refresh, read]);
  const last = answer?.last ?? null;
  return (
    <div className="pages wide policy" data-testid="policy-page">
      <ViewHeader last={last} reading={reading} onRead={read} />
      {last?.available === false && <p className="note">{t('policy.not-here')}</p>}
      {last?.available === true && (
        <>
          {last.paths.map((path) => (
            <PathPanel key={`${path.endpoint}:${path.port}`} path={path} />
          ))}
          <RuleList reading={last} />
          <Settings reading={last} />
          <AppTable apps={last.apps} onChanged={() => void refresh()} />
          {last.unread.length > 0 && (
            <section className="panel">
              {last.unread.map(({ what, why }) => (
                <p key={what} className="dim">
                  {t('policy.not-read', { what, why })}
                </p>
              ))}
            </section>
          )}
          <UseList uses={answer?.uses ?? []} />
        </>
      )}
    </div>
  );
}

/** What is asked of the person is said before macOS asks. */
function ViewHeader({
  last,
  reading,
  onRead,
}: {
  readonly last: PolicyReading | null;
  readonly reading: boolean;
  readonly onRead: (privileged: boolean) => Promise<void>;
}) {
  const t = usePopover((state) => state.t);
  const language = usePopover((state) => state.language);
  const [asking, setAsking] = useState(false);
  const now = useNow();
  const isHere = last?.available !== false;
  return (
    <>
      <header className="panel-head">
        <h1>{t('policy.title')}</h1>
        <span className="dim grow">
          {last?.available === true && t('policy.read-at', { age: formatAge(last.at, now, language) })}
          {last?.macos != null && ` · ${t('policy.macos', { version: last.macos })}`}
        </span>
        {isHere && (
          <>
            <button type="button" className="button" disabled={reading} onClick={() => void onRead(false)}>
              {reading ? t('policy.reading') : t('policy.read')}
            </button>
            <button
              type="button"
              className="button primary"
              disabled={reading}
              data-testid="policy-privileged"
              onClick={() => setAsking(true)}
            >
              {t('policy.read-privileged')}
            </button>
          </>
        )}
      </header>
      {asking && (
        <section
          className="panel plan"
          role="alertdialog"
          aria-label={t('policy.plan-title')}
          data-testid="policy-plan"
        >
          <p>{t('policy.plan')}</p>
          <div className="actions">
            <button
              type="button"
              className="button primary"
              data-testid="policy-go"
              onClick={() => {
                setAsking(false);
                void onRead(true);
              }}
            >
              {t('policy.continue')}
            </button>
            <button type="button" className="button" onClick={() => setAsking(false)}>
              {t('doctor.cancel')}
            </button>
          </div>
        </section>
      )}
      {last?.available === true && last.prompt !== null && last.prompt !== 'done' && (
        <p className="notice problem" role="alert">
          {t(`policy.prompt-${last.prompt}`)}
        </p>
      )}
    </>
  );
}

const MARKS: Readonly<Record<LayerFinding['state'], readonly [string, string]>> = {
  passes: ['✓', 'good'],
  blocks: ['✗', 'bad'],
  present: ['▲', 'warn'],
  unknown: ['?', 'warn'],
  'no-part': ['–', 'dim'],
};

/** The way of a packet: layers in order; after the one that stops it the rest is not reached. */
function PathPanel({ path: { endpoint, address, port, layers } }: { readonly path: PolicyPath }) {
  const t = usePopover((state) => state.t);
  const stop = layers.findIndex(({ state }) => state === 'blocks');
  return (
    <section className="panel" data-testid={`path-${endpoint}`}>
      <h2>
        {endpoint}:{port} <small className="dim mono">{address ?? ''}</small>
      </h2>
      <ol className="way">
        {layers.map((one, i) => {
          const [mark, tone] = MARKS[one.state];
          const isBeyond = stop >= 0 && i > stop && one.state !== 'no-part';
          return (
            <li key={one.layer} className={isBeyond ? 'beyond' : ''} data-state={one.state}>
              <span className={`mark ${tone}`} aria-hidden="true">
                {mark}
              </span>
              <b>{t(`policy.layer-${one.layer}`)}</b>
              <span className={tone}>{layerText(t, one)}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Settings({ reading }: { readonly reading: PolicyReading }) {
  const { resolvers, setByHand, proxies, vpns, extensions, goSignedBy } = reading;
  const t = usePopover((state) => state.t);
  const send = usePopover((state) => state.send);
  const rows = [
    ['resolvers', resolvers],
    ['set-by-hand', setByHand],
    ['proxies', proxies],
    ['vpns', vpns],
    ['extensions', extensions],
    ['go-signed-by', goSignedBy === null ? [] : [goSignedBy]],
  ] as const;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('policy.settings')}</h2>
        <button type="button" className="button" onClick={() => void send('policy.flush-dns', null)}>
          {t('policy.flush')}
        </button>
      </div>
      <table className="truth">
        <tbody>
          {rows.map(([name, values]) => (
            <tr key={name}>
              <th scope="row">{t(`policy.${name}`)}</th>
              <td className="mono wrap">{values.length === 0 ? t('policy.none') : values.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
