/** What the last probe of an endpoint says: why it failed, who answered, and each step it took. */
import type { FailedResult, OkResult, ProbeStep } from '../../shared/domain/result.ts';
import { formatLatency } from '../../shared/messages/format.ts';
import { causeMeaning } from '../../shared/messages/messages.ts';
import { remedyForHost } from '../../shared/messages/remedies.ts';
import { resultFacts } from '../../shared/messages/result-facts.ts';
import { Remedy } from '../common/remedy.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';

/** Why the probe failed, and what to do about it. */
export function FailureCard({ result }: { readonly result: FailedResult }) {
  const t = useSnapshot((state) => state.t);
  const { cause, message, code } = result.failure;
  return (
    <section className="card">
      <dl className="facts">
        <dt>{t('popover.what')}</dt>
        <dd>{causeMeaning(t, cause)}</dd>
        <dt>{t('popover.remedy')}</dt>
        <dd>
          <Remedy text={remedyForHost(t, cause, result.url)} />
        </dd>
        <dt>{t('popover.raw')}</dt>
        <dd>
          <code>{[cause, code, message].filter((one) => one !== undefined).join(' · ')}</code>
        </dd>
      </dl>
    </section>
  );
}

/** Address, protocol, certificate, evidence and steps. */
export function FactsCard({ result }: { readonly result: OkResult | FailedResult }) {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="card">
      <dl className="facts num">
        {resultFacts(result, t).map(([label, value]) => (
          <FactRow key={`${label}${value}`} label={label} value={value} />
        ))}
        {result.steps.length > 1 && <StepRow steps={result.steps} />}
      </dl>
    </section>
  );
}

function FactRow({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

function StepRow({ steps }: { readonly steps: readonly ProbeStep[] }) {
  const t = useSnapshot((state) => state.t);
  return (
    <>
      <dt>{t('popover.checks')}</dt>
      <dd className="checks">
        {steps.map((step, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step may run twice, and steps never move
          <span key={`${step.name}${i}`} className={stepClass(step)}>
            {step.outcome === 'ok' ? '✓' : step.advisory === true ? '–' : '✗'} {t(`popover.check-${step.name}`)}{' '}
            {formatLatency(step.durationMs)}
          </span>
        ))}
      </dd>
    </>
  );
}

/** An advisory step that fails is not a failure of the proxy. */
function stepClass({ outcome, advisory }: ProbeStep): string {
  if (outcome === 'ok') return 'good';
  return advisory === true ? 'dim' : 'bad';
}
