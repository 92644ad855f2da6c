/**
 * GOPROXY lists, read as `go` reads them.
 * Source: cmd/go/internal/modfetch/proxy.go (proxyList), go1.15–go1.27.
 */
import { redactUrl, redactUrls } from './secrets.ts';

/** What follows an entry: `,` falls through on 404/410 only, `|` on any error; null after the last. */
export type Separator = ',' | '|' | null;

export interface GoproxyEntry {
  /** `direct`, `off`, or a URL with its scheme (added as `go` does), without a trailing slash. */
  readonly value: string;
  /** As written, blanks trimmed. */
  readonly text: string;
  readonly separator: Separator;
  /** Why `go` would refuse this entry; null when it is fine. */
  readonly problem: 'missing-scheme' | 'bad-url' | 'bad-scheme' | null;
  /** True for entries behind `direct` or `off`, which `go` silently ignores. */
  readonly ignored: boolean;
}

/** Whether an entry is asked over the network as a proxy (not `direct`, `off`, or a folder). */
export function isProxyEntry(entry: GoproxyEntry): boolean {
  return entry.problem === null && /^https?:\/\//.test(entry.value);
}

/** Parses a GOPROXY value. Empty entries are skipped; the separator that counts is the one right after the entry. */
export function parseGoproxyList(text: string): readonly GoproxyEntry[] {
  const entries: GoproxyEntry[] = [];
  let ended = false;
  let rest = text;
  while (rest !== '') {
    const at = rest.search(/[,|]/);
    const raw = at < 0 ? rest : rest.slice(0, at);
    const separator: Separator = at < 0 ? null : rest[at] === ',' ? ',' : '|';
    rest = at < 0 ? '' : rest.slice(at + 1);
    const entry = raw.trim();
    if (entry === '') continue;
    entries.push({ ...readEntry(entry), text: entry, separator, ignored: ended });
    if (entry === 'direct' || entry === 'off') ended = true;
  }
  return entries;
}

/** Writes entries back as a GOPROXY value; `parse` of it gives the same entries. */
export function formatGoproxyList(entries: readonly Pick<GoproxyEntry, 'text' | 'separator'>[]): string {
  return entries.map((entry, i) => entry.text + (i < entries.length - 1 ? (entry.separator ?? ',') : '')).join('');
}

function readEntry(text: string): Pick<GoproxyEntry, 'value' | 'problem'> {
  if (text === 'direct' || text === 'off') return { value: text, problem: null };
  // An entry without ":/" but with one of ". : /" that is no absolute path gets a scheme; a bare word does not.
  const withScheme = /[.:/]/.test(text) && !text.includes(':/') && !text.startsWith('/') ? `https://${text}` : text;
  const scheme = /^([a-z][a-z0-9+.-]*):\//i.exec(withScheme)?.[1]?.toLowerCase();
  if (scheme === undefined) return { value: withScheme, problem: 'missing-scheme' };
  if (scheme !== 'https' && scheme !== 'http' && scheme !== 'file') return { value: withScheme, problem: 'bad-scheme' };
  const value = withScheme.replace(/(?<!\/)\/+$/, '');
  if (scheme !== 'file' && !isHttpUrl(value)) return { value, problem: 'bad-url' };
  return { value, problem: null };
}

const HTTP_URL = /^https?:\/\/(?:[^\s/@]*@)?(?:\[[0-9a-f:.]+\]|[^\s/:@[\]"“”]+)(?::\d{1,5})?(?:\/[^\s]*)?$/i;

function isHttpUrl(text: string): boolean {
  return HTTP_URL.test(text);
}

export { redactUrl, redactUrls };

/** Display name of a proxy: host, port if any, and path, without scheme and credentials. */
export function displayName(url: string): string {
  return redactUrl(url)
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/^[^/?#]*@/, '');
}
