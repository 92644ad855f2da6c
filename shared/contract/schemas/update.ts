/** Schema of the state of updates. */
import * as v from 'valibot';
import { FEED_FAILURES, UPDATE_PHASES, type UpdateState } from '../../domain/update.ts';
import { cause, list, ms, type SchemaOf, text } from './parts.ts';

export const updateSchema: SchemaOf<UpdateState> = v.object({
  phase: v.picklist(UPDATE_PHASES),
  version: text,
  next: v.nullable(v.object({ version: text, notes: text })),
  progress: v.number(),
  checkedAt: v.nullable(ms),
  feeds: list(
    v.object({
      url: text,
      failure: v.nullable(v.picklist(FEED_FAILURES)),
      cause: v.nullable(cause),
      detail: text,
    }),
  ),
});
