/** One layer: its mark, and on a click what was seen and how to see it by hand. What failed is open from the start. */
import type { Check } from '../../../shared/domain/doctor.ts';
import { noteText } from '../../../shared/messages/doctor-texts.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { Icon, StepShape, type StepState } from '../../common/shapes.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

const STEPS: Readonly<Record<Check['status'], StepState>> = {
  waiting: 'skipped',
  running: 'running',
  ok: 'passed',
  warning: 'warned',
  failed: 'failed',
  'not-judged': 'skipped',
  'not-needed': 'skipped',
};
const TONES = {
  waiting: 'dim',
  running: 'dim',
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
  'not-judged': 'dim',
  'not-needed': 'dim',
} as const;
const NOTE_TONES = { info: '', warning: 'warn', error: 'bad' } as const;

export function CheckRow({ check: { id, status, notes, commands, durationMs } }: { readonly check: Check }) {
  const t = useSnapshot((state) => state.t);
  const opens = notes.length + commands.length > 0;
  const head = (
    <>
      <StepShape step={STEPS[status]} />
      <b className="clip">{t(`doctor.check-${id}`)}</b>
      <span className={`clip ${TONES[status]}`}>{t(`doctor.status-${status}`)}</span>
      <span className="num dim">
        {durationMs !== null && durationMs >= 1 && status !== 'not-needed' && formatLatency(durationMs)}
      </span>
      {opens ? <Icon name="open" /> : <span />}
    </>
  );
  if (!opens) {
    return (
      <li className="layer" data-testid={`check-${id}`} data-status={status}>
        <div className="check-head">{head}</div>
      </li>
    );
  }
  return (
    <li className="layer" data-testid={`check-${id}`} data-status={status}>
      {/* Created again when it ends, so that what failed opens. */}
      <details key={status} open={status === 'failed' || status === 'warning'}>
        <summary className="check-head">{head}</summary>
        <ul className="notes">
          {notes.map((one) => (
            <li key={`${one.key} ${JSON.stringify(one.params)}`} className={NOTE_TONES[one.severity]}>
              {noteText(t, one)}
            </li>
          ))}
        </ul>
        {commands.map((command) => (
          <div key={command} className="actions command">
            <code className="mono">{command}</code>
            <CopyButton text={command} label={t('doctor.copy')} />
          </div>
        ))}
      </details>
    </li>
  );
}
