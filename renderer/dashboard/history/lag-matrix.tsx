/** How far each mirror is behind the newest version that any of them shows. */
import type { LagCell } from '../../../shared/domain/timeline.ts';
import { formatAge } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

export function LagMatrix() {
  const t = useSnapshot((state) => state.t);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const rows = useDashboard((state) => state.dashboard?.lag) ?? [];
  const now = useNow();
  const nameOf = (id: string) => endpoints.find(({ endpoint }) => endpoint.id === id)?.endpoint.name ?? id;
  const mirrors = [...new Set(rows.flatMap(({ cells }) => cells.map(({ endpointId }) => endpointId)))];
  return (
    <section className="panel" aria-labelledby="lag-title">
      <h2 id="lag-title">{t('dashboard.lag')}</h2>
      {rows.length === 0 ? (
        <p className="nothing dim">{t('dashboard.lag-none')}</p>
      ) : (
        <table className="num" data-testid="lag">
          <thead>
            <tr>
              <th scope="col">{t('dashboard.mirror')}</th>
              {rows.map(({ module }) => (
                <th key={module} scope="col" className="clip" title={module}>
                  {module}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {mirrors.map((id) => (
              <tr key={id}>
                <th scope="row" className="clip" title={nameOf(id)}>
                  {nameOf(id)}
                </th>
                {rows.map(({ module, cells }) => {
                  const cell = cells.find(({ endpointId }) => endpointId === id);
                  return (
                    <td key={module} className={tone(cell)} title={cell?.newest ?? undefined}>
                      {words(cell)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rows[0] !== undefined && <p className="note">{t('dashboard.asked', { age: formatAge(rows[0].at, now, t) })}</p>}
    </section>
  );

  function words(cell: LagCell | undefined): string {
    if (cell === undefined || cell.versionsBehind === null) return t('dashboard.lag-unknown');
    if (cell.versionsBehind === 0) return '✓';
    const { versionsBehind: count, hoursBehind } = cell;
    return hoursBehind === null
      ? t('dashboard.behind', { count })
      : t('dashboard.behind-hours', { count, hours: Math.round(hoursBehind) });
  }
}

function tone(cell: LagCell | undefined): string | undefined {
  if (cell === undefined || cell.versionsBehind === null) return 'dim';
  return cell.versionsBehind > 0 ? 'warn' : 'good';
}
