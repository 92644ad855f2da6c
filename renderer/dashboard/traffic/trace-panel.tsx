/** A trace: what happened in words, each request as a bar on one time axis, and the connections they went over. */
import type { TracedConnection, TracedRequest, TraceOutcome, TraceSummary } from '../../../shared/domain/traffic.ts';
import { sectionText } from '../../../shared/messages/capture-texts.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { remedyForHost } from '../../../shared/messages/remedies.ts';
import { Remedy } from '../../common/remedy.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

const TONES: Readonly<Record<TraceOutcome, string>> = {
  healthy: 'good',
  recovered: 'good',
  slow: 'warn',
  'fell-back': 'warn',
  failed: 'bad',
  hung: 'bad',
  empty: 'warn',
};

export function TracePanel({
  trace: { outcome, cause, host, statements, requests, earlier, connections, lastAt },
  lines,
  running,
}: {
  readonly trace: TraceSummary;
  readonly lines: readonly string[];
  readonly running: boolean;
}) {
  const t = useSnapshot((state) => state.t);
  return (
    <>
      {!running && (
        <section className="panel verdict" data-testid="trace-verdict">
          <h2 className={TONES[outcome]}>
            {t(`trace.outcome-${outcome}`)}
            {host !== null && ` — ${host}`}
          </h2>
          <ul className="notes">
            {statements.map((one) => (
              <li key={`${one.key} ${JSON.stringify(one.params)}`}>{sectionText(t, 'trace', one)}</li>
            ))}
          </ul>
          {cause !== null && <Remedy text={remedyForHost(t, cause, host)} />}
        </section>
      )}
      {requests.length > 0 && (
        <section className="panel">
          <h2>{t('traffic.requests')}</h2>
          {earlier > 0 && <p className="dim">{t('traffic.earlier', { count: earlier })}</p>}
          <ol className="waterfall" data-testid="trace-requests">
            {requests.map((request, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be asked for twice; rows are only added
              <RequestRow key={i} request={request} endMs={lastAt} running={running} />
            ))}
          </ol>
        </section>
      )}
      {connections.length > 0 && (
        <section className="panel">
          <h2>{t('traffic.connections')}</h2>
          <ul className="notes mono">
            {connections.map((one) => (
              <ConnectionRow key={one.id} connection={one} />
            ))}
          </ul>
        </section>
      )}
      {lines.length > 0 && (
        <details className="panel" open={running}>
          <summary>{t('traffic.lines')}</summary>
          <pre className="mono log" data-testid="trace-lines">
            {lines.join('\n')}
          </pre>
        </details>
      )}
    </>
  );
}

/** The bar stands where the request was under way, on the axis of the whole trace. */
function RequestRow({
  request: { url, at, status, seconds, error, retries },
  endMs,
  running,
}: {
  readonly request: TracedRequest;
  readonly endMs: number | null;
  readonly running: boolean;
}) {
  const t = useSnapshot((state) => state.t);
  const isOpen = status === null && error === null;
  const tone = error !== null || (status ?? 0) >= 400 ? 'bad' : isOpen ? 'warn' : 'good';
  const ms = seconds === null ? null : seconds * 1_000;
  const whole = Math.max(endMs ?? 0, 1);
  const lasted = ms ?? (isOpen && at !== null ? whole - at : 0);
  const place = at === null ? null : { left: percent(at, whole), width: percent(lasted, whole) };
  return (
    <li data-status={status ?? (error === null ? 'open' : 'error')}>
      <span className="mono url" title={url}>
        {/* The ellipsis stands at the start; the text itself is read from the left. */}
        <bdi dir="ltr">{url.replace(/^https?:\/\//, '')}</bdi>
      </span>
      <span className="track">{place !== null && <span className={`bar ${tone}`} style={place} />}</span>
      <span className={`num ${tone}`}>
        {error !== null ? '✗' : (status ?? (running ? t('traffic.waiting') : t('traffic.unanswered')))}
        {retries > 0 && ` · ${t('traffic.retried', { count: retries + 1 })}`}
      </span>
      <span className="num dim">{ms === null ? '' : formatLatency(ms)}</span>
      {error !== null && <span className="error bad mono">{error}</span>}
    </li>
  );
}

function percent(part: number, whole: number): string {
  return `${Math.min(100, Math.max(0, (part / whole) * 100))}%`;
}

function ConnectionRow({ connection }: { readonly connection: TracedConnection }) {
  const t = useSnapshot((state) => state.t);
  const { host, address, handshakeMs, streams, ends } = connection;
  const parts = [
    `${host} ${address}`,
    ...(handshakeMs === null ? [] : [t('trace.handshake', { ms: Math.round(handshakeMs) })]),
    t('trace.streams', { count: streams }),
  ];
  return (
    <li>
      {parts.join(' · ')} {ends.length > 0 && <span className="bad">{ends.join(' · ')}</span>}
    </li>
  );
}
