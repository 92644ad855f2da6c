/**
 * From the output of `go` or `git` to what went wrong. Pure. System words first, then version control, then what `go`
 * itself says; wrappers (checksum database, toolchain, git) keep what lies under them.
 */
import { CAUSES, type Cause, type Layer } from '../../shared/domain/cause.ts';
import { clean } from './clean.ts';
import { headOf, hostIn, moduleIn, redact, urlIn } from './facts.ts';
import { readGit, speaksGit } from './git.ts';
import { DECISIVE, firstOf, INVALID_RECORD, REMAINING } from './go-messages.ts';
import { LOGIN_FAILED, localPeer, networkCause, statusCause, statusOf } from './network.ts';

/** One thing that went wrong, as read from a text. */
export interface Finding {
  readonly cause: Cause;
  /** What lies under it when the cause is a wrapper (sumdb-unreachable, vcs-network, toolchain-download-failed). */
  readonly underlying?: Cause | undefined;
  readonly layer: Layer;
  /** How sure the text makes it, 0…1: several causes print the same words. */
  readonly confidence: number;
  /** Without credentials. */
  readonly url?: string | undefined;
  /** Who is blamed; with the port for a forward proxy. */
  readonly host?: string | undefined;
  /** `path` or `path@version`. */
  readonly module?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** The lines it was read from, without credentials, at most 1,000 characters. */
  readonly text: string;
}

interface Reading {
  readonly cause: Cause;
  readonly underlying?: Cause | undefined;
  readonly proxy?: string | undefined;
}

/**
 * Reads any output; the decisive finding first, each cause and host once; nothing wrong = nothing found. `interrupted`:
 * the command had not ended by itself, so that a request without an answer is a finding. `partial`: more follows, so that
 * none is.
 */
export function explain(output: string, { interrupted = false, partial = false } = {}): readonly Finding[] {
  const { messages, unwrapped, trace } = clean(output);
  const joined = unwrapped === null ? [] : allOf(unwrapped);
  // A line may be as long as a terminal is wide by chance: then joining hides what it says. The rest of a wrapped trace
  // says nothing by itself.
  const isWrapped = joined.some(({ cause }) => cause !== 'unknown') || (unwrapped !== null && trace.length > 0);
  const found = isWrapped ? joined : allOf(messages);
  if (found.length > 0) return found;
  // Only a trace: a request that was never answered is where it hangs.
  const last = partial ? undefined : trace.at(-1);
  if (last === undefined || (last.result !== null && !interrupted)) return [];
  return [findingOf({ cause: 'response-timeout' }, `Get "${last.url}": no answer`)];
}

/** The findings of all messages, each cause and host once, the decisive first. */
function allOf(messages: readonly string[]): readonly Finding[] {
  const findings = messages.flatMap(findingsOf);
  const unique = findings.filter(
    (one, i) => findings.findIndex((other) => other.cause === one.cause && other.host === one.host) === i,
  );
  return unique.sort((a, b) => rank(a) - rank(b));
}

/** What one message tells. One that tells nothing may have been wrapped, at a blank or within a word. */
function findingsOf(message: string): readonly Finding[] {
  const texts = message.includes('\n')
    ? [message, message.replace(/\n */g, ' '), message.replace(/\n */g, '')]
    : [message];
  const readings = texts.map((text) => ({ text, reading: read(text) }));
  const told = readings.find(({ reading }) => reading !== null && reading.cause !== 'unknown') ?? readings[0];
  return told === undefined || told.reading === null ? [] : [findingOf(told.reading, told.text)];
}

/**
 * About a checksum database: `verifying module:` since 1.14 and `verifying PATH@VERSION` before, or a request to one, its
 * own or relayed. A mismatch with go.sum begins the same way and is told apart by what follows.
 */
const SPEAKS_SUMDB =
  /^(?:go: )?[^\n]*\bverifying (?:module|go\.mod|\S+@\S+): |https?:\/\/[^\s"]+\/(?:lookup\/\S+@|supported\b|latest\b|tile\/8\/)/;

/** What only follows from the rest comes last. */
export function rank({ cause }: Finding): number {
  if (cause === 'unknown') return 2;
  return cause === 'gosum-missing-entry' ? 1 : 0;
}

function read(text: string): Reading | null {
  if (/download(?:ing)? go\d[^\n]*: |golang\.org\/toolchain@/.test(text)) return readToolchain(text);
  if (SPEAKS_SUMDB.test(text)) return readChecksum(text);
  const head = headOf(text);
  const status = statusOf(head);
  if (status !== null && !speaksGit(head)) return readStatus(status, text);
  const decisive = firstOf(DECISIVE, text);
  if (decisive !== null) return { cause: decisive };
  if (mistypedProxy(text)) return { cause: 'goproxy-invalid' };
  if (speaksGit(text)) return readGit(text);
  const cause = networkCause(text) ?? firstOf(REMAINING, text);
  if (cause !== null) return { cause };
  return /^go(?: (?:get|install|build|list|run|mod \w+|work \w+))?(?: \S+(?: \([^)\n]*\))?)?:\s|^error\b|exit status [1-9]/i.test(
    text,
  )
    ? { cause: 'unknown' }
    : null;
}

