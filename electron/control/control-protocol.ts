/**
 * What the command line asks a running engine over the control socket: one JSON line each way. Both sides are the same
 * version, or the question is not answered: the shapes may change with every version.
 */
import * as v from 'valibot';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { EndpointState, Problem } from '../../shared/domain/snapshot.ts';
import type { VerdictView } from '../../shared/messages/verdict-text.ts';

const ID = v.pipe(v.string(), v.maxLength(200));

const QuestionSchema = v.strictObject({
  version: v.string(),
  ask: v.variant('do', [
    v.strictObject({ do: v.literal('status') }),
    v.strictObject({ do: v.literal('verdict') }),
    v.strictObject({ do: v.literal('use'), profile: ID }),
    v.strictObject({ do: v.literal('undo'), until: v.optional(ID) }),
  ]),
});

/** A question with the version of who asks. */
export type Question = v.InferOutput<typeof QuestionSchema>;

/** `status`; `verdict`; `use`: applies a profile by id; `undo`: of the last switch, or of all down to `until`. */
export type Ask = Question['ask'];

/** What `status` shows of an endpoint. */
export type EndpointStanding = Pick<EndpointState, 'endpoint' | 'status' | 'lastSample' | 'strip' | 'uptime24h'>;

/** The engine's present state, as far as `status` shows it. */
export interface Standing {
  readonly endpoints: readonly EndpointStanding[];
  readonly notices: readonly Problem[];
}

/** `refused`: another version, or not a question; nothing was done. */
export type Answer =
  | { readonly refused: true }
  | { readonly standing: Standing }
  | { readonly view: VerdictView }
  | { readonly outcome: Outcome };

/** The question in a line; null for anything else. */
export function readQuestion(line: string): Question | null {
  try {
    const read = v.safeParse(QuestionSchema, JSON.parse(line));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
