/** One endpoint in depth: its last probe phase by phase, who was on the other side, and what went wrong when. */
import { useEffect, useState } from 'react';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import type { FailedResult, OkResult, ProbeStep } from '../../shared/domain/result.ts';
import type { EndpointDetail, EndpointState, Language } from '../../shared/domain/snapshot.ts';
import { formatAge, formatClock, formatDuration, formatLatency } from '../../shared/messages/format.ts';
import {
  causeMeaning,
  causeRemedy,
  causeShort,
  experimentText,
  type Translate,
} from '../../shared/messages/messages.ts';
import { StatusShape } from '../common/shapes.tsx';
import { IconButton } from './footer.tsx';
import { PhaseBar } from './phase-bar.tsx';
import { endpointReport } from './report.ts';
import { useNow, usePopover } from './use-popover.ts';

export function EndpointView({ endpointId }: { readonly endpointId: string }) {
  const state = usePopover((one) => one.snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId));
  const t = usePopover((one) => one.t);
  const language = usePopover((one) => one.language);
  const { show, send } = usePopover((one) => one);
  const detail = useDetail(endpointId);
  const [copied, setCopied] = useState(false);
  const now = useNow();
  if (state === undefined) return <p className="empty">{t('problem.no-such-endpoint', { endpoint: endpointId })}</p>;
  const { endpoint, status, reason, since, last } = state;
  const copy = async () => {
    const text = endpointReport(state, detail?.incidents ?? [], t, language, now);
    setCopied((await send('clipboard.write', { text })).ok);
  };
  return (
    <>
      <div className="bar">
        <IconButton icon="back" label={t('popover.back')} onClick={() => show({ name: 'overview' })} />
        <h1 className="clip">{endpoint.name}</h1>
        <IconButton
          icon="probe"
          label={t('popover.probe-now')}
          turning={state.probing}
          onClick={() => void send('probe.now', { endpointId })}
        />
        <IconButton
          icon="copy"
          label={copied ? t('popover.copied') : t('popover.copy-report')}
          onClick={() => void copy()}
        />
      </div>
      <section className="card summary" data-testid="summary">
        <StatusShape shape={reason ?? status} />
        <span className="num">
          {t('popover.status-since', {
            status: t(`status.${reason ?? status}`),
            span: formatDuration(now - since, language),
          })}
          {last !== null && ` · ${formatAge(last.startedAt, now, language)}`}
        </span>
        <span className="url">{redactUrl(endpoint.url)}</span>
        {state.forwardProxyOfGo !== null && (
          <span className="url">{t('popover.go-goes-through', { proxy: state.forwardProxyOfGo })}</span>
        )}
        {state.degradation !== null && <span className="url">{t(`degradation.${state.degradation}`)}</span>}
        <span className="url num">{baselineText(state, t)}</span>
        {state.breaker === 'open' && <span className="url">{t('popover.breaker-open')}</span>}
      </section>
      <section className="section">
        <h2>
          <span>{t('popover.phases')}</span>
        </h2>
        <div className="card">
          {last === null ? <span className="dim">{t('popover.phases-none')}</span> : <PhaseBar result={last} />}
        </div>
      </section>
      {last?.outcome === 'failed' && <Explanation result={last} t={t} />}
      {last !== null && <Facts result={last} t={t} />}
      <section className="section">
        <h2>
          <span>{t('popover.incidents')}</span>
        </h2>
        <div className="list" data-testid="incidents">
          {(detail?.incidents ?? []).map((incident) => (
            <IncidentRow key={incident.id} incident={incident} t={t} language={language} now={now} />
          ))}
          {detail !== null && detail.incidents.length === 0 && <p className="empty">{t('popover.no-incidents')}</p>}
        </div>
      </section>
    </>
  );
}

/** Asks again when a new result of this endpoint came in. */
function useDetail(endpointId: string): EndpointDetail | null {
  const send = usePopover((state) => state.send);
  const newest = usePopover((state) =>
    stamp(state.snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId)),
  );
  const [detail, setDetail] = useState<EndpointDetail | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new result is the reason to ask again
  useEffect(() => {
    let current = true;
    void send('endpoint.detail', { endpointId }).then((answer) => current && setDetail(answer));
    return () => {
      current = false;
    };
  }, [send, endpointId, newest]);
  return detail;
}

