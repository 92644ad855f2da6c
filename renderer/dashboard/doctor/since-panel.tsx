/** What changed here since the endpoint that is down last worked; nothing is shown while nothing is down. */
import { useEffect, useState } from 'react';
import type { Change, OutageChanges } from '../../../shared/domain/what-changed.ts';
import { eventText } from '../../../shared/messages/event-text.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { causeShort, inLanguage } from '../../../shared/messages/messages.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

/** What the machine sends packets through is read some seconds after the first failure. */
const LOOK_AGAIN_MS = 5_000;

export function SincePanel() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const name = useEndpointName();
  const outage = useOutage();
  if (outage === null) return null;
  const { endpointId, lastGoodAt } = outage;
  return (
    <section className="panel since" aria-labelledby="since-title" data-testid="since">
      <div className="panel-head">
        <h2 id="since-title" className="grow">
          {t('since.title', { name: name(endpointId) })}
        </h2>
        <button
          type="button"
          className="button"
          data-testid="since-diagnose"
          onClick={() => void send('doctor.start', { target: endpointId, incidentId: null })}
        >
          {t('since.diagnose')}
        </button>
      </div>
      <Span outage={outage} />
      {outage.changes.length > 0 && (
        <ul className="rows" data-testid="since-changes">
          {outage.changes.map((change) => (
            <ChangeRow key={`${change.at} ${change.kind} ${change.endpointId ?? ''}`} change={change} />
          ))}
        </ul>
      )}
      {isTheirs(outage) && <p data-testid="since-nothing">{t('since.nothing')}</p>}
      {lastGoodAt !== null && !outage.isComplete && <p className="warn">{t('since.gap')}</p>}
      <p className="note">{t(nextStep(outage))}</p>
    </section>
  );
}

/** Everything that is recorded is known, and nothing of it changed. */
function isTheirs({ lastGoodAt, isComplete, changes }: OutageChanges): boolean {
  return lastGoodAt !== null && isComplete && changes.length === 0;
}

function nextStep(outage: OutageChanges) {
  if (isTheirs(outage)) return 'since.next-theirs';
  return outage.changes.length > 0 ? 'since.next-here' : 'since.next-unknown';
}

function Span({ outage: { cause, startedAt, lastGoodAt } }: { readonly outage: OutageChanges }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const now = useNow();
  const from = formatClock(startedAt, now, language);
  return (
    <p className="dim">
      {cause !== null && <b>{causeShort(t, cause)} · </b>}
      {lastGoodAt === null
        ? t('since.never-good', { from })
        : t('since.span', { good: formatClock(lastGoodAt, now, language), from })}
    </p>
  );
}

function ChangeRow({ change }: { readonly change: Change }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const endpointName = useEndpointName();
  const now = useNow();
  const { at, weight, endpointId } = change;
  const profileName = (id: string) => {
    const found = profiles.find(({ profile }) => profile.id === id)?.profile;
    return found === undefined ? id : inLanguage(found.name, language);
  };
  const named = endpointId === undefined ? change : { ...change, endpointId: endpointName(endpointId) };
  return (
    <li data-weight={weight}>
      <span className="num">{formatClock(at, now, language)}</span>
      <span className="said">{eventText(t, named, profileName)}</span>
      <small className={weight === 'likely' ? 'bad' : 'dim'}>{t(`since.weight.${weight}`)}</small>
    </li>
  );
}

function useEndpointName(): (id: string) => string {
  const endpoints = useSnapshot((state) => state.snapshot.endpoints);
  return (id) => endpoints.find(({ endpoint }) => endpoint.id === id)?.endpoint.name ?? id;
}

/** Queried when an endpoint goes down or recovers, and again during an outage. */
function useOutage(): OutageChanges | null {
  const query = useSnapshot((state) => state.query);
  const down = useSnapshot((state) =>
    state.snapshot.endpoints
      .filter(({ status }) => status === 'down')
      .map(({ endpoint }) => endpoint.id)
      .join(' '),
  );
  const [outage, setOutage] = useState<OutageChanges | null>(null);
  useEffect(() => {
    if (down === '') {
      setOutage(null);
      return;
    }
    let isCurrent = true;
    const look = async () => {
      const answer = await query('since.get', null);
      if (isCurrent) setOutage(answer);
    };
    void look();
    const timer = window.setInterval(() => document.hidden || void look(), LOOK_AGAIN_MS);
    return () => {
      isCurrent = false;
      window.clearInterval(timer);
    };
  }, [down, query]);
  return outage;
}
