/**
 * Lines of a trace: what `go … -x` prints of its requests (cmd/go/internal/web/http.go) and what GODEBUG=http2debug=1|2 and
 * netdns print (net/http's bundled http2: transport.go, frame.go; net/conf.go). Pure. Credentials never leave this file.
 */
import { HIDDEN, hideSecrets } from '../../shared/domain/secrets.ts';

/** What one line of a trace says. */
export type TraceEvent =
  | { readonly kind: 'request'; readonly url: string }
  /** `status` is that of the headers; the body may still fail. */
  | { readonly kind: 'response'; readonly url: string; readonly status: number; readonly seconds: number | null }
  | { readonly kind: 'request-failed'; readonly url: string; readonly error: string }
  /** A new connection is needed: to be dialled. */
  | { readonly kind: 'dial'; readonly host: string }
  /** Dialled, TLS done, h2 agreed. */
  | { readonly kind: 'connection'; readonly id: string; readonly address: string }
  | {
      readonly kind: 'frame';
      readonly received: boolean;
      readonly type: string;
      /** null for frames of the connection as a whole. */
      readonly stream: number | null;
      readonly length: number;
      readonly flags: readonly string[];
      readonly code: string | null;
      readonly lastStream: number | null;
      readonly debug: string | null;
    }
  | { readonly kind: 'header'; readonly received: boolean; readonly name: string; readonly value: string }
  | { readonly kind: 'connection-lost'; readonly id: string; readonly error: string }
  | { readonly kind: 'connection-closed'; readonly id: string }
  | { readonly kind: 'retry' | 'given-up'; readonly error: string }
  | { readonly kind: 'resolver'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** Headers that hold credentials: the standard ones, and those that forges and registries use (PRIVATE-TOKEN, X-JFrog-Art-Api). */
const SECRET_HEADER = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|token|secret|passw|credential|api-?key|-art-api$/i;

/** Letters of a line that are read; a longer one is cut before anything is looked for in it. */
export const MAX_TRACE_LINE = 16 * 1024;

/** Reads one line. */
export function parseTraceLine(line: string): TraceEvent {
  const text = line.slice(0, MAX_TRACE_LINE).trimEnd();
  return readGet(text) ?? readHttp2(text) ?? readRoundTrip(text) ?? { kind: 'text', text: withoutSecrets(text) };
}

/** A line with its credentials replaced, fit to be shown and kept. */
export function withoutSecrets(line: string): string {
  return hideSecrets(
    line
      .slice(0, MAX_TRACE_LINE)
      .replace(/(header(?: field)? "([^"]+)" = ")((?:[^"\\]|\\.)*)"/g, (whole, before: string, name: string) =>
        SECRET_HEADER.test(name) ? `${before}${HIDDEN}"` : whole,
      ),
  );
}

/**
 * `# get URL`, `# get URL: 200 OK (0.051s)`, `# get URL: Get "URL": EOF`; the coming Go also prints `# get URL (offset N)` for
 * the rest of a download, and `interrupted`, after which it comes.
 */
function readGet(text: string): TraceEvent | null {
  const match = /^#\s+get\s+(\S+?)(?:\s\(offset \d+\))?(?::\s+(.*))?$/.exec(text);
  const [, url = '', rest] = match ?? [];
  if (match === null || rest === 'interrupted') return match === null ? null : { kind: 'text', text: '' };
  const address = withoutSecrets(url);
  if (rest === undefined) return { kind: 'request', url: address };
  const status = /^(\d{3})\b[^(]*(?:\(([\d.]+)s\))?$/.exec(rest);
  if (status === null) return { kind: 'request-failed', url: address, error: withoutSecrets(rest) };
  const seconds = status[2] === undefined ? null : Number(status[2]);
  return { kind: 'response', url: address, status: Number(status[1]), seconds };
}

function readHttp2(text: string): TraceEvent | null {
  if (text.startsWith('go package net: ')) return { kind: 'resolver', text: text.slice('go package net: '.length) };
  if (!text.startsWith('http2: ')) return null;
  const rest = text.slice('http2: '.length);
  const dial = /^Transport failed to get client conn for (\S+?)(?::\d+)?: http2: no cached connection/.exec(rest);
  if (dial !== null) return { kind: 'dial', host: dial[1] ?? '' };
  const made = /^Transport creating client conn (0x[0-9a-f]+) to (\S+)/.exec(rest);
  if (made !== null) return { kind: 'connection', id: made[1] ?? '', address: made[2] ?? '' };
  const lost = /^Transport readFrame error on conn (0x[0-9a-f]+): (?:\([^)]*\) )?(.*)$/.exec(rest);
  if (lost !== null) return { kind: 'connection-lost', id: lost[1] ?? '', error: lost[2] ?? '' };
  const closed = /^Transport closing idle conn (0x[0-9a-f]+)/.exec(rest);
  if (closed !== null) return { kind: 'connection-closed', id: closed[1] ?? '' };
  const header = /^(Transport encoding header|decoded hpack field header field) "([^"]+)" = "((?:[^"\\]|\\.)*)"/.exec(
    rest,
  );
  if (header !== null) {
    const name = (header[2] ?? '').toLowerCase();
    const value = SECRET_HEADER.test(name) ? HIDDEN : (header[3] ?? '');
    return { kind: 'header', received: header[1]?.startsWith('decoded') === true, name, value };
  }
  return readFrame(rest);
}

/** `Transport received DATA flags=END_STREAM stream=1 len=50 …`; with http2debug=2 also `Framer 0x…: wrote|read …`. */
function readFrame(rest: string): TraceEvent | null {
  const match = /^(?:Transport (received)|Framer 0x[0-9a-f]+: (wrote|read)) ([A-Z_]+)\b(.*)$/s.exec(rest);
  if (match === null) return null;
  const [, received, verb, type = '', attributes = ''] = match;
  // The transport repeats what the framer has read.
  if (verb === 'read') return { kind: 'text', text: '' };
  const value = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(attributes)?.[1] ?? null;
  const number = (name: string) => (value(name) === null ? null : Number(value(name)));
  return {
    kind: 'frame',
    received: received !== undefined,
    type,
    stream: number('stream'),
    length: number('len') ?? 0,
    flags: value('flags')?.split('|') ?? [],
    code: value('ErrCode'),
    lastStream: number('LastStreamID'),
    debug: /\bDebug="((?:[^"\\]|\\.)*)"/.exec(attributes)?.[1] ?? null,
  };
}

function readRoundTrip(text: string): TraceEvent | null {
  const match = /^(?:http2: )?RoundTrip (retrying after failure|failure): (.*)$/.exec(text);
  if (match === null) return null;
  return { kind: match[1] === 'failure' ? 'given-up' : 'retry', error: match[2] ?? '' };
}
