/** What earlier drills measured: how long until an outage was seen, reported, switched away from and over. */
import { formatClock, formatDuration, formatLatency } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

const TIMES = ['detectMs', 'notifyMs', 'switchMs', 'recoverMs'] as const;

export function DrillTable() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const drills = useDashboard((state) => state.dashboard?.drills) ?? [];
  const now = useNow();
  if (drills.length === 0) return null;
  const duration = (ms: number | null) => (ms === null ? '—' : ms < 1_000 ? formatLatency(ms) : formatDuration(ms, t));
  return (
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
              <td key={key}>{duration(report[key])}</td>
            ))}
            <td className={report.selfTest === 'failed' ? 'bad' : undefined}>
              {t(`dashboard.self-test-${report.selfTest}`)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
