/** Practise an outage: begin one, follow it, end it, and see what earlier ones measured. */
import { formatClock, formatDuration, formatLatency } from '../../../shared/messages/format.ts';
import { useNow, usePopover } from '../../popover/use-popover.ts';
import { useDashboard } from '../context.ts';

const TIMES = ['detectMs', 'notifyMs', 'switchMs', 'recoverMs'] as const;

export function DrillPanel() {
  const t = usePopover((state) => state.t);
  const language = usePopover((state) => state.language);
  const { drill, verdict } = usePopover((state) => state.snapshot);
  const notice = usePopover((state) => state.notice);
  const { send } = usePopover((state) => state);
  const drills = useDashboard((state) => state.dashboard?.drills) ?? [];
  const now = useNow();
  const word = (ms: number | null) =>
    ms === null ? '—' : ms < 1_000 ? formatLatency(ms) : formatDuration(ms, language);
  return (
    <section className="panel" aria-labelledby="drill-title">
      <div className="panel-head">
        <h2 id="drill-title">{t('dashboard.drill')}</h2>
        {drill === null ? (
          <button
            type="button"
            className="button"
            data-testid="drill-start"
            disabled={verdict.severity !== 'healthy'}
            onClick={() => void send('drill.start', null)}
          >
            {t('dashboard.drill-start')}
          </button>
        ) : (
          <button
            type="button"
            className="button"
            data-testid="drill-cancel"
            onClick={() => void send('drill.cancel', null)}
          >
            {t('dashboard.drill-cancel')}
          </button>
        )}
      </div>
      <p className="note">{t('dashboard.drill-what')}</p>
      {notice?.kind === 'problem' && (
        <p className="notice problem" role="alert">
          {t(`problem.${notice.problem.key}` as 'problem.drill-not-now')}
        </p>
      )}
      {drill !== null && (
        <p role="status" className="num" data-testid="drill-step">
          <b className="drill">{t('popover.drill')}</b> {t(`dashboard.drill-${drill.step}`)} ·{' '}
          {formatDuration(now - drill.startedAt, language)}
        </p>
      )}
      {drills.length > 0 && (
        <table className="num" data-testid="drills">
          <thead>
            <tr>
              <th scope="col">{t('dashboard.when')}</th>
              {TIMES.map((key) => (
                <th key={key} scope="col">
                  {t(`dashboard.${key}`)}
                </th>
              ))}
              <th scope="col">{t('dashboard.self-test')}</th>
            </tr>
          </thead>
          <tbody>
            {drills.map((report) => (
              <tr key={report.at}>
                <th scope="row">
                  {formatClock(report.at, now, language)}
                  {report.outcome !== 'done' && ` · ${t(`dashboard.drill-${report.outcome}`)}`}
                </th>
                {TIMES.map((key) => (
                  <td key={key}>{word(report[key])}</td>
                ))}
                <td className={report.selfTest === 'failed' ? 'bad' : undefined}>
                  {t(`dashboard.self-test-${report.selfTest}`)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
