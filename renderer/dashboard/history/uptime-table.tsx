/** How reliable and how fast each endpoint was. */
import type { UptimeRow } from '../../../shared/domain/timeline.ts';
import { formatClock, formatDuration, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { claimOf, type ShareKey } from './measured-since.ts';

const SHARES = ['day', 'week', 'month', 'year'] as const;
const PERCENTILES = ['p50', 'p95', 'p99'] as const;

export function UptimeTable() {
  const t = useSnapshot((state) => state.t);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const rows = useDashboard((state) => state.dashboard?.uptime) ?? [];
  const at = useDashboard((state) => state.dashboard?.at) ?? 0;
  const { choose, endpointId } = useDashboard((state) => state);
  const nameOf = (id: string) => endpoints.find(({ endpoint }) => endpoint.id === id)?.endpoint.name ?? id;
  return (
    <section className="panel" aria-labelledby="uptime-title">
      <h2 id="uptime-title">{t('dashboard.uptime')}</h2>
      <table className="num uptime" data-testid="uptime">
        <thead>
          <tr>
            <th scope="col">{t('popover.endpoints')}</th>
            {SHARES.map((key) => (
              <th key={key} scope="col">
                {t(`dashboard.${key}`)}
              </th>
            ))}
            {PERCENTILES.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
            <th scope="col">{t('dashboard.outages')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.endpointId} className={row.endpointId === endpointId ? 'chosen' : undefined}>
              <th scope="row">
                <button type="button" className="clip" onClick={() => choose(row.endpointId)}>
                  {nameOf(row.endpointId)}
                </button>
              </th>
              {SHARES.map((key) => (
                <ShareCell key={key} row={row} share={key} at={at} />
              ))}
              {PERCENTILES.map((key) => (
                <td key={key}>{row[key] === null ? '—' : formatLatency(row[key])}</td>
              ))}
              <td>{outages(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );

  function outages({ outages: count, downtimeMs }: UptimeRow): string {
    return count === 0 ? '0' : `${count} · ${formatDuration(downtimeMs, t)}`;
  }
}

interface ShareCellProps {
  readonly row: UptimeRow;
  readonly share: ShareKey;
  /** When the row was read. */
  readonly at: number;
}

/** A share is claimed for a span only when the endpoint has been measured that long. */
function ShareCell({ row, share, at }: ShareCellProps) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const claim = claimOf(share, row.since, at);
  const value = row[share];
  if (value === null || claim === 'nothing') return <td>—</td>;
  return (
    <td className={tone(value)}>
      {formatPercent(value)}
      {claim === 'since' && row.since !== null && (
        <small className="dim">{t('dashboard.since', { when: formatClock(row.since, at, language) })}</small>
      )}
    </td>
  );
}

/** Words are in the number; the colour only helps to find it. */
function tone(share: number | null): string | undefined {
  if (share === null || share >= 0.99) return undefined;
  return share < 0.95 ? 'bad' : 'warn';
}
