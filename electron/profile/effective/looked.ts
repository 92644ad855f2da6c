/** A context before its values are worked out. */
import type { ContextId, EffectiveContext, Place } from '../../../shared/domain/effective.ts';
import type { Env } from '../../system/files.ts';

/** The environment that `go` gets there, and where it was read. */
export interface Looked {
  readonly id: ContextId;
  readonly shell: string | null;
  readonly problem: EffectiveContext['problem'];
  readonly env: Env;
  readonly places: ReadonlyMap<string, Place>;
  /** Files that were read, beside those of shells and of go. */
  readonly sources: readonly string[];
}

/** Variables of a file that has no line numbers worth naming. */
export function placesIn(file: string, variables: Env): ReadonlyMap<string, Place> {
  return new Map(Object.keys(variables).map((name) => [name, { file, line: null }]));
}
