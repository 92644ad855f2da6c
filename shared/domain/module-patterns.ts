/**
 * The comma-separated globs of GOPRIVATE, GONOPROXY, GONOSUMDB and GOINSECURE.
 * Source: golang.org/x/mod/module, MatchPrefixPatterns; path.Match.
 */

/** Whether one of the globs matches a leading part of the module's path. Blanks count, case counts, URLs never match. */
export function matchesPatterns(globs: string, modulePath: string): boolean {
  return globs.split(',').some((glob) => matchesPrefix(glob, modulePath));
}

/** Whether a glob can match anything: a malformed one never does. */
export function isGlob(glob: string): boolean {
  return tokensOf(glob) !== null;
}

/** Whether a text is one glob of a pattern list, without blanks and commas, that can match something. */
export function isModuleGlob(text: string): boolean {
  return /^[^\s,]+$/.test(text) && isGlob(text);
}

function matchesPrefix(glob: string, modulePath: string): boolean {
  const pattern = glob.endsWith('/') ? glob.slice(0, -1) : glob;
  if (pattern === '') return false;
  const elements = modulePath.split('/');
  const wanted = pattern.split('/').length;
  if (elements.length < wanted) return false;
  const tokens = tokensOf(pattern);
  return tokens !== null && matches(tokens, [...elements.slice(0, wanted).join('/')]);
}

/** One part of a glob: any number of letters but `/`, or one letter. */
type Token = '*' | ((letter: string) => boolean);

/**
 * path.Match: a star takes as few letters as let what follows it match. Never goes back before the last star, so that
 * the time is that of both lengths multiplied at most.
 */
function matches(tokens: readonly Token[], letters: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starEnd = 0;
  for (;;) {
    const wanted = tokens[token];
    const letter = letters[at];
    if (wanted === '*') {
      star = token;
      starEnd = at;
      token += 1;
    } else if (wanted === undefined && letter === undefined) {
      return true;
    } else if (wanted !== undefined && letter !== undefined && wanted(letter)) {
      token += 1;
      at += 1;
    } else {
      const next = letters[starEnd];
      if (star < 0 || next === undefined || next === '/') return false;
      starEnd += 1;
      at = starEnd;
      token = star + 1;
    }
  }
}

/** The parts of a glob; null when it is malformed. */
function tokensOf(glob: string): readonly Token[] | null {
  const letters = [...glob];
  const tokens: Token[] = [];
  for (let at = 0; at < letters.length; at++) {
    const letter = letters[at] ?? '';
    if (letter === '*') {
      if (tokens.at(-1) !== '*') tokens.push('*');
    } else if (letter === '?') tokens.push((one) => one !== '/');
    else if (letter === '[') {
      const set = characterClass(letters, at);
      if (set === null) return null;
      tokens.push(set.token);
      at = set.end;
    } else {
      if (letter === '\\') at += 1;
      const literal = letters[at];
      if (literal === undefined) return null;
      tokens.push((one) => one === literal);
    }
  }
  return tokens;
}

/** `[a-z]`, `[^a-z]`; a `]` or `-` within is escaped. `end` is where the `]` stands. */
function characterClass(
  letters: readonly string[],
  start: number,
): { readonly token: Token; readonly end: number } | null {
  const negated = letters[start + 1] === '^';
  const ranges: (readonly [low: number, high: number])[] = [];
  let at = start + (negated ? 2 : 1);
  const bound = (): number | null => {
    const escaped = letters[at] === '\\';
    const letter = letters[escaped ? at + 1 : at];
    if (letter === undefined || (!escaped && (letter === ']' || letter === '-'))) return null;
    at += escaped ? 2 : 1;
    return letter.codePointAt(0) ?? 0;
  };
  while (letters[at] !== ']' || ranges.length === 0) {
    const low = bound();
    if (low === null) return null;
    const isRange = letters[at] === '-';
    if (isRange) at += 1;
    const high = isRange ? bound() : low;
    if (high === null) return null;
    ranges.push([low, high]);
  }
  const holds = (letter: string) => {
    const point = letter.codePointAt(0) ?? 0;
    return ranges.some(([low, high]) => point >= low && point <= high);
  };
  return { token: negated ? (letter) => letter !== '/' && !holds(letter) : holds, end: at };
}
