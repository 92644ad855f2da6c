/** Schemas of profiles, plans of a switch, and lint. */
import * as v from 'valibot';
import type { GitSetting } from '../../domain/git-setting.ts';
import { LINT_RULES, LINT_SEVERITIES, type LintFinding, type LintFix, type LintRule } from '../../domain/lint.ts';
import { PROFILE_VARIABLES, type Profile } from '../../domain/profile.ts';
import type { SwitchPlan } from '../../domain/switch-plan.ts';
import { outcomeOf } from './outcome.ts';
import { list, type SchemaOf, shellCommand, texts } from './parts.ts';

const bilingual = v.union([v.string(), v.object({ en: v.string(), 'zh-CN': v.string() })]);
/** Variables of a profile. */
export const variables = v.object(
  Object.fromEntries(PROFILE_VARIABLES.map((name) => [name, v.optional(v.string())])) as Record<
    (typeof PROFILE_VARIABLES)[number],
    v.OptionalSchema<v.StringSchema<undefined>, undefined>
  >,
);

/** A git setting of a profile. */
export const gitSetting: SchemaOf<GitSetting> = v.object({ key: v.string(), value: v.nullable(v.string()) });

/** A profile. */
export const profile: SchemaOf<Profile> = v.object({
  id: v.string(),
  name: bilingual,
  explanation: bilingual,
  builtIn: v.boolean(),
  variables,
  git: list(gitSetting),
  networks: texts,
});

/** Old and new values, of a plan or of a change made outside. */
export const changes = {
  variables: list(v.object({ name: v.picklist(PROFILE_VARIABLES), from: v.string(), to: v.string() })),
  git: list(v.object({ key: v.string(), from: texts, to: texts })),
};

const plan: SchemaOf<SwitchPlan> = v.object({
  ...changes,
  commands: list(v.object({ tool: v.picklist(['go', 'git']), args: texts })),
  leftOut: list(v.picklist(PROFILE_VARIABLES)),
});

export const planOutcomeSchema = outcomeOf(plan);

/** What fixes a finding. */
export const lintFixSchema: SchemaOf<LintFix> = v.strictObject({ variables, git: list(gitSetting) });

export const lintRuleSchema = v.picklist(Object.keys(LINT_RULES) as [LintRule, ...LintRule[]]);

export const lintFindingSchema: SchemaOf<LintFinding> = v.object({
  rule: lintRuleSchema,
  severity: v.picklist(LINT_SEVERITIES),
  subject: v.string(),
  params: v.record(v.string(), v.string()),
  fix: v.nullable(lintFixSchema),
  command: v.nullable(shellCommand),
});
