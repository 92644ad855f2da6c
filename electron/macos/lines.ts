/** Lines of an output, and what a reader gives for it. */
import type { UnreadLine } from './pf/rules.ts';

/** A value, and the lines that were not understood. */
export interface Read<T> {
  readonly value: T;
  readonly unread: readonly UnreadLine[];
}

/** One line of an output. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A listing of these commands has a few hundred lines. */
const MAX_LINES = 20_000;
/** No line of theirs is longer; what is longer is not read. */
const MAX_LINE = 4_000;

/** Lines that hold something, and those that are too long to be one. */
export function linesOf(text: string): { readonly lines: readonly Line[]; readonly unread: readonly UnreadLine[] } {
  const all = text
    .split(/\r?\n|\r/)
    .slice(0, MAX_LINES)
    .map((line, i): Line => ({ number: i + 1, text: line }))
    .filter((line) => line.text.trim() !== '');
  return {
    lines: all.filter((line) => line.text.length <= MAX_LINE),
    unread: all.filter((line) => line.text.length > MAX_LINE).map(unreadLine),
  };
}

/** An unread line as it is reported. */
export function unreadLine({ number, text }: Line): UnreadLine {
  return { line: number, text: text.trim().slice(0, 200) };
}
