/** A line as `go` printed it, out of the quoting that logs, web pages and chats put around it. Pure, linear. */

/** `go … -json` and `go list -e -json`: the message as a string of JSON. */
const JSON_FIELD = /"(?:Error|Err)"\s*:\s*("(?:[^"\\]|\\.)*")/;

/** Quotes, line ends or the beginning of a message that a logger has escaped; no path of Windows looks like this. */
const ESCAPED = /\\"(?:https?|git|svn|hg|fatal|SECURITY)|\\n(?:\\t|go: |verifying |fatal: |error: |package |\S+@v\d)/;

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

/** The lines that one line of a log holds; mostly itself. */
export function unquote(line: string): readonly string[] {
  const field = jsonField(line);
  if (field !== null) return [field];
  const decoded = line
    .replace(/&(?:quot|#34|#39|apos|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\b(Get|Head|Post|read|path) [“”](https?:[^“”\s]*|[\w./-]+)[“”]/g, '$1 "$2"');
  if (!ESCAPED.test(decoded)) return [decoded];
  return decoded.replace(/\\([nrt"\\])/g, (_, name: string) => ESCAPES[name] ?? name).split('\n');
}

/** What `go … -json` writes as `"Error": "…"`, as the text it would have printed. */
function jsonField(line: string): string | null {
  const field = JSON_FIELD.exec(line)?.[1];
  if (field === undefined) return null;
  try {
    return `go: ${(JSON.parse(field) as string).replaceAll('\n', ' ')}`;
  } catch {
    return null;
  }
}
