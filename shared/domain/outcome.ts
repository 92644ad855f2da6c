/** The result of what may fail for reasons that a person should read: a value, or a problem. */
import { hideSecrets } from './secrets.ts';
import type { Problem } from './snapshot.ts';

/** What went wrong, for a person to read. */
export interface Failure {
  readonly ok: false;
  readonly problem: Problem;
}

/** A value, or why there is none. Without a type argument only success itself matters (`DONE`). */
export type Outcome<T = undefined> = { readonly ok: true; readonly value: T } | Failure;

/** Success of a command that returns nothing. */
export const DONE: Outcome = { ok: true, value: undefined };

/** Success with a value. */
export function succeeded<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A problem; secrets in its parameters are replaced here, because it will be shown, logged and sent to windows. */
export function problemOf(key: string, params: Problem['params'] = {}): Problem {
  const clean = Object.entries(params).map(([name, one]) => [name, typeof one === 'string' ? hideSecrets(one) : one]);
  return { key, params: Object.fromEntries(clean) };
}

/** A failure; `key` is a key under `problem.` in shared/messages, `params` fills its placeholders. */
export function failed(key: string, params: Problem['params'] = {}): Failure {
  return { ok: false, problem: problemOf(key, params) };
}
