/** A capture: what failed, with its evidence and what each side did when; then what was fine. */
import type { CapturedExchange, CaptureMoment, CaptureSummary } from '../../../shared/domain/traffic.ts';
import { evidenceText, sectionText } from '../../../shared/messages/capture-texts.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

export function CapturePanel({ capture }: { readonly capture: CaptureSummary }) {
  const t = useSnapshot((state) => state.t);
  const { packets, connections, questions, seconds, problems, exchanges, more } = capture;
  const findings = exchanges.filter((one) => one.isFinding);
  const rest = exchanges.filter((one) => !one.isFinding);
  return (
    <>
      <section className="panel verdict" data-testid="capture-verdict">
        <h2 className={findings.length === 0 ? 'good' : 'bad'}>
          {findings.length === 0 ? t('capture.nothing') : <Short exchange={findings[0]} />}
        </h2>
        <p className="dim">{t('capture.summary', { packets, connections, questions, seconds })}</p>
        {problems.map((one) => (
          <p key={one.key} className="warn">
            {sectionText(t, 'capture.problem', one)}
          </p>
        ))}
      </section>
      {findings.map((one, i) => (
        <section key={keyOf(one, i)} className="panel" data-testid={`exchange-${one.verdict}`}>
          <Exchange exchange={one} />
        </section>
      ))}
      {rest.length > 0 && (
        <details className="panel">
          <summary>{t('traffic.exchanges', { count: rest.length })}</summary>
          {rest.map((one, i) => (
            <Exchange key={keyOf(one, i)} exchange={one} />
          ))}
        </details>
      )}
      {more > 0 && <p className="dim">{t('traffic.more', { count: more })}</p>}
    </>
  );
}

/** The same two addresses may talk twice; the list is never reordered. */
function keyOf({ client, server, name }: CapturedExchange, i: number): string {
  return `${i} ${client} ${server} ${name}`;
}

function Short({ exchange }: { readonly exchange: CapturedExchange | undefined }) {
  const t = useSnapshot((state) => state.t);
  if (exchange === undefined) return null;
  const { verdict, origin, name, server } = exchange;
  const whose = origin === null ? '' : ` — ${t(`capture.origin.${origin}`)}`;
  return `${name ?? server}: ${sectionText(t, `capture.verdict.${verdict}`, { key: 'short', params: {} })}${whose}`;
}

function Exchange({ exchange }: { readonly exchange: CapturedExchange }) {
  const t = useSnapshot((state) => state.t);
  const { client, server, verdict, isFinding, confidence, evidence, timeline } = exchange;
  return (
    <div className="exchange">
      <h3 className={isFinding ? 'bad' : 'dim'}>
        <Short exchange={exchange} />
      </h3>
      <p className="mono dim">
        {client} → {server}
      </p>
      <p>{sectionText(t, `capture.verdict.${verdict}`, { key: 'meaning', params: {} })}</p>
      <ul className="notes">
        {evidence.map((one) => (
          <li key={`${one.key} ${JSON.stringify(one.params)}`}>{evidenceText(t, one)}</li>
        ))}
      </ul>
      {timeline.length > 0 && (
        <ol className="moments mono">
          {timeline.map((moment) => (
            <Moment key={`${moment.atMs} ${moment.from} ${moment.what} ${moment.clientBytes}`} moment={moment} />
          ))}
        </ol>
      )}
      <p className="dim">
        {t('traffic.sure', { percent: Math.round(confidence * 100) })} · {verdict}
      </p>
    </div>
  );
}

function Moment({ moment }: { readonly moment: CaptureMoment }) {
  const t = useSnapshot((state) => state.t);
  const { atMs, from, what, detail, clientBytes, serverBytes } = moment;
  return (
    <li>
      <span className="num dim">{atMs.toFixed(1)} ms</span>
      <span className={from === 'client' ? 'side client' : 'side server'}>{t(`capture.side.${from}`)}</span>
      <span>
        {sectionText(t, 'capture.happening', { key: what, params: {} })}
        {detail !== null && <span className="dim"> ({detail})</span>}
      </span>
      <span className="num dim" title={t('traffic.bytes', { client: clientBytes, server: serverBytes })}>
        {clientBytes}/{serverBytes}
      </span>
    </li>
  );
}
