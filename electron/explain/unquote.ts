/** A line as `go` printed it, out of the quoting that logs, web pages and chats put around it. Pure, linear. */

import { speaksOfError } from './error-words.ts';

/** `go list -json`, `go list -e -json` and `go build -json`, then what loggers and Ansible call it. */
const JSON_NAMES = ['Error', 'Err', 'Output', 'err', 'error', 'stderr', 'msg', 'message', 'log'] as const;

/** A field of an object that is printed over several lines. */
const JSON_FIELD =
  /^\s{0,40}"(Error|Err|Path|Version|ImportPath|stderr|msg)"\s{0,4}:\s{0,4}("(?:[^"\\]|\\.){0,4000}"),?\s*$/;

/** Quotes, line ends or the beginning of a message that a logger has escaped; no path of Windows looks like this. */
const ESCAPED =
  /\\"(?:https?|git|svn|hg|fatal|SECURITY)|\\n(?:\\t|go: |verifying |fatal: |error: |package |\S{1,120}@v\d)|\b(?:msg|message|error|err)="[^\n]{0,2000}\\[nt]/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&apos;': "'",
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '', t: '\t' };

/** Of one line of a log; no message has more. */
const MAX_LINES = 200;

/** What mail protection of web pages makes of `name@version`, as one word, so that it stays a part of its path. */
const MANGLED = /([a-z:])?\[email(?:\s|&#160;)protected\]/gi;
const STAND_IN = '[email@protected]';

/** A message with what web pages have mangled, as it was pasted. */
export function restoreMangled(text: string): string {
  return text.includes(STAND_IN) ? text.replaceAll(STAND_IN, '[email protected]') : text;
}

/** The same for rules: one word, so that `path@version` is found. */
export function joinMangled(text: string): string {
  if (!text.includes('[email')) return text;
  // Some pages have swallowed the blank before it.
  return text.replace(
    MANGLED,
    (_, before: string | undefined) => `${before === undefined ? '' : `${before} `}${STAND_IN}`,
  );
}

/** The module of an object of JSON that is printed over several lines, until its error comes. */
export class JsonFields {
  path = '';
  version = '';

  /** The words of an error, after the module that the object is about. */
  about(error: string): string {
    const [first = ''] = error.split('\n');
    const version = this.version === '' ? '' : `@${this.version}`;
    const module = this.path === '' || first.includes(this.path) ? '' : `${this.path}${version}: `;
    return `go: ${module}${error.replaceAll('\n', ' ')}`;
  }
}

/** What `decoded` looks for begins or ends with one of these; most lines have none. */
const MAY_BE_QUOTED = /[&<`\u0080-\uffff]|\]\(/;

/** The lines that one line of a log holds; mostly itself. `json` carries what earlier lines of an object said. */
export function unquote(line: string, json: JsonFields): readonly string[] {
  const said = fromJson(line, json);
  if (said !== null) return said;
  const plain = MAY_BE_QUOTED.test(line) ? decoded(line) : line;
  if (!plain.includes('\\') || !ESCAPED.test(plain)) return [plain];
  return plain.replace(/\\([nrt"\\])/g, (_, name: string) => ESCAPES[name] ?? name).split('\n', MAX_LINES);
}

function decoded(line: string): string {
  return (
    line
      .replace(/&(?:quot|#34|#39|apos|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)
      .replace(/[“”]([\w.:/?=&%+!@~-]+)[“”]/g, '"$1"')
      // Links that Markdown and chats make of paths and of numbers.
      .replace(/\[([^\][\s]{1,200})\]\(https?:\/\/[^)\s]{1,400}\)/g, '$1')
      .replace(/<https?:\/\/[^|>\s]{1,400}\|([^>\s]{1,400})>/g, '$1')
      // What the person who asks has written behind it.
      .replace(/([!-~])[`，。！？；、）]+[\P{ASCII}\s]*$/u, '$1')
  );
}

/** The message in an object of JSON on one line, or in a line of a larger one, as the text that `go` would have printed. */
function fromJson(line: string, json: JsonFields): readonly string[] | null {
  if (!line.includes('"')) return null;
  const start = line.indexOf('{"') >= 0 ? line.indexOf('{"') : line.search(/\{\s*$|\{ "/);
  const [, name = '', quoted = ''] = JSON_FIELD.exec(line) ?? [];
  if (name !== '') return fromField(name, parse(quoted), json);
  if (start < 0 || !/\}\s*$/.test(line)) return null;
  const whole = parse(line.slice(start));
  if (typeof whole !== 'object' || whole === null) return null;
  return [...(start > 0 ? [line.slice(0, start).trimEnd()] : []), ...fromObject({ ...whole }, json)];
}

function fromField(name: string, value: unknown, json: JsonFields): readonly string[] | null {
  if (typeof value !== 'string') return null;
  if (name === 'Path' || name === 'ImportPath') {
    json.path = value;
    json.version = '';
    return [];
  }
  if (name === 'Version') {
    json.version = value;
    return [];
  }
  return name === 'Error' || name === 'Err' ? [json.about(value)] : value.split('\n', MAX_LINES);
}

function fromObject(values: Readonly<Record<string, unknown>>, json: JsonFields): readonly string[] {
  for (const [name, value] of Object.entries(values)) {
    if (name === 'Path' || name === 'ImportPath' || name === 'Version') fromField(name, value, json);
  }
  const isLevelError = /^(?:error|fatal|panic|critical)$/i.test(String(values.level ?? values.severity ?? ''));
  const texts = JSON_NAMES.flatMap((name) => {
    const value = name === 'Error' || name === 'error' || name === 'err' ? errorIn(values[name]) : values[name];
    if (typeof value !== 'string' || value === '') return [];
    return name === 'Error' || name === 'Err' ? [json.about(value)] : value.split('\n', MAX_LINES);
  });
  const known: ReadonlySet<string> = new Set(JSON_NAMES.filter((name) => typeof values[name] === 'string'));
  const others = Object.entries(values).filter(([name]) => !known.has(name));
  texts.push(
    ...otherTexts(
      others.map(([, value]) => value),
      MAX_DEPTH,
    ),
  );
  return isLevelError && texts.length > 0 ? texts.map((text, i) => (i === 0 ? `error: ${text}` : text)) : texts;
}

/** Objects within objects: `{"err": {"stderr": "…"}}`. */
const MAX_DEPTH = 4;

/** Runners and loggers name the same field in many ways: whatever speaks of an error is one. */
function otherTexts(values: readonly unknown[], depth: number): readonly string[] {
  return values.flatMap((value) => {
    if (typeof value === 'object' && value !== null)
      return depth === 0 ? [] : otherTexts(Object.values(value), depth - 1);
    const lines = typeof value === 'string' ? value.split('\n', MAX_LINES) : [];
    return lines.some(speaksOfError) ? lines : [];
  });
}

/** `go list -m -json` gives an object: `"Error": {"Err": "…"}`. */
function errorIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'Err' in value ? value.Err : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
