/** The incidents of one endpoint, newest first. */
import { downtimeOf, type Incident } from '../../shared/domain/incident.ts';
import { formatClock, formatDuration } from '../../shared/messages/format.ts';
import { causeShort } from '../../shared/messages/messages.ts';
import { StatusShape } from '../common/shapes.tsx';
import { useNow } from '../common/use-now.ts';
import { useSnapshot } from '../common/use-snapshot.ts';

/** `incidents` is null until they are known. */
export function IncidentList({ incidents }: { readonly incidents: readonly Incident[] | null }) {
  const t = useSnapshot((state) => state.t);
  return (
    <section className="section">
      <h2>
        <span>{t('popover.incidents')}</span>
      </h2>
      <div className="list" data-testid="incidents">
        {incidents?.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
        {incidents?.length === 0 && <p className="empty">{t('popover.no-incidents')}</p>}
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
