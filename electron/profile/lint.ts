/** Lint: every rule over what is in force, what was measured, and the project at hand. Pure. */
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import { LINT_SEVERITIES, type LintFinding } from '../../shared/domain/lint.ts';
import type { GoVariables } from '../../shared/domain/profile.ts';
import type { ViewOf } from '../verdict/walk.ts';
import { lintEnvironment } from './lint-environment.ts';
import { lintGoproxy } from './lint-goproxy.ts';
import { lintPatterns } from './lint-patterns.ts';

export interface LintFacts {
  /** Go's variables as they are in force, or as a profile would set them. */
  readonly variables: GoVariables;
  readonly goflags: string;
  readonly git: readonly GitSetting[];
  /** What was measured of an entry. */
  readonly viewOf: ViewOf;
  /** Share of an entry's probes that succeeded over 24 h, 0…1; null = not known. */
  readonly uptimeOf: (url: string) => number | null;
  /** Forward proxies that the environment names; `alive` null = not looked at. */
  readonly proxies: readonly { readonly name: string; readonly value: string; readonly alive: boolean | null }[];
  /** Hosts of the project's modules that are private: their names lead nowhere public. */
  readonly privateHosts: readonly string[];
}

/** All findings, the worst first. */
export function lint(facts: LintFacts): readonly LintFinding[] {
  const all = [...lintGoproxy(facts), ...lintPatterns(facts), ...lintEnvironment(facts)];
  const rank = ({ severity }: LintFinding) => LINT_SEVERITIES.indexOf(severity);
  return all
    .map((one, i) => ({ one, i }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.i - b.i)
    .map(({ one }) => one);
}
