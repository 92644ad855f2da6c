/** How far each mirror is behind the newest version that any of them shows, and what else its zips and connections can do. */
import { useState } from 'react';
import type { LagCell } from '../../../shared/domain/timeline.ts';
import { formatAge } from '../../../shared/messages/format.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

export function LagMatrix() {
  const t = useSnapshot((state) => state.t);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const known = useDashboard((state) => state.dashboard?.lag);
  const rows = known ?? [];
  const abilities = useDashboard((state) => state.dashboard?.mirrors) ?? [];
  const now = useNow();
  const nameOf = (id: string) => endpoints.find(({ endpoint }) => endpoint.id === id)?.endpoint.name ?? id;
  const listed = rows.flatMap(({ cells }) => cells.map(({ endpointId }) => endpointId));
  const mirrors = [...new Set([...listed, ...abilities.map(({ endpointId }) => endpointId)])];
  return (
    <section className="panel" aria-labelledby="lag-title">
      <h2 id="lag-title">{t('dashboard.lag')}</h2>
      {mirrors.length === 0 ? (
        known !== undefined && <NotCompared />
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
              <th scope="col" title={t('note.zip-resumable')}>
                {t('dashboard.mirror-resumes')}
              </th>
              <th scope="col" title={t('note.http2-holds')}>
                {t('dashboard.mirror-http2')}
              </th>
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
                <Ability value={abilities.find(({ endpointId }) => endpointId === id)?.resumable ?? null} />
                <Ability value={abilities.find(({ endpointId }) => endpointId === id)?.http2Holds ?? null} />
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

function Ability({ value }: { readonly value: boolean | null }) {
  const t = useSnapshot((state) => state.t);
  if (value === null) return <td className="dim">{t('dashboard.ability-unknown')}</td>;
  return <td className={value ? 'good' : 'warn'}>{t(value ? 'dashboard.ability-yes' : 'dashboard.ability-no')}</td>;
}

/** Two mirrors are needed to compare; a watched module is there by default. */
function NotCompared() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const mirrors = useSnapshot(
    ({ snapshot }) => snapshot.endpoints.filter(({ endpoint }) => endpoint.kind === 'goproxy').length,
  );
  const { addEndpoint, refresh } = useDashboard((state) => state);
  const [comparing, setComparing] = useState(false);
  if (mirrors < 2) {
    return <EmptyState text={t('dashboard.lag-alone')} action={t('settings.endpoint-add')} onAct={addEndpoint} />;
  }
  const compare = async () => {
    if (comparing) return;
    setComparing(true);
    await send('lag.compare', null);
    await refresh(Date.now());
    setComparing(false);
  };
  return (
    <EmptyState
      text={t('dashboard.lag-none')}
      action={comparing ? t('dashboard.lag-comparing') : t('dashboard.lag-compare')}
      onAct={() => void compare()}
    />
  );
}

function tone(cell: LagCell | undefined): string | undefined {
  if (cell === undefined || cell.versionsBehind === null) return 'dim';
  return cell.versionsBehind > 0 ? 'warn' : 'good';
}
