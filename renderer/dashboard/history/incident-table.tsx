/** What went wrong lately, and what people and the machine did, newest first. */
import { downtimeOf, type Incident } from '../../../shared/domain/incident.ts';
import { formatClock, formatDuration } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage, isMessageKey, type Translate } from '../../../shared/messages/messages.ts';
import { EmptyState } from '../../common/empty-state.tsx';
import { StatusShape } from '../../common/shapes.tsx';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDoctor } from '../doctor/use-doctor.ts';
import { useDashboard } from '../use-dashboard.ts';

const SHOWN = 12;

export function IncidentTable() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const known = useDashboard((state) => state.dashboard?.incidents);
  const incidents = known ?? [];
  return (
    <section className="panel" aria-labelledby="incidents-title">
      <h2 id="incidents-title">{t('popover.incidents')}</h2>
      {known?.length === 0 && (
        <EmptyState
          text={t('popover.no-incidents')}
          action={t('menu.probe-now')}
          onAct={() => void send('probe.now', { endpointId: null })}
        />
      )}
      <ul className="rows" data-testid="incidents">
        {incidents.slice(0, SHOWN).map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </ul>
      {incidents.length > SHOWN && <p className="note">{t('dashboard.more', { count: incidents.length - SHOWN })}</p>}
    </section>
  );
}

function IncidentRow({ incident }: { readonly incident: Incident }) {
  const t = useSnapshot((state) => state.t);
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  const { severity, cause, endpointId, drill } = incident;
  const name = endpoints.find(({ endpoint }) => endpoint.id === endpointId)?.endpoint.name ?? endpointId;
  return (
    <li>
      <StatusShape shape={severity === 'intermittent' ? 'degraded' : severity} />
      <span className="clip">
        {drill && <b className="drill">{t('popover.drill')}</b>}
        {name} · {cause === null ? t(`status.${severity}`) : causeShort(t, cause)}
      </span>
      <ExplainLink incident={incident} />
      <span className="num">{formatDuration(downtimeOf(incident, useNow()), t)}</span>
      <IncidentNotes incident={incident} />
    </li>
  );
}

/** Shows what the doctor found then, or else asks it now. */
function ExplainLink({ incident: { id, endpointId } }: { readonly incident: Incident }) {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const goTo = useDashboard((state) => state.goTo);
  const archived = useDoctor((state) => state.archived);
  const explain = async () => {
    const known = archived.find(({ incidentId }) => incidentId === id);
    if (known !== undefined) await send('doctor.reopen', { startedAt: known.startedAt });
    else await send('doctor.start', { target: endpointId, incidentId: id });
    goTo('doctor');
  };
  return (
    <button type="button" className="link" data-testid="explain-incident" onClick={() => void explain()}>
      {t('doctor.explain-incident')}
    </button>
  );
}

/** When it began, what it was attributed to, and which profiles were affected. */
function IncidentNotes({ incident }: { readonly incident: Incident }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const archived = useDoctor((state) => state.archived);
  const { id, startedAt, endedAt, verdict, profileIds } = incident;
  const finding = archived.find(({ incidentId }) => incidentId === id)?.finding ?? null;
  const nameOf = (profileId: string) => {
    const found = profiles.find(({ profile }) => profile.id === profileId)?.profile;
    return found === undefined ? profileId : inLanguage(found.name, language);
  };
  const notes = [
    formatClock(startedAt, useNow(), language),
    endedAt === null ? t('popover.ongoing') : null,
    verdict === null ? null : verdictWord(verdict, t),
    finding === null ? null : t('doctor.looked-at', { verdict: verdictWord(finding.name, t) }),
    profileIds.length === 0 ? null : t('dashboard.met', { profiles: profileIds.map(nameOf).join(', ') }),
  ];
  return <small className="num">{notes.filter((one) => one !== null).join(' · ')}</small>;
}

function verdictWord(name: string, t: Translate): string {
  const key = `verdict-name.${name}`;
  return isMessageKey(key) ? t(key, {}) : name;
}
