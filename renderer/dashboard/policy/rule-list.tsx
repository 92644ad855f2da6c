/** The packet filter's rules as pfctl prints them; those that decide are marked, and those that are new. */
import type { PolicyReading } from '../../../shared/domain/policy.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';

/** More than this is scrolled. */
const SHOWN = 300;

export function RuleList({ reading }: { readonly reading: PolicyReading }) {
  const t = useSnapshot((state) => state.t);
  const { rules, goneRules, unreadAnchors, pfEnabled, prompt } = reading;
  return (
    <section className="panel" data-testid="policy-rules">
      <h2>{t('policy.rules')}</h2>
      {rules.length === 0 && prompt === null && <p className="note">{t('policy.offer')}</p>}
      {pfEnabled === false && <p className="warn">{t('policy.pf-off')}</p>}
      <ol className="rules mono">
        {rules.slice(0, SHOWN).map(({ anchor, position, text, decidesFor, blocks, isNew }) => (
          <li key={`${anchor} ${position}`} className={decidesFor.length > 0 ? 'deciding' : ''}>
            <span className="dim">
              {anchor}#{position}
            </span>
            <code className={decidesFor.length > 0 && blocks ? 'bad' : ''}>{text}</code>
            {isNew && <b className="tag">{t('policy.new')}</b>}
            {decidesFor.length > 0 && (
              <span className="warn">{t('policy.decides', { hosts: decidesFor.join(', ') })}</span>
            )}
          </li>
        ))}
      </ol>
      {goneRules.map((rule) => (
        <p key={rule} className="dim mono">
          {t('policy.gone-rule', { rule })}
        </p>
      ))}
      {unreadAnchors.length > 0 && (
        <p className="dim">
          {t('policy.unread-anchors-title')}: <span className="mono">{unreadAnchors.join(', ')}</span>
        </p>
      )}
    </section>
  );
}
