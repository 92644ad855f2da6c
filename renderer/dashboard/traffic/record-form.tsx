/** Recording packets on macOS: named hosts, bounded, and the exact command before macOS asks for a password. */
import { type FormEvent, useState } from 'react';
import type { RequestInput } from '../../../shared/contract/channels.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

type Recording = RequestInput<'traffic.record'>;

const SPANS = [10, 30, 60, 120] as const;

export function RecordForm({ running }: { readonly running: boolean }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const [hosts, setHosts] = useState('');
  const [seconds, setSeconds] = useState<Recording['seconds']>(30);
  const [plan, setPlan] = useState<{ readonly recording: Recording; readonly command: string } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async (event: FormEvent) => {
    event.preventDefault();
    const recording = { hosts: hostsIn(hosts), seconds };
    const planned = await send('traffic.plan', recording);
    setPlan(planned.ok ? { recording, command: planned.command } : null);
    setProblem(planned.ok ? null : problemText(t, planned.problem));
  };
  const record = (agreed: boolean) => {
    if (agreed && plan !== null) void send('traffic.record', plan.recording);
    setPlan(null);
  };
  return (
    <section className="panel record">
      <h2>{t('traffic.record-title')}</h2>
      <form className="panel-head" onSubmit={(event) => void ask(event)}>
        <input
          type="text"
          className="mono module"
          value={hosts}
          spellCheck={false}
          placeholder={t('traffic.record-hosts')}
          aria-label={t('traffic.record-hosts')}
          data-testid="record-hosts"
          onChange={(event) => setHosts(event.target.value)}
        />
        <select
          value={seconds}
          aria-label={t('traffic.record-title')}
          onChange={(event) => setSeconds(SPANS.find((one) => String(one) === event.target.value) ?? 30)}
        >
          {SPANS.map((one) => (
            <option key={one} value={one}>
              {t('traffic.record-for', { seconds: one })}
            </option>
          ))}
        </select>
        <button type="submit" className="button" disabled={running || hosts.trim() === ''} data-testid="record-ask">
          {t('traffic.record')}
        </button>
      </form>
      {problem !== null && (
        <p className="notice problem" role="alert" data-testid="record-problem">
          {problem}
        </p>
      )}
      {plan !== null && <RecordPlan command={plan.command} onAnswer={record} />}
    </section>
  );
}

/** The contract takes at most 16. */
function hostsIn(text: string): string[] {
  return text
    .split(/[\s,，、]+/)
    .filter((one) => one !== '')
    .slice(0, 16);
}

interface RecordPlanProps {
  readonly command: string;
  readonly onAnswer: (agreed: boolean) => void;
}

/** The exact command, shown before macOS asks for a password. */
function RecordPlan({ command, onAnswer }: RecordPlanProps) {
  const t = useSnapshot((state) => state.t);
  return (
    <div className="plan" role="alertdialog" aria-label={t('traffic.record-title')} data-testid="record-plan">
      <p>{t('traffic.record-note')}</p>
      <p className="mono">{command}</p>
      <div className="actions">
        <button type="button" className="button primary" data-testid="record-go" onClick={() => onAnswer(true)}>
          {t('traffic.continue')}
        </button>
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {t('doctor.cancel')}
        </button>
      </div>
    </div>
  );
}
