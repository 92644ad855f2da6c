/** The audit trail: every use of a password, and every change. */
import type { PolicyUse } from '../../../shared/domain/policy.ts';
import { formatClock } from '../../../shared/messages/format.ts';
import { useNow } from '../../common/use-now.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

const SHOWN = 20;

export function UseList({ uses }: { readonly uses: readonly PolicyUse[] }) {
  const t = useSnapshot((state) => state.t);
  const language = useSnapshot((state) => state.language);
  const now = useNow();
  return (
    <section className="panel" data-testid="policy-uses">
      <h2>{t('policy.uses')}</h2>
      {uses.length === 0 && <p className="note">{t('policy.uses-none')}</p>}
      <ul className="kept">
        {uses.slice(0, SHOWN).map(({ at, command, outcome }) => (
          <li key={`${at} ${command}`} className="kept-one">
            <span className="num">{formatClock(at, now, language)}</span>
            <span className="clip mono">{command}</span>
            <span>{t(`policy.outcome-${outcome}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
