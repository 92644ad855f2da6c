/** A line as `go` printed it, out of the quoting that logs, web pages and chats put around it. Pure, linear. */

/** `go list -json`, `go list -e -json` and `go build -json`, then what loggers call it. */
const JSON_NAMES = ['Error', 'Err', 'Output', 'msg', 'message', 'error', 'err', 'log', 'stderr'] as const;

/** The same in an object that is printed over several lines. */
const JSON_FIELD = /^\s*"(?:Error|Err)"\s*:\s*("(?:[^"\\]|\\.)*")/;

/** Quotes, line ends or the beginning of a message that a logger has escaped; no path of Windows looks like this. */
const ESCAPED =
  /\\"(?:https?|git|svn|hg|fatal|SECURITY)|\\n(?:\\t|go: |verifying |fatal: |error: |package |\S+@v\d)|\b(?:msg|message|error|err)="[^\n]*\\[nt]/;

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

/** The lines that one line of a log holds; mostly itself. */
export function unquote(line: string): readonly string[] {
  const said = fromJson(line);
  if (said !== null) return said;
  const decoded = line
    .replace(/&(?:quot|#34|#39|apos|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/[“”]([\w.:/?=&%+!@~-]+)[“”]/g, '"$1"')
    // What the person who asks has written behind it.
    .replace(/([!-~])[`，。！？；、）]+[\P{ASCII}\s]*$/u, '$1');
  if (!ESCAPED.test(decoded)) return [decoded];
  return decoded.replace(/\\([nrt"\\])/g, (_, name: string) => ESCAPES[name] ?? name).split('\n', MAX_LINES);
}

/** The message in an object of JSON on one line, or in a line of a larger one, as the text that `go` would have printed. */
function fromJson(line: string): readonly string[] | null {
  const field = JSON_FIELD.exec(line)?.[1];
  const whole = parse(field ?? (/^\s*\{.*\}\s*$/.test(line) ? line : ''));
  if (typeof whole === 'string') return [`go: ${whole.replaceAll('\n', ' ')}`];
  if (typeof whole !== 'object' || whole === null) return null;
  const values: Readonly<Record<string, unknown>> = { ...whole };
  const name = JSON_NAMES.find((one) => typeof values[one] === 'string' && values[one] !== '');
  if (name === undefined) return null;
  const text = String(values[name]);
  return name === 'Error' || name === 'Err' ? [`go: ${text.replaceAll('\n', ' ')}`] : text.split('\n', MAX_LINES);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
