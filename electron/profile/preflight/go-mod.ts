/**
 * Reading go.mod and go.work. Source of the grammar: https://go.dev/ref/mod#go-mod-file-lexical and #workspaces; golang
 * .org/x/mod/modfile. Pure.
 */

export interface ModuleRef {
  readonly path: string;
  /** '' = every version. */
  readonly version: string;
}

/** A requirement and the line it stands on, from 1. */
export interface Requirement extends ModuleRef {
  readonly line: number;
}

export interface Replacement {
  readonly line: number;
  readonly from: ModuleRef;
  /** A folder (begins with ./ ../ or /), or another module. */
  readonly to: ModuleRef;
}

export interface ModFile {
  /** null in a go.work. */
  readonly module: string | null;
  readonly go: string | null;
  readonly toolchain: string | null;
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  /** Folders of a go.work. */
  readonly uses: readonly string[];
}

/** A line that is not valid in a go.mod. */
export interface ModFileError {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

export type ModFileOutcome =
  | { readonly ok: true; readonly file: ModFile }
  | { readonly ok: false; readonly error: ModFileError };

/** cmd/go sets no limit; the largest go.mod of public projects has some 100 KB. */
export const MAX_MOD_FILE_BYTES = 8 * 1024 * 1024;

const BLOCK_VERBS = new Set(['require', 'replace', 'exclude', 'retract', 'use', 'tool', 'godebug', 'ignore', 'module']);
const LINE_VERBS = new Set([...BLOCK_VERBS, 'go', 'toolchain']);

/** Reads a go.mod or go.work; the first invalid line is the error. */
export function parseModFile(text: string): ModFileOutcome {
  const file = {
    module: null as string | null,
    go: null as string | null,
    toolchain: null as string | null,
    requires: [] as Requirement[],
    replaces: [] as Replacement[],
    uses: [] as string[],
  };
  let block: string | null = null;
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const words = tokens(raw);
    const fail = (): ModFileOutcome => ({ ok: false, error: { line: i + 1, text: raw.trim().slice(0, 200) } });
    if (words === null) return fail();
    const [first, ...rest] = words;
    if (first === undefined) continue;
    if (block !== null) {
      if (first === ')' && rest.length === 0) block = null;
      else if (!take(block, words, i + 1, file)) return fail();
      continue;
    }
    if (rest[0] === '(' && rest.length === 1 && BLOCK_VERBS.has(first)) block = first;
    else if (!LINE_VERBS.has(first) || !take(first, rest, i + 1, file)) return fail();
  }
  return block === null ? { ok: true, file } : { ok: false, error: { line: text.split('\n').length, text: '(' } };
}

interface Draft {
  module: string | null;
  go: string | null;
  toolchain: string | null;
  requires: Requirement[];
  replaces: Replacement[];
  uses: string[];
}

function take(verb: string, words: readonly string[], line: number, file: Draft): boolean {
  const [a = '', b = ''] = words;
  switch (verb) {
    case 'module':
      file.module = a;
      return words.length === 1;
    case 'go':
      file.go = a;
      return words.length === 1;
    case 'toolchain':
      file.toolchain = a;
      return words.length === 1;
    case 'use':
      file.uses.push(a);
      return words.length === 1;
    case 'require':
      file.requires.push({ path: a, version: b, line });
      return words.length === 2;
    case 'replace': {
      const arrow = words.indexOf('=>');
      const [left, right] = [words.slice(0, arrow), words.slice(arrow + 1)];
      if (arrow < 1 || left.length > 2 || right.length < 1 || right.length > 2) return false;
      file.replaces.push({ line, from: ref(left), to: ref(right) });
      return true;
    }
    default:
      // exclude, retract and similar directives fetch nothing.
      return words.length > 0;
  }
}

function ref([path = '', version = '']: readonly string[]): ModuleRef {
  return { path, version };
}

/** Words of a line without its comment; null for a quote that does not end. */
function tokens(line: string): readonly string[] | null {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '' && !rest.startsWith('//')) {
    const quoted = /^"((?:[^"\\]|\\.)*)"|^`([^`]*)`/.exec(rest);
    if (quoted === null && /^["`]/.test(rest)) return null;
    const word =
      quoted === null ? (/^(?:\(|\)|\[|\]|,|[^\s()[\],"`]+?(?=\s|\/\/|[()[\],]|$))/.exec(rest)?.[0] ?? '') : '';
    if (quoted === null && word === '') return null;
    words.push(quoted === null ? word : (quoted[1]?.replace(/\\(.)/g, '$1') ?? quoted[2] ?? ''));
    rest = rest.slice((quoted?.[0] ?? word).length).trimStart();
  }
  return words;
}

/** Lines of go.sum: `module version hash` and `module version/go.mod hash` (https://go.dev/ref/mod#go-sum-files). */
export function parseGoSum(text: string): readonly (ModuleRef & { readonly part: 'zip' | 'mod' })[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [path, version, hash] = line.trim().split(/\s+/);
    if (path === undefined || version === undefined || hash === undefined || !/^v\d/.test(version)) return [];
    const isMod = version.endsWith('/go.mod');
    return [
      { path, version: isMod ? version.slice(0, -'/go.mod'.length) : version, part: isMod ? 'mod' : 'zip' } as const,
    ];
  });
}