function stamp(state: EndpointState | undefined): string {
  return `${state?.last?.startedAt ?? 0} ${state?.status ?? ''}`;
}

function Explanation({ result, t }: { readonly result: FailedResult; readonly t: Translate }) {
  const { cause, message, code } = result.failure;
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('popover.what')}</dt>
        <dd>{causeMeaning(t, cause)}</dd>
        <dt>{t('popover.remedy')}</dt>
        <dd>{causeRemedy(t, cause)}</dd>
        <dt>{t('popover.raw')}</dt>
        <dd>
          <code>{[cause, code, message].filter((one) => one !== undefined).join(' · ')}</code>
        </dd>
      </dl>
    </section>
  );
}

/** What is usual at this hour, or how far the learning is. */
function baselineText({ baseline, learning }: EndpointState, t: Translate): string {
  const { daysKnown: known, daysNeeded: needed } = learning;
  if (baseline === null) return t('popover.learning', { known: Math.min(known, needed), needed });
  const [median, limit] = [formatLatency(baseline.medianMs), formatLatency(baseline.limitMs)];
  return `${t('popover.baseline')} ${t('popover.baseline-of', { median, limit })}`;
}

interface FactsProps {
  readonly result: OkResult | FailedResult;
  readonly t: Translate;
}

function Facts({ result, t }: FactsProps) {
  const { remote, protocol, tls, evidence, steps } = result;
  const rows: [string, string][] = [];
  if (remote !== undefined) rows.push([t('popover.address'), `${remote.address} · ${remote.port}`]);
  if (protocol !== undefined)
    rows.push([t('popover.protocol'), [protocol, tls?.version, tls?.cipher].filter(Boolean).join(' · ')]);
  if (tls !== undefined) {
    const until = new Date(tls.validTo).toISOString().slice(0, 10);
    rows.push([t('popover.certificate'), t('popover.certificate-of', { issuer: tls.issuer, until })]);
    if (tls.trust !== 'bundled') rows.push(['', t(`popover.trust-${tls.trust}`, { issuer: tls.issuer })]);
  }
  if (evidence.redirects !== undefined) rows.push([t('popover.redirects'), evidence.redirects.join(' → ')]);
  if (evidence.bodyStart !== undefined && evidence.bodyStart !== '')
    rows.push([t('popover.answer'), evidence.bodyStart]);
  if (evidence.repository !== undefined) rows.push([t('popover.repository'), evidence.repository]);
  for (const answer of evidence.answers ?? []) rows.push([t('popover.answers'), answer]);
  for (const note of evidence.notes ?? []) rows.push([t('popover.notes'), t(`note.${note}`)]);
  for (const experiment of evidence.experiments ?? [])
    rows.push([t('popover.experiments'), experimentText(t, experiment)]);
  return (
    <section className="card">
      <dl className="facts num">
        {rows.map(([label, value]) => (
          <FactRow key={`${label}${value}`} label={label} value={value} />
        ))}
        {steps.length > 1 && (
          <>
            <dt>{t('popover.checks')}</dt>
            <dd className="checks">
              {steps.map((step, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a step may be played twice, and steps never move
                <span key={`${step.name}${i}`} className={stepClass(step)}>
                  {step.outcome === 'ok' ? '✓' : step.advisory === true ? '–' : '✗'} {t(`popover.check-${step.name}`)}{' '}
                  {formatLatency(step.durationMs)}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What a proxy may lack is no fault. */
function stepClass({ outcome, advisory }: ProbeStep): string {
  if (outcome === 'ok') return 'good';
  return advisory === true ? 'dim' : 'bad';
}

function FactRow({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

interface IncidentProps {
  readonly incident: Incident;
  readonly t: Translate;
  readonly language: Language;
  readonly now: number;
}

function IncidentRow({ incident, t, language, now }: IncidentProps) {
  const { severity, cause, startedAt, endedAt } = incident;
  const span = formatDuration(downtimeOf(incident, now), language);
  return (
    <div className="incident">
      <StatusShape shape={severity === 'intermittent' ? 'degraded' : severity} />
      <span className="clip">{cause === null ? t(`status.${severity}`) : causeShort(t, cause)}</span>
      <span className="num">{span}</span>
      <span className="when num">
        {formatClock(startedAt, now, language)}
        {endedAt === null && ` · ${t('popover.ongoing')}`}
      </span>
    </div>
  );
}
