/** Four figures of the chosen endpoint: its state now, its day, its latency, its outages. */
import { formatDuration, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDashboard } from '../use-dashboard.ts';

const TONES = { up: 'good', down: 'bad', degraded: 'warn', flapping: 'warn', unknown: 'dim' } as const;

export function StatCards() {
  const t = useSnapshot((state) => state.t);
  const endpointId = useDashboard((state) => state.endpointId);
  const state = useSnapshot(({ snapshot }) => snapshot.endpoints.find(({ endpoint }) => endpoint.id === endpointId));
  const row = useDashboard(({ dashboard }) => dashboard?.uptime.find((one) => one.endpointId === endpointId));
  const now = useNow();
  if (state === undefined) return null;
  const { endpoint, status, reason, since } = state;
  return (
    <dl className="stats num" data-testid="stats">
      <Stat
        label={t('dashboard.stat-now', { name: endpoint.name })}
        value={t(`status.${reason ?? status}`)}
        tone={reason === null ? TONES[status] : 'dim'}
        note={t('popover.since', { span: formatDuration(now - since, t) })}
      />
      <Stat label={t('dashboard.stat-day')} value={row?.day == null ? '—' : formatPercent(row.day)} />
      <Stat
        label={t('dashboard.stat-latency')}
        value={row?.p50 == null ? '—' : formatLatency(row.p50)}
        note={row?.p95 == null ? undefined : `p95 ${formatLatency(row.p95)}`}
      />
      <Stat
        label={t('dashboard.outages')}
        value={row === undefined ? '—' : String(row.outages)}
        note={row === undefined || row.outages === 0 ? undefined : formatDuration(row.downtimeMs, t)}
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
