/** Lint: every rule over the effective settings, the measurements and the current project. Pure. */
import { LINT_SEVERITIES, type LintFinding } from '../../shared/domain/lint.ts';
import { redactDeep, redactUrls } from '../../shared/domain/secrets.ts';
import { lintEnvironment } from './lint-environment.ts';
import type { LintFacts } from './lint-facts.ts';
import { lintGoLine } from './lint-go-line.ts';
import { lintGoproxy } from './lint-goproxy.ts';
import { lintPatterns } from './lint-patterns.ts';

/** All findings, the worst first. Only their fixes hold passwords. */
export function lint(facts: LintFacts): readonly LintFinding[] {
  const all = [...lintGoproxy(facts), ...lintPatterns(facts), ...lintEnvironment(facts), ...lintGoLine(facts)];
  const rank = ({ severity }: LintFinding) => LINT_SEVERITIES.indexOf(severity);
  return all
    .map((one, i) => ({ one, i }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.i - b.i)
    .map(({ one }) => ({ ...one, subject: redactUrls(one.subject), params: redactDeep(one.params) }));
}
