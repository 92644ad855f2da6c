/** What went wrong lately, and what people and the machine did, newest first. */
import { downtimeOf } from '../../../shared/domain/incident.ts';
import { formatClock, formatDuration } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage, isMessageKey, type Translate } from '../../../shared/messages/messages.ts';
import { StatusShape } from '../../common/shapes.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDoctor } from '../doctor/use-doctor.ts';
import { useDashboard } from '../use-dashboard.ts';

const SHOWN = 12;

export function IncidentTable() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const snapshot = useSnapshot((state) => state.snapshot);
  const incidents = useDashboard((state) => state.dashboard?.incidents) ?? [];
  const now = useNow();
  const send = useSnapshot((state) => state.send);
  const goTo = useDashboard((state) => state.goTo);
  const archived = useDoctor((state) => state.archived);
  /** What was found out then is shown again; else it is looked into now. */
  const lookInto = async (id: string, endpointId: string) => {
    const known = archived.find(({ incidentId }) => incidentId === id);
    if (known !== undefined) await send('doctor.reopen', { startedAt: known.startedAt });
    else await send('doctor.start', { target: endpointId, incidentId: id });
    goTo('doctor');
  };
  const lookedAt = (id: string) => {
    const finding = archived.find(({ incidentId }) => incidentId === id)?.finding ?? null;
    return finding === null ? '' : ` · ${t('doctor.looked-at', { verdict: verdictWord(finding.name, t) })}`;
  };
  const [all, most] = [incidents, incidents.slice(0, SHOWN)];
  const nameOf = (id: string) => snapshot.endpoints.find(({ endpoint }) => endpoint.id === id)?.endpoint.name ?? id;
  const profileOf = (id: string) => {
    const profile = snapshot.profiles.find((one) => one.profile.id === id)?.profile;
    return profile === undefined ? id : inLanguage(profile.name, language);
  };
  return (
    <section className="panel" aria-labelledby="incidents-title">
      <h2 id="incidents-title">{t('popover.incidents')}</h2>
      {all.length === 0 && <p className="nothing dim">{t('popover.no-incidents')}</p>}
      <ul className="rows" data-testid="incidents">
        {most.map((incident) => {
          const { id, severity, cause, endpointId, startedAt, endedAt, verdict, profileIds, drill } = incident;
          return (
            <li key={id}>
              <StatusShape shape={severity === 'intermittent' ? 'degraded' : severity} />
              <span className="clip">
                {drill && <b className="drill">{t('popover.drill')}</b>}
                {nameOf(endpointId)} · {cause === null ? t(`status.${severity}`) : causeShort(t, cause)}
              </span>
              <button
                type="button"
                className="link"
                data-testid="explain-incident"
                onClick={() => void lookInto(id, endpointId)}
              >
                {t('doctor.explain-incident')}
              </button>
              <span className="num">{formatDuration(downtimeOf(incident, now), language)}</span>
              <small className="num">
                {formatClock(startedAt, now, language)}
                {endedAt === null && ` · ${t('popover.ongoing')}`}
                {verdict !== null && ` · ${verdictWord(verdict, t)}`}
                {lookedAt(id)}
                {profileIds.length > 0 &&
                  ` · ${t('dashboard.met', { profiles: profileIds.map(profileOf).join(', ') })}`}
              </small>
            </li>
          );
        })}
      </ul>
      {all.length > SHOWN && <p className="note">{t('dashboard.more', { count: all.length - SHOWN })}</p>}
    </section>
  );
}

function verdictWord(name: string, t: Translate): string {
  const key = `verdict-name.${name}`;
  return isMessageKey(key) ? t(key, {}) : name;
}
