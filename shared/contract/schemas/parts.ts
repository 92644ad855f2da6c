/** Shared parts of the schemas. */
import * as v from 'valibot';
import { type Cause, isCause } from '../../domain/cause.ts';
import type { ShellCommand } from '../../domain/shell-command.ts';
import type { Problem } from '../../domain/snapshot.ts';

/** A schema whose output is exactly the type, so that the compiler notices when schema and domain differ. */
export type SchemaOf<T> = v.GenericSchema<unknown, T>;

/** A readonly list. */
export function list<const S extends v.GenericSchema>(item: S) {
  return v.pipe(v.array(item), v.readonly());
}

export const text = v.string();
export const texts = list(text);

/** Milliseconds: a duration, or UTC epoch. */
export const ms = v.number();

/** What fills the placeholders of a message. */
export const params = v.record(v.string(), v.union([v.string(), v.number()]));

/** A cause of the taxonomy. */
export const cause: SchemaOf<Cause> = v.custom<Cause>((name) => typeof name === 'string' && isCause(name));

/** A command as the engine built it: on this side of the contract only its type is known. */
export const shellCommand: SchemaOf<ShellCommand> = v.custom<ShellCommand>((text) => typeof text === 'string');

/** A problem for a person to read. */
export const problem: SchemaOf<Problem> = v.object({ key: v.string(), params });
