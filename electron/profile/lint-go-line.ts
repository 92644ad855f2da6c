/** Lint of the `go` and `toolchain` lines of the current project: the same reading as the preflight's. */
import type { LintFinding, LintRule } from '../../shared/domain/lint.ts';
import type { PreflightProblem } from '../../shared/domain/preflight.ts';
import type { LintFacts } from './lint-facts.ts';
import { goLineProblems } from './preflight/go-line.ts';

/** Lines with which `go` always ends; that it has to fetch a toolchain first is no risk of the settings. */
const RULES: Partial<Record<PreflightProblem['key'], LintRule>> = {
  'go-line-language': 'go-line-language',
  'go-line-unreadable': 'go-line-unreadable',
  'toolchain-line-language': 'toolchain-line-language',
};

/** Findings about the project's lines; [] without a project. */
export function lintGoLine({ goLines, variables }: LintFacts): readonly LintFinding[] {
  if (goLines === null) return [];
  return goLineProblems({ ...goLines, setting: variables.GOTOOLCHAIN ?? 'auto' }).flatMap(
    ({ key, severity, params, command }) => {
      const rule = RULES[key];
      const texts = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
      return rule === undefined ? [] : [{ rule, severity, subject: 'go.mod', params: texts, fix: null, command }];
    },
  );
}
