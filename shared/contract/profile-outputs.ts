/** Schemas of what the main process answers about profiles: plans, lint, routes, the truth table and preflights. */
import * as v from 'valibot';
import { CONTEXT_IDS, EFFECTIVE_NAMES, type EffectiveTable, type InstalledGo, LAYERS } from '../domain/effective.ts';
import { LINT_RULES, LINT_SEVERITIES, type LintFinding, type LintFix, type LintRule } from '../domain/lint.ts';
import type { Outcome } from '../domain/outcome.ts';
import { FETCH_OUTCOMES, type Preflight } from '../domain/preflight.ts';
import { PROFILE_VARIABLES } from '../domain/profile.ts';
import type { SwitchPlan } from '../domain/switch-plan.ts';
import type { ProfileRoute } from '../domain/verdict.ts';
import { cause, changes, gitSetting, problem, type SchemaOf, variables, walk } from './outputs.ts';

const plan: SchemaOf<SwitchPlan> = v.object({
  ...changes,
  commands: v.array(v.object({ tool: v.picklist(['go', 'git']), args: v.array(v.string()) })),
  leftOut: v.array(v.picklist(PROFILE_VARIABLES)),
});

/** Either what was asked for, or why it cannot be had. */
function outcomeOf<T>(value: SchemaOf<T>): SchemaOf<Outcome<T>> {
  return v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), problem }),
  ]) as SchemaOf<Outcome<T>>;
}

export const planOutcomeSchema = outcomeOf(plan);

/** What mends a finding. */
export const lintFixSchema: SchemaOf<LintFix> = v.strictObject({ variables, git: v.array(gitSetting) });

export const lintFindingSchema: SchemaOf<LintFinding> = v.object({
  rule: v.picklist(Object.keys(LINT_RULES) as [LintRule, ...LintRule[]]),
  severity: v.picklist(LINT_SEVERITIES),
  subject: v.string(),
  params: v.record(v.string(), v.string()),
  fix: v.nullable(lintFixSchema),
  command: v.nullable(v.string()),
});

export const routeSchema: SchemaOf<ProfileRoute> = v.object({
  profileId: v.string(),
  walk,
  isPrivate: v.boolean(),
});

const place = v.nullable(v.object({ file: v.string(), line: v.nullable(v.number()) }));
const installedGo: SchemaOf<InstalledGo> = v.object({
  path: v.string(),
  version: v.string(),
  installer: v.picklist(['go.dev', 'homebrew', 'sdk', 'gvm', 'asdf', 'mise', 'goenv', 'system', 'other']),
});

export const effectiveTableSchema: SchemaOf<EffectiveTable> = v.object({
  contexts: v.array(
    v.object({
      id: v.picklist(CONTEXT_IDS),
      shell: v.nullable(v.string()),
      problem: v.nullable(v.picklist(['no-shell', 'shell-silent', 'not-here'])),
      go: v.nullable(installedGo),
      values: v.array(
        v.object({
          name: v.picklist(EFFECTIVE_NAMES),
          value: v.string(),
          layers: v.array(v.object({ layer: v.picklist(LAYERS), value: v.string(), place })),
          unexplained: v.boolean(),
          remedy: v.nullable(v.string()),
        }),
      ),
    }),
  ),
  gos: v.array(installedGo),
  project: v.nullable(v.object({ file: v.string(), go: v.nullable(v.string()), toolchain: v.nullable(v.string()) })),
});

const preflight: SchemaOf<Preflight> = v.object({
  file: v.string(),
  modules: v.array(v.string()),
  cached: v.number(),
  missing: v.array(
    v.object({
      path: v.string(),
      version: v.string(),
      part: v.picklist(['zip', 'mod']),
      fate: v.picklist(FETCH_OUTCOMES),
      from: v.string(),
      cause: v.nullable(cause),
      leaksTo: v.nullable(v.picklist(['proxy', 'sumdb'])),
    }),
  ),
  problems: v.array(
    v.object({
      key: v.picklist([
        'no-go-sum',
        'replace-missing',
        'toolchain-fetched',
        'toolchain-refused',
        'toolchain-line-language',
        'go-line-language',
        'go-line-unreadable',
        'vendor',
        'leak',
        'fails',
        'hangs',
        'unknown',
      ]),
      severity: v.picklist(LINT_SEVERITIES),
      params: v.record(v.string(), v.union([v.string(), v.number()])),
      command: v.nullable(v.string()),
    }),
  ),
  seconds: v.nullable(v.object({ from: v.number(), to: v.number() })),
  walk,
});

export const preflightOutcomeSchema = outcomeOf(preflight);
