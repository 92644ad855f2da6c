/** The doctor: ask, watch every layer being looked at, see the verdict with its proof, and mend it with one button. */
import { type FormEvent, useState } from 'react';
import type { Consultation } from '../../../shared/domain/doctor.ts';
import { findingText, targetText } from '../../../shared/messages/doctor-texts.ts';
import { causeMeaning, experimentText } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { CheckRow } from './check-row.tsx';
import { ExplainPanel } from './explain-panel.tsx';
import { FixList } from './fix-list.tsx';
import { PastConsultations } from './past-consultations.tsx';
import { ReportPanel } from './report-panel.tsx';
import { SincePanel } from './since-panel.tsx';
import { useDoctor } from './use-doctor.ts';

export function DoctorView() {
  const t = useSnapshot((state) => state.t);
  const current = useDoctor((state) => state.current);
  return (
    <div className="pages doctor" data-testid="doctor-page">
      <AskForm running={current !== null && current.endedAt === null} />
      <SincePanel />
      {current === null ? <p className="note">{t('doctor.what')}</p> : <ConsultationPanel consultation={current} />}
      <ExplainPanel />
      <PastConsultations />
    </div>
  );
}

function AskForm({ running }: { readonly running: boolean }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [target, setTarget] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send('doctor.start', { target: target.trim(), incidentId: null });
  };
  return (
    <form className="panel-head" onSubmit={submit}>
      <input
        type="text"
        className="module"
        value={target}
        spellCheck={false}
        placeholder={t('doctor.ask')}
        aria-label={t('doctor.ask')}
        data-testid="doctor-target"
        onChange={(event) => setTarget(event.target.value)}
      />
      {running ? (
        <button
          type="button"
          className="button"
          data-testid="doctor-cancel"
          onClick={() => void send('doctor.cancel', null)}
        >
          {t('doctor.cancel')}
        </button>
      ) : (
        <button type="submit" className="button primary" data-testid="doctor-start">
          {t('doctor.look')}
        </button>
      )}
    </form>
  );
}

/** How far the search for fixes is: the finding above it stands already. */
function TryingFixes({ done, of }: NonNullable<Consultation['trying']>) {
  const t = useSnapshot((state) => state.t);
  const text = t('doctor.trying', { done, of });
  return (
    <p className="trying dim" data-testid="doctor-trying">
      <progress className="thin" value={done} max={of} aria-label={text} />
      {text}
    </p>
  );
}

const TONES = {
  healthy: 'good',
  degraded: 'warn',
  down: 'bad',
  unknown: 'warn',
  offline: 'warn',
  paused: 'dim',
} as const;

function ConsultationPanel({ consultation }: { readonly consultation: Consultation }) {
  const t = useSnapshot((state) => state.t);
  const { checks, finding, experiments, cancelled, fixes, trying } = consultation;
  return (
    <>
      <section className={`panel verdict ${finding?.severity ?? ''}`} aria-live="polite" data-testid="doctor-verdict">
        <p className="dim">{targetText(t, consultation)}</p>
        {finding === null ? (
          <h2>{cancelled ? t('doctor.cancelled') : t('doctor.status-running')}</h2>
        ) : (
          <>
            <h2 className={TONES[finding.severity]}>{findingText(t, finding)}</h2>
            {finding.cause !== null && <p>{causeMeaning(t, finding.cause)}</p>}
          </>
        )}
        {(experiments.length > 0 || finding?.score != null) && (
          <ul className="chips" aria-label={t('doctor.experiments')}>
            {finding?.score != null && (
              <li>{t('doctor.sure', { percent: Math.round(finding.score * 100), rule: finding.rule ?? '' })}</li>
            )}
            {experiments.map((one) => (
              <li
                key={`${one.variable} ${one.value}`}
                className={one.unchanged === 0 && one.changed === one.tries ? 'good' : ''}
              >
                {experimentText(t, one)}
              </li>
            ))}
          </ul>
        )}
        {fixes.length > 0 && <FixList fixes={fixes} />}
        {trying !== null && <TryingFixes {...trying} />}
      </section>
      <section className="panel">
        <ol className="layers" data-testid="doctor-checks">
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} />
          ))}
        </ol>
        {consultation.endedAt !== null && <ReportPanel startedAt={consultation.startedAt} />}
      </section>
    </>
  );
}
