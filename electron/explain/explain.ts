/**
 * From the output of `go` or `git` to what went wrong. Pure. `clean` takes the output apart into messages, `read` says
 * what each means, `facts` and `module-in` who it is about, and here they become findings, each trouble once.
 */
import { CAUSES, type Cause, type Layer } from '../../shared/domain/cause.ts';
import { hideSecrets } from '../../shared/domain/secrets.ts';
import type { Place } from '../../shared/domain/situation.ts';
import { type Cleaned, clean, type Message, type TraceLine } from './clean.ts';
import { confidenceOf, isOfGo } from './confidence.ts';
import { decidingLine, isOfProgram, passedPart } from './error-words.ts';
import { headOf, hostBefore, hostIn, urlIn } from './facts.ts';
import type { Finding } from './finding.ts';
import { fold, isSameTrouble } from './fold.ts';
import { speaksGit } from './git.ts';
import { moduleIn } from './module-in.ts';
import { localPeer, statusOf } from './network.ts';
import { isUnread, type Reading, read } from './read.ts';
import { placeOf, situationOf } from './situation.ts';
import { restoreMangled } from './unquote.ts';

/** Lines of an excerpt; the deciding one is the third when there are more. */
const EXCERPT_LINES = 6;
const LINES_BEFORE = 2;
const MAX_EXCERPT = 1_000;
/** So much of a message is enough to find it in the output; more could be changed by what was taken out of it. */
const MAX_COMPARED = 30;

/** An output, and what is worth finding out about all of it once, when there is a message to read. */
class Source {
  readonly output: string;
  #passed: string | undefined;
  #place: Place | undefined;

  constructor(output: string) {
    this.output = output;
  }

  /** What tests that passed have printed. */
  get passed(): string {
    this.#passed ??= passedPart(this.output);
    return this.#passed;
  }

  get place(): Place {
    this.#place ??= placeOf(this.output);
    return this.#place;
  }
}

/**
 * Reads any output; the decisive finding first, each trouble once; nothing wrong = nothing found. `interrupted`: the
 * command had not ended by itself, so that a request without an answer is a finding. `partial`: more follows, so that none
 * is.
 */
export function explain(output: string, { interrupted = false, partial = false } = {}): readonly Finding[] {
  const cleaned = clean(output);
  const source = new Source(output);
  const found = findingsIn(cleaned, source);
  const traced = traceFindings(cleaned.trace, source, found);
  if (found.length + traced.length > 0) return fold([...traced, ...found]);
  // Only a trace: a request that was never answered is where it hangs.
  const last = partial ? undefined : cleaned.trace.at(-1);
  if (last === undefined || (last.result !== null && !interrupted)) return [];
  const text = `Get "${last.url}": no answer`;
  return [findingOf({ cause: 'response-timeout', at: 0, confidence: 0.8 }, text, source)];
}

function findingsIn({ messages, unwrapped, trace }: Cleaned, source: Source): readonly Finding[] {
  const joined = unwrapped === null ? [] : allOf(unwrapped, source);
  // A line may be as long as a terminal is wide by chance: then joining hides what it says. The rest of a wrapped trace
  // says nothing by itself.
  const isWrapped = joined.some(({ cause }) => cause !== 'unknown') || (unwrapped !== null && trace.length > 0);
  return isWrapped ? joined : allOf(messages, source);
}

function allOf(messages: readonly Message[], source: Source): readonly Finding[] {
  return messages.flatMap((message) => findingsOf(message, source));
}

/** What one message tells; nothing when tests that passed said it. One that tells nothing may have been wrapped, at a blank or within a word. */
function findingsOf(message: Message, source: Source): readonly Finding[] {
  const { text } = message;
  if (!isOfGo(text) && !/@v\d|\/@v\//.test(text)) {
    if (source.passed.includes(text.slice(0, MAX_COMPARED))) return [];
    if (isOfProgram(text)) return [unread(message, source)];
  }
  const texts = text.includes('\n') ? [text, text.replace(/\n */g, ' '), text.replace(/\n */g, '')] : [text];
  for (const one of texts) {
    const reading = read(one);
    if (reading !== null && (!message.isEcho || reading.cause === 'resource-limit'))
      return [findingOf(reading, one, source)];
  }
  return message.isError || isUnread(text) ? [unread(message, source)] : [];
}