/** A status, and what the server wrote beside it (cmd/go prints it as "server response"). */
function readStatus(status: number, text: string): Reading {
  if (status === 404 || status === 410) {
    if (LOGIN_FAILED.test(text)) {
      return { cause: 'private-via-proxy' };
    }
    if (/unrecognized import path/.test(headOf(text))) return { cause: 'go-import-missing' };
    const said = firstOf(REMAINING, text);
    return { cause: said === 'unknown-revision' || said === 'invalid-version' ? said : 'module-not-found' };
  }
  return { cause: statusCause(status) };
}

function readToolchain(text: string): Reading {
  if (/toolchain not available/.test(text)) return { cause: 'toolchain-not-available' };
  const inner = statusOf(text) === null ? networkCause(text) : statusCause(statusOf(text) ?? 0);
  return { cause: 'toolchain-download-failed', underlying: inner ?? undefined };
}

function readChecksum(text: string): Reading {
  const decisive = firstOf(DECISIVE, text);
  if (decisive !== null) return { cause: decisive };
  if (INVALID_RECORD.test(text)) return { cause: 'sumdb-invalid-answer' };
  const status = statusOf(text);
  if (status === 404 || status === 410) return { cause: 'sumdb-not-found' };
  const underlying = status === null ? networkCause(text) : statusCause(status);
  return underlying === null ? { cause: 'sumdb-invalid-answer' } : { cause: 'sumdb-unreachable', underlying };
}

/**
 * A host that no list would name on purpose: `https`, `direct`, `off`, one with a separator within. The look-up of it
 * fails, and blaming DNS would mislead.
 */
function mistypedProxy(text: string): boolean {
  const host = /lookup (\S+?)(?: on \S+)?: /.exec(text)?.[1] ?? '';
  if (/proxyconnect|unable to access/.test(text)) return false;
  return /^(?:https?|direct|off|file)$|[;，；|“”"'、。]|,/.test(host);
}

function findingOf({ cause, underlying, proxy }: Reading, text: string): Finding {
  const url = urlIn(text);
  const host = proxy ?? proxyIn(cause, text) ?? (blamesNobody(cause, text) ? undefined : hostIn(text, cause));
  return {
    cause,
    underlying,
    layer: layerOf(cause, text),
    confidence: confidenceOf(cause, text),
    url: url === undefined ? undefined : redact(url),
    host,
    module: moduleIn(text),
    httpStatus: statusOf(text) ?? reasonStatus(cause, text),
    text: redact(text).slice(0, 1_000),
  };
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

const ON_THE_WIRE: ReadonlySet<Layer> = new Set(['dns', 'connect', 'tls', 'request', 'response']);

/** Words that more than one cause prints: how often the one given is the right one. */
function confidenceOf(cause: Cause, text: string): number {
  if (cause === 'unknown') return 0;
  if (/zip: not a valid zip file|missing module line|unexpected EOF$|not valid: is this a git/m.test(text)) return 0.7;
  if (
    /Get [^\n]*: (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Timeout|Bad Request|Not Found)\)?\s*$/m.test(text)
  )
    return 0.75;
  // Without a URL or a module it may be a program's own trouble: a test that finds no database.
  if (
    ON_THE_WIRE.has(CAUSES[cause].layer) &&
    /dial tcp|lookup /.test(text) &&
    urlIn(text) === undefined &&
    moduleIn(text) === undefined
  )
    return 0.7;
  if (cause === 'connect-unreachable' && /not permitted|denied|forbidden/.test(text)) return 0.7;
  if (cause === 'module-not-found' || cause === 'unknown-revision' || cause === 'response-timeout') return 0.8;
  if (cause === 'go-import-missing' || cause === 'vcs-repo-not-found') return 0.85;
  return 0.95;
}

/** Where a forward proxy is, from what was dialled or who hung up. */
function proxyIn(cause: Cause, text: string): string | undefined {
  if (!cause.startsWith('forward-proxy-')) return undefined;
  const [, dialled] = /proxyconnect tcp: dial tcp (\S+:\d+): /.exec(text) ?? [];
  const [, socks] = /socks connect tcp (\S+?)->/.exec(text) ?? [];
  const [, named] = /proxyconnect tcp: dial tcp: lookup (\S+?)(?: on \S+)?: /.exec(text) ?? [];
  return dialled ?? socks ?? localPeer(text) ?? named;
}

/** Refused tunnels and files of one's own: the host in the text is not the one at fault. */
function blamesNobody(cause: Cause, text: string): boolean {
  const { layer } = CAUSES[cause];
  if (/refusing to pass credentials|\breading http/.test(text)) return false;
  if (cause.startsWith('forward-proxy-')) return true;
  if (cause === 'module-path-mismatch' || cause === 'gomod-invalid') return false;
  return layer === 'config' || cause === 'gosum-missing-entry' || cause.startsWith('checksum-mismatch');
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
  const reason = /Get "?[^"\s]+"?: ([A-Z][A-Za-z -]+)\)?\s*$/m.exec(text)?.[1];
  return reason === undefined ? undefined : REASONS[reason];
}
