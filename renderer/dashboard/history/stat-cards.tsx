/** Four figures of the chosen endpoint: its state now, its day, its latency, its outages. */
import { formatClock, formatDuration, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';
import { claimOf, monthSince } from './measured-since.ts';

const TONES = { up: 'good', down: 'bad', degraded: 'warn', flapping: 'warn', unknown: 'dim' } as const;

export function StatCards() {
  const t = useSnapshot((state) => state.t);
  const endpointId = useDashboard((state) => state.endpointId);
  const state = useSnapshot(({ snapshot }) => snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId));
  const row = useDashboard(({ dashboard }) => dashboard?.uptime.find((one) => one.endpointId === endpointId));
  const language = useSnapshot((one) => one.language);
  const now = useNow();
  if (state === undefined) return null;
  const { endpoint, status, reason, since } = state;
  const sinceText = (at: number) => t('dashboard.since', { when: formatClock(at, now, language) });
  const measured = row?.since ?? null;
  const dayBegan = measured === null || claimOf('day', measured, now) === 'whole' ? null : measured;
  const monthBegan = row === undefined ? null : monthSince(row, now);
  const outageNotes = [
    row === undefined || row.outages === 0 ? null : formatDuration(row.downtimeMs, t),
    monthBegan === null ? null : sinceText(monthBegan),
  ].filter((one) => one !== null);
  return (
    <dl className="stats num" data-testid="stats">
      <Stat
        label={t('dashboard.stat-now', { name: endpoint.name })}
        value={t(`status.${reason ?? status}`)}
        tone={reason === null ? TONES[status] : 'dim'}
        note={t('popover.since', { span: formatDuration(now - since, t) })}
      />
      <Stat
        label={t('dashboard.stat-day')}
        value={row?.day == null ? '—' : formatPercent(row.day)}
        note={dayBegan === null ? undefined : sinceText(dayBegan)}
      />
      <Stat
        label={t('dashboard.stat-latency')}
        value={row?.p50 == null ? '—' : formatLatency(row.p50)}
        note={row?.p95 == null ? undefined : `p95 ${formatLatency(row.p95)}`}
      />
      <Stat
        label={t('dashboard.outages')}
        value={row === undefined ? '—' : String(row.outages)}
        note={outageNotes.length === 0 ? undefined : outageNotes.join(' · ')}
      />
    </dl>
  );
}

interface StatProps {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: 'good' | 'bad' | 'warn' | 'dim';
}

function Stat({ label, value, note, tone }: StatProps) {
  return (
    <div className="stat">
      <dt className="clip">{label}</dt>
      <dd className={tone}>
        {value} {note !== undefined && <small className="dim">{note}</small>}
      </dd>
    </div>
  );
}
