/** One layer: its mark, and on a click what was seen and how to see it by hand. What failed is open from the start. */
import type { Check } from '../../../shared/domain/doctor.ts';
import { noteText } from '../../../shared/messages/doctor-texts.ts';
import { formatLatency } from '../../../shared/messages/format.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';

const MARKS: Readonly<Record<Check['status'], string>> = {
  waiting: '·',
  running: '…',
  ok: '✓',
  warning: '▲',
  failed: '✗',
  'not-judged': '–',
  'not-needed': '–',
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
  const head = (
    <>
      <span className={`mark ${TONES[status]}`} aria-hidden="true">
        {MARKS[status]}
      </span>
      <b>{t(`doctor.check-${id}`)}</b>
      <span className={TONES[status]}>{t(`doctor.status-${status}`)}</span>
      {durationMs !== null && durationMs >= 1 && status !== 'not-needed' && (
        <span className="num dim">{formatLatency(durationMs)}</span>
      )}
    </>
  );
  if (notes.length === 0 && commands.length === 0) {
    return (
      <li className="layer" data-testid={`check-${id}`} data-status={status}>
        <div className="check-head">{head}</div>
      </li>
    );
  }
  return (
    <li className="layer" data-testid={`check-${id}`} data-status={status}>
      {/* Anew when it ends, so that what failed opens. */}
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
