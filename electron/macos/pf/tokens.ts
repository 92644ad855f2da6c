/** Words of a printed pf rule: quoted strings, `(…)` and `{ … }` are one word each. */

export interface Word {
  readonly text: string;
  /** It stood in double quotes. */
  readonly quoted: boolean;
}

/** A line longer than this is no rule of pfctl's. */
const MAX_LINE = 8_000;

/** null when a quote or a bracket is left open, or the line is too long. */
export function wordsOf(line: string): readonly Word[] | null {
  if (line.length > MAX_LINE) return null;
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line[at] ?? '';
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    if (char === '"') {
      const end = line.indexOf('"', at + 1);
      if (end < 0) return null;
      words.push({ text: line.slice(at + 1, end), quoted: true });
      at = end + 1;
      continue;
    }
    const end = endOfWord(line, at);
    if (end === null) return null;
    words.push({ text: line.slice(at, end), quoted: false });
    at = end;
  }
  return words;
}

/** A bracket goes on to its end; what follows without a blank belongs to it: `(en0)/24`, `return-rst(ttl 5)`. */
function endOfWord(line: string, from: number): number | null {
  let depth = 0;
  for (let at = from; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (char === '(' || char === '{') {
      // A brace that stays open at the end of the line begins the body of an anchor.
      if (char === '{' && !line.includes('}', at)) return at === from ? at + 1 : at;
      depth += 1;
    } else if (char === ')' || char === '}') depth -= 1;
    else if (depth === 0 && /\s/.test(char)) return at;
    if (depth < 0) return at + 1;
  }
  return depth === 0 ? line.length : null;
}
