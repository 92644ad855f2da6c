/** Schemas of the end of a command, and of a value that may be missing for a reason. */
import * as v from 'valibot';
import type { Outcome } from '../../domain/outcome.ts';
import { problem, type SchemaOf } from './parts.ts';

/** The end of a command: done, or a problem for a person to read. */
export const doneSchema = v.variant('ok', [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), problem }),
]);

/** Either what was requested, or why it cannot be had. */
export function outcomeOf<T>(value: SchemaOf<T>): SchemaOf<Outcome<T>> {
  return v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), problem }),
  ]) as SchemaOf<Outcome<T>>;
}