/** No rule fits: the words are kept, with the line that decides. */
function unread({ text, isEcho }: Message, source: Source): Finding {
  const lines = text.split('\n');
  const line = decidingLine(lines) ?? 0;
  const at = lines.slice(0, line).reduce((sum, one) => sum + one.length + 1, 0);
  return findingOf({ cause: 'unknown', at, confidence: isEcho ? 0.1 : 0.2 }, text, source);
}

/** What only `-x` shows: requests that failed while go's own words are missing, or speak of the last entry only. */
function traceFindings(trace: readonly TraceLine[], source: Source, found: readonly Finding[]): readonly Finding[] {
  const failed = trace.filter(({ url, result }) => isFailure(result) && !isServedElsewhere(url, trace));
  const read = failed.flatMap(({ url, result }) => {
    const text = /^(?:Get|read|Head) /.test(result ?? '') ? String(result) : `Get "${url}": ${result}`;
    return findingsOf({ text: `# get ${url}: ${text}`, isError: false, isEcho: false }, source);
  });
  const hidden = read.filter(({ cause }) => cause === 'sumdb-unreachable');
  if (found.length === 0) return read.slice(-1);
  // With pipes an unreachable database counts as the entry's failure: the walk goes on, and the last entry's error is
  // printed (cmd/go/internal/modfetch, TryProxies).
  const isHidden = !found.some(({ cause }) => cause.startsWith('sumdb-') || cause.startsWith('checksum-'));
  if (isHidden && hidden.length > 0) return hidden.slice(0, 1).map((one) => ({ ...one, confidence: 0.8 }));
  return read.slice(-1).filter((one) => found.some((other) => isSameTrouble(one, other)));
}

function isFailure(result: string | null): boolean {
  return result !== null && !/^[1-5]\d\d\b|^\d+\.\d+s$|^(?:insecure|unsupported)/.test(result);
}

/** Another entry of the list answered for the same file, or a shorter prefix of the import path. */
function isServedElsewhere(url: string, trace: readonly TraceLine[]): boolean {
  const path = url.replace(/^[a-z]+:\/\/[^/]+/, '').replace(/\?go-get=1$/, '');
  const file = path.slice(path.lastIndexOf('/'));
  return trace.some(
    (other) =>
      /^2\d\d\b/.test(other.result ?? '') &&
      (other.url.endsWith(file) || (url.includes('?go-get=1') && other.url.includes('?go-get=1'))),
  );
}

function findingOf(reading: Reading, text: string, source: Source): Finding {
  const { cause, underlying, proxy, at } = reading;
  const url = urlIn(text);
  const host =
    proxy ??
    proxyIn(cause, text) ??
    (blamesNobody(cause, text) ? undefined : (hostIn(text, cause, at) ?? hostBefore(text, source.output)));
  const module = moduleIn(text, cause, at) ?? clonedFor(url, source.output);
  return {
    cause,
    underlying,
    layer: layerOf(cause, text),
    confidence: confidenceOf(reading, text, { url, module }),
    url: url === undefined ? undefined : hideSecrets(url),
    host,
    module,
    httpStatus: statusOf(text) ?? reasonStatus(cause, text),
    text: hideSecrets(restoreMangled(excerpt(text, at))),
    situation: situationOf({ text, place: source.place, host, url }),
  };
}

/** GOPATH mode names the package that a clone is for on a line of its own: `get "PATH": found meta tag … RepoRoot:"URL"`. */
function clonedFor(url: string | undefined, output: string): string | undefined {
  const root = url?.replace(/\/+$/, '');
  const at = root === undefined ? -1 : output.indexOf(`RepoRoot:"${root}"`);
  if (at < 0) return undefined;
  const line = output.slice(output.lastIndexOf('\n', at) + 1, at);
  return /\bget "([^"\s]+)": found meta tag/.exec(line)?.[1];
}

