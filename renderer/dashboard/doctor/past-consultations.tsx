/** Earlier consultations: a click shows one again. */
import { findingText } from '../../../shared/messages/doctor-texts.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useDoctor } from './use-doctor.ts';

const SHOWN = 8;

export function PastConsultations() {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const send = useSnapshot((state) => state.send);
  const archived = useDoctor((state) => state.archived);
  const now = useNow();
  if (archived.length === 0) return null;
  return (
    <section className="panel">
      <h2>{t('doctor.earlier')}</h2>
      <ul className="kept" data-testid="doctor-archived">
        {archived.slice(0, SHOWN).map(({ startedAt, target, incidentId, finding }) => (
          <li key={startedAt}>
            <button type="button" className="kept-one" onClick={() => void send('doctor.reopen', { startedAt })}>
              <span className="num">{formatClock(startedAt, now, language)}</span>
              <span className="clip">{target === '' ? t('doctor.in-force') : target}</span>
              <span className="clip">{finding === null ? '' : findingText(t, finding)}</span>
              <span className="dim">{incidentId === null ? '' : t('doctor.for-incident')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
