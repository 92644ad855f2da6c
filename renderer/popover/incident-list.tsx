/** The incidents of one endpoint, newest first. */
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import { formatClock, formatDuration } from '../../shared/messages/format.ts';
import { causeShort } from '../../shared/messages/messages.ts';
import { EmptyState } from '../common/empty-state.tsx';
import { StatusShape } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

interface Props {
  readonly endpointId: string;
  /** null until they are known. */
  readonly incidents: readonly Incident[] | null;
}

export function IncidentList({ endpointId, incidents }: Props) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  return (
    <section className="section">
      <h2>
        <span>{t('popover.incidents')}</span>
      </h2>
      <div className="list" data-testid="incidents">
        {incidents?.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
        {incidents?.length === 0 && (
          <EmptyState
            text={t('popover.no-incidents')}
            action={t('menu.probe-now')}
            onAct={() => void send('probe.now', { endpointId })}
          />
        )}
      </div>
    </section>
  );
}

function IncidentRow({ incident }: { readonly incident: Incident }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const now = useNow();
  const { severity, cause, startedAt, endedAt } = incident;
  return (
    <div className="incident">
      <StatusShape shape={severity === 'intermittent' ? 'degraded' : severity} />
      <span className="clip">{cause === null ? t(`status.${severity}`) : causeShort(t, cause)}</span>
      <span className="num">{formatDuration(downtimeOf(incident, now), t)}</span>
      <span className="when num">
        {formatClock(startedAt, now, language)}
        {endedAt === null && ` · ${t('popover.ongoing')}`}
      </span>
    </div>
  );
}
