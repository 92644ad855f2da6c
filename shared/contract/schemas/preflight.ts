/** Schema of what a build would fetch. */
import * as v from 'valibot';
import { LINT_SEVERITIES } from '../../domain/lint.ts';
import { FETCH_OUTCOMES, type Preflight } from '../../domain/preflight.ts';
import { outcomeOf } from './outcome.ts';
import { cause, list, params, type SchemaOf, shellCommand, texts } from './parts.ts';
import { walk } from './verdict.ts';

const preflight: SchemaOf<Preflight> = v.object({
  file: v.string(),
  modules: texts,
  cached: v.number(),
  missing: list(
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
  problems: list(
    v.object({
      key: v.picklist([
        'no-go-sum',
        'not-in-go-sum',
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
      params: params,
      command: v.nullable(shellCommand),
    }),
  ),
  seconds: v.nullable(v.object({ from: v.number(), to: v.number() })),
  walk,
});

export const preflightOutcomeSchema = outcomeOf(preflight);
