/** Takes back what a terminal did to lines that were too long for it. Pure. */

/** Narrower terminals are rare, wider ones wrap nothing of `go`. */
const MIN_WIDTH = 70;
const MAX_WIDTH = 250;
/** Widths that one full line is enough to believe in. */
const USUAL_WIDTHS: ReadonlySet<number> = new Set([80, 100, 120, 132]);

/**
 * Joins lines that end at the width of a terminal with what follows: no line is longer than the width, and at least two
 * different ones are exactly as long (one, when it is a usual width). A line set in by more than a blank, or empty, follows nothing.
 */
export function unwrap(lines: readonly string[], begins: (line: string) => boolean): readonly string[] {
  const width = widthOf(lines);
  if (width === null) return lines;
  const joined: string[] = [];
  let isOpen = false;
  for (const line of lines) {
    const last = joined.length - 1;
    if (isOpen && /^ ?\S/.test(line) && !begins(line)) joined[last] = (joined[last] ?? '') + line;
    else joined.push(line);
    isOpen = line.length === width;
  }
  return joined;
}

function widthOf(lines: readonly string[]): number | null {
  let width = 0;
  for (const { length } of lines) if (length > width) width = length;
  if (width < MIN_WIDTH || width > MAX_WIDTH) return null;
  const full = new Set(lines.filter(({ length }) => length === width)).size;
  return full >= 2 || USUAL_WIDTHS.has(width) ? width : null;
}
