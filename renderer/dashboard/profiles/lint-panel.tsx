/** What in the settings will bite, the worst first, each with its reason and its way out. */
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { LINT_RULES, type LintFinding } from '../../../shared/domain/lint.ts';
import { CopyButton } from '../../common/copy-button.tsx';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';

export function LintPanel() {
  const t = useSnapshot((state) => state.t);
  const findings = useProfiles((state) => state.findings);
  return (
    <section className="panel" aria-labelledby="lint-title" data-testid="lint">
      <div className="panel-head">
        <h2 id="lint-title">{t('lint.title')}</h2>
      </div>
      {findings === null && <p className="nothing dim">{t('popover.looking')}</p>}
      {findings?.length === 0 && <p className="nothing dim">{t('lint.none')}</p>}
      <ul className="findings">
        {findings?.map((finding) => (
          <Finding key={`${finding.rule} ${finding.subject} ${JSON.stringify(finding.params)}`} finding={finding} />
        ))}
      </ul>
    </section>
  );
}

const TONES = { error: 'bad', warning: 'warn', hint: 'dim' } as const;

function Finding({ finding }: { readonly finding: LintFinding }) {
  const t = useSnapshot((state) => state.t);
  const switching = useSnapshot((state) => state.snapshot.switching);
  const fix = useProfiles((state) => state.fix);
  const { rule, severity, subject, params, command } = finding;
  return (
    <li data-testid={`finding-${rule}`}>
      <p>
        <b className={TONES[severity]}>{t(`lint.${severity}`)}</b> <span className="mono">{subject}</span>
      </p>
      <p>{redactUrls(t(`lint.${rule}`, params))}</p>
      <p className="dim">{redactUrls(t(`lint.${rule}-why`, params))}</p>
      {command !== null && (
        <div className="actions command">
          <code className="mono">{redactUrls(command)}</code>
          <CopyButton text={command} label={t('doctor.copy')} />
        </div>
      )}
      <div className="actions">
        {finding.fix !== null && (
          <button
            type="button"
            className="button"
            disabled={switching}
            data-testid={`fix-${rule}`}
            onClick={() => void fix(finding)}
          >
            {t('lint.fix')}
          </button>
        )}
        <small className="dim source">{LINT_RULES[rule].replace('https://', '')}</small>
      </div>
    </li>
  );
}
