/**
 * The text of the settings file: JSON in which comments and trailing commas are accepted. Places of mistakes are found
 * in it, and changes are made where they belong, so that comments, order and layout written by hand stay. Pure.
 */
import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  type JSONPath,
  modify,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

/** Deeper nesting is not a settings file, and would exhaust the parser's stack. */
const MAX_DEPTH = 100;

/** A mistake in a text; `line` counts from 1. */
export interface TextMistake {
  readonly line: number;
  readonly detail: string;
}

/** The value of a text, or its first mistake. */
export function parseText(text: string): { readonly value: unknown } | { readonly mistake: TextMistake } {
  if (isTooDeep(text)) return { mistake: { line: 1, detail: `nested deeper than ${MAX_DEPTH} levels` } };
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined) {
    return { mistake: { line: lineAt(text, first.offset), detail: printParseErrorCode(first.error) } };
  }
  return value === undefined ? { mistake: { line: 1, detail: printParseErrorCode(4) } } : { value };
}

/** The line of a field, or of the nearest part around it that is in the text. */
export function lineOf(text: string, path: JSONPath): number {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root === undefined) return 1;
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) return lineAt(text, node.offset);
  }
  return lineAt(text, root.offset);
}

/** The text with these values in the place of the old ones; what is equal keeps its layout and comments. */
export function editText(text: string, before: unknown, after: unknown): string {
  const formattingOptions = layoutOf(text);
  let result = text;
  const change = (path: JSONPath, value: unknown, isArrayInsertion = false) => {
    result = applyEdits(result, modify(result, path, value, { formattingOptions, isArrayInsertion }));
  };
  const walk = (path: JSONPath, old: unknown, next: unknown): void => {
    if (isSame(old, next)) return;
    if (isRecord(old) && isRecord(next)) {
      for (const key of new Set([...Object.keys(old), ...Object.keys(next)])) walk([...path, key], old[key], next[key]);
    } else if (Array.isArray(old) && Array.isArray(next)) {
      walkList(path, old, next);
    } else change(path, next);
  };
  const walkList = (path: JSONPath, old: readonly unknown[], next: readonly unknown[]) => {
    if (old.length === next.length) {
      for (const [i, one] of next.entries()) walk([...path, i], old[i], one);
      return;
    }
    let head = 0;
    while (head < old.length && head < next.length && isSame(old[head], next[head])) head++;
    let tail = 0;
    while (tail < Math.min(old.length, next.length) - head && isSame(old.at(-1 - tail), next.at(-1 - tail))) tail++;
    for (let i = old.length - tail - 1; i >= head; i--) change([...path, i], undefined);
    for (let i = head; i < next.length - tail; i++) change([...path, i], next[i], true);
  };
  walk([], before, after);
  return result;
}

/** Indentation and line ends as the text has them. */
function layoutOf(text: string): FormattingOptions {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : Math.min(indent.length, 8),
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    insertFinalNewline: true,
  };
}

/** Equal as JSON: fields that are undefined count as absent. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => isSame(one, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(a[key], b[key]));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

/** Counts brackets outside of strings and comments. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|[[{\]}]/g)) {
    if (part === '[' || part === '{') depth++;
    else if (part === ']' || part === '}') depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