/** The line at `at` and its neighbours. */
function excerpt(text: string, at: number): string {
  const lines = text.split('\n');
  const deciding = text.slice(0, at).split('\n').length - 1;
  const first = Math.max(0, Math.min(deciding - LINES_BEFORE, lines.length - EXCERPT_LINES));
  const end = endOf(lines, deciding);
  return lines
    .slice(first, Math.min(first + EXCERPT_LINES, end))
    .join('\n')
    .slice(0, MAX_EXCERPT)
    .replace(/\n[\s"'`)\]}]*$/, '');
}

/** Where what is said ends: what follows an empty line is another paragraph, but for the warning under a mismatch. */
function endOf(lines: readonly string[], deciding: number): number {
  const empty = lines.findIndex((line, i) => i > deciding && line.trim() === '' && lines[i + 1] !== 'SECURITY ERROR');
  return empty < 0 ? lines.length : empty;
}

/** Where it happened: what git or discovery met belongs to them, whatever its cause is elsewhere. */
function layerOf(cause: Cause, text: string): Layer {
  const { layer } = CAUSES[cause];
  if (cause.startsWith('sumdb-')) return layer;
  const head = headOf(text);
  if (/unrecognized import path[^\n]*: reading /.test(head)) return 'vcs';
  const isGit = speaksGit(text) && !/\breading https?:/.test(head);
  const isRevision = /: invalid version: (?!reading)/.test(head);
  return (isGit || isRevision) && layer !== 'auth' && layer !== 'config' ? 'vcs' : layer;
}

/** Where a forward proxy is, from what was dialled or who hung up. */
function proxyIn(cause: Cause, text: string): string | undefined {
  if (!cause.startsWith('forward-proxy-')) return undefined;
  const [, dialled] = /proxyconnect tcp: dial tcp (\S+:\d+): /.exec(text) ?? [];
  const [, socks] = /socks connect tcp (\S+?)->/.exec(text) ?? [];
  const [, named] = /proxyconnect tcp: dial tcp: lookup (\S+?)(?: on \S+)?: /.exec(text) ?? [];
  const [, old] = /error connecting to proxy (?:\w+:\/\/)*([^\s/]+?)\/?: /.exec(text) ?? [];
  return dialled ?? socks ?? localPeer(text) ?? named ?? old;
}

/** Causes of the tools themselves: no host that the text may name is at fault. */
const OF_TOOLS: ReadonlySet<Cause> = new Set([
  'resource-limit',
  'vcs-tool-missing',
  'vcs-tool-outdated',
  'vcs-cache-broken',
  'vcs-ownership',
  'ambiguous-import',
  'gosum-missing-entry',
  'checksum-mismatch-gosum',
  'checksum-mismatch-sumdb',
]);

/** Refused tunnels and files of one's own: the host in the text is not the one at fault. */
function blamesNobody(cause: Cause, text: string): boolean {
  if (OF_TOOLS.has(cause)) return true;
  if (/refusing to pass credentials|\breading http/.test(text)) return false;
  if (cause.startsWith('forward-proxy-')) return true;
  if (cause === 'module-path-mismatch' || cause === 'gomod-invalid') return false;
  return CAUSES[cause].layer === 'config';
}

const REASONS: Readonly<Record<string, number>> = {
  Forbidden: 403,
  'Bad Gateway': 502,
  'Service Unavailable': 503,
  'Gateway Timeout': 504,
  'Proxy Authentication Required': 407,
  'Bad Request': 400,
};

/** The status behind a bare reason phrase. */
function reasonStatus(cause: Cause, text: string): number | undefined {
  if (!cause.startsWith('forward-proxy-')) return undefined;
  const reason = /Get "?[^"\s]+"?: ([A-Z][A-Za-z -]+)\)?[ \t]*$/m.exec(text)?.[1];
  return reason === undefined ? undefined : REASONS[reason];
}
