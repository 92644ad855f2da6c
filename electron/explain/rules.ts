/** A table of patterns, read from the top. */
import type { Cause } from '../../shared/domain/cause.ts';

/** The words, what they mean, and how sure they make it when that is less than `SURE`. */
export type Rule = readonly [words: RegExp, cause: Cause, confidence?: number];

export interface Match {
  readonly cause: Cause;
  /** Where in the text the deciding words begin. */
  readonly at: number;
  readonly confidence: number;
}

/** Words that only one cause prints. */
export const SURE = 0.95;

/** The first rule that fits. */
export function firstMatch(rules: readonly Rule[], text: string): Match | null {
  for (const [words, cause, confidence = SURE] of rules) {
    const at = text.search(words);
    if (at >= 0) return { cause, at, confidence };
  }
  return null;
}
