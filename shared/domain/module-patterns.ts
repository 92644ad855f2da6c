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
  return toRegExp(glob) !== null;
}

function matchesPrefix(glob: string, modulePath: string): boolean {
  const pattern = glob.endsWith('/') ? glob.slice(0, -1) : glob;
  if (pattern === '') return false;
  const elements = modulePath.split('/');
  const wanted = pattern.split('/').length;
  if (elements.length < wanted) return false;
  return toRegExp(pattern)?.test(elements.slice(0, wanted).join('/')) === true;
}

/** path.Match as a regular expression; null when the glob is malformed. */
function toRegExp(glob: string): RegExp | null {
  let source = '';
  for (let at = 0; at < glob.length; ) {
    const part = nextPart(glob.slice(at));
    if (part === null) return null;
    source += part.source;
    at += part.length;
  }
  return new RegExp(`^${source}$`, 'su');
}

function nextPart(rest: string): { readonly source: string; readonly length: number } | null {
  const [first = ''] = rest;
  if (first === '*') return { source: '[^/]*', length: 1 };
  if (first === '?') return { source: '[^/]', length: 1 };
  if (first === '[') return characterClass(rest);
  if (first !== '\\') return { source: literal(first), length: first.length };
  const escaped = [...rest.slice(1)][0];
  return escaped === undefined ? null : { source: literal(escaped), length: 1 + escaped.length };
}

/** `[a-z]`, `[^a-z]`; a `]` or `-` within is escaped. */
function characterClass(text: string): { readonly source: string; readonly length: number } | null {
  const found = /^\[(\^?)((?:(?:\\.|[^\\\]-])(?:-(?:\\.|[^\\\]-]))?)+)\]/su.exec(text);
  if (found === null) return null;
  const [whole, negated = '', ranges = ''] = found;
  const parts = [...ranges.matchAll(/(\\.|[^\\])(?:-(\\.|[^\\]))?/gsu)].map(([, from = '', to]) => {
    const [low, high] = [bare(from), to === undefined ? undefined : bare(to)];
    // A range upside down holds nothing.
    if (high !== undefined && (low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0)) return '';
    return high === undefined ? inClass(low) : `${inClass(low)}-${inClass(high)}`;
  });
  const content = parts.join('');
  if (content === '') return { source: negated === '' ? '(?!)' : '[^/]', length: whole.length };
  return { source: negated === '' ? `[${content}]` : `[^/${content}]`, length: whole.length };
}

function bare(text: string): string {
  return text.startsWith('\\') ? text.slice(1) : text;
}

function literal(character: string): string {
  return character.replace(/[\^$\\.*+?()[\]{}|/]/u, '\\$&');
}

function inClass(character: string): string {
  return character.replace(/[\\\]^-]/u, '\\$&');
}
