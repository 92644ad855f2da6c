/**
 * What one message means. System words first, then version control, then what `go` itself says; wrappers (checksum
 * database, toolchain, git) keep what lies under them. Pure.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import { isGatewayPage, LOGIN_FAILED, statusCause } from '../../shared/domain/http-status.ts';
import { speaksOfError } from './error-words.ts';
import { headOf, hostOf, urlIn } from './facts.ts';
import { readGit, speaksGit } from './git.ts';
import { DECISIVE, INVALID_RECORD, REMAINING } from './go-messages.ts';
import { networkMatch, statusMatch } from './network.ts';
import { firstMatch, type Match, SURE } from './rules.ts';

/** A message's cause, and what it was read from. */
export interface Reading extends Match {
  /** What lies under it when the cause is a wrapper. */
  readonly underlying?: Cause | undefined;
  /** `host:port` of a forward proxy. */
  readonly proxy?: string | undefined;
}

/**
 * About a checksum database: `verifying module:` since 1.14 and `verifying PATH@VERSION` before, or a request to one, its
 * own or relayed. A mismatch with go.sum begins the same way and is told apart by what follows.
 */
const SPEAKS_SUMDB =
  /^(?:go: )?[^\n]*\bverifying (?:module|go\.mod|\S+@\S+): |https?:\/\/[^\s"]+\/(?:lookup\/\S+@|supported\b|latest\b|tile\/8\/)|https?:\/\/sum\.golang\.(?:org|google\.cn)\//;

/** An error of the zip itself, which go prints while it verifies. */
const ZIP = /zip: not a valid zip file|zip: checksum error|flate: corrupt input|zip for \S+ has /;

/** Programs that `go` starts for the user, whose words are theirs: cacheprog.go. */
const OF_HELPERS = /^go: GOCACHEPROG\b/;

/** Reads one message; null when it tells of no trouble. */
export function read(text: string): Reading | null {
  if (OF_HELPERS.test(text)) return null;
  if (/download(?:ing)? go\d[^\n]*: |golang\.org\/toolchain@/.test(text)) {
    const toolchain = readToolchain(text);
    if (toolchain !== null) return toolchain;
  }
  if (SPEAKS_SUMDB.test(text) && !ZIP.test(text)) return readChecksum(text);
  // The answer of a proxy or database alone, as curl shows it.
  const answered = /^not found: (?:\S+@\S+: )?/.exec(text);
  if (answered !== null) return { ...readStatus({ status: 404, at: answered[0].length }, text, text), confidence: 0.6 };
  const head = headOf(text);
  const status = statusMatch(head);
  if (status !== null && !speaksGit(head)) return readStatus(status, text, head);
  const decisive = firstMatch(DECISIVE, text);
  if (decisive !== null) return decisive;
  const typo = mistypedProxy(text);
  if (typo !== null) return typo;
  if (speaksGit(text)) {
    const git = readGit(text);
    // Nothing that git is known to say: `go` itself may have said it.
    if (git !== null && (git.underlying !== undefined || git.cause !== 'vcs-network')) return git;
    return firstMatch(REMAINING, text) ?? git;
  }
  return networkMatch(text) ?? firstMatch(REMAINING, text);
}

/** Whether a message that no rule reads tells of a trouble all the same. */
export function isUnread(text: string): boolean {
  return (
    /^go(?: (?:get|install|build|list|run|mod \w+|work \w+))?(?: \S+(?: \([^)\n]*\))?)?:\s/.test(text) ||
    /(?:^|\s)(?:imports|tested by|requires)\n\s*\S+: \S/.test(text) ||
    text.split('\n').some(speaksOfError)
  );
}

/** A status, and what the server wrote beside it (cmd/go prints it as "server response"). */
function readStatus(
  { status, at }: { readonly status: number; readonly at: number },
  text: string,
  head: string,
): Reading {
  const match = (cause: Cause, confidence = SURE): Reading => ({ cause, at, confidence });
  if (status === 404 || status === 410) {
    if (LOGIN_FAILED.test(text)) return match('private-via-proxy');
    if (/unrecognized import path/.test(head)) return match('go-import-missing', 0.85);
    if (/temporarily unavailable|fetch timed out|try again (?:later|in)|not yet (?:available|cached)/i.test(text)) {
      return match('not-yet-visible', 0.85);
    }
    // Homebrew and scripts: no module was asked for.
    if (/^curl: \(22\)/m.test(head)) return match('http-unexpected-status', 0.5);
    const said = firstMatch(REMAINING, text)?.cause;
    return said === 'unknown-revision' || said === 'invalid-version'
      ? match(said, 0.85)
      : match('module-not-found', 0.85);
  }
  if (status === 403 || status === 451) return readForbidden(status, at, text);
  return match(statusCause(status));
}

/** Words of a refusal by place: storage and CDN of the public proxy, export rules. */
const BY_PLACE =
  /(?:not available|unavailable|blocked|prohibited|restricted|not (?:be )?(?:offered|served))[^\n]{0,60}(?:region|location|country|territor)|from your (?:country|region)|geo-?(?:block|restrict)|export (?:control|restriction)|sanction/i;
/** Words of a refusal of this one module. */
const BY_MODULE =
  /\b(?:blocked|malware|malicious|security (?:reasons?|policy)|quarantin|removed|takedown|disallowed by)\b/i;

/**
 * A refusal. The public proxy refuses modules that are blocked for security, and places it may not serve
 * (golang/go#80655): then the zips, which its storage serves, fail where .info and .mod do not.
 */
function readForbidden(status: number, at: number, text: string): Reading {
  const url = urlIn(text) ?? '';
  const host = hostOf(url);
  const said = text.slice(headOf(text).length);
  if (BY_PLACE.test(text) || host === 'storage.googleapis.com') return { cause: 'region-blocked', at, confidence: 0.9 };
  if (isGatewayPage(said)) return { cause: 'http-forbidden', at, confidence: 0.85 };
  if (host !== 'proxy.golang.org') {
    return {
      cause: BY_MODULE.test(said) && isPublicProxy(host) ? 'module-blocked' : 'http-forbidden',
      at,
      confidence: SURE,
    };
  }
  if (BY_MODULE.test(said)) return { cause: 'module-blocked', at, confidence: SURE };
  if (url.endsWith('.zip')) return { cause: 'region-blocked', at, confidence: 0.7 };
  return { cause: status === 451 ? 'region-blocked' : 'module-blocked', at, confidence: 0.75 };
}

function isPublicProxy(host: string | undefined): boolean {
  return /^(?:goproxy\.(?:cn|io)|proxy\.golang\.com\.cn|mirrors\.aliyun\.com)$/.test(host ?? '');
}

function readToolchain(text: string): Reading | null {
  const missing = text.search(/toolchain not available/);
  if (missing >= 0) return { cause: 'toolchain-not-available', at: missing, confidence: SURE };
  const at = text.search(/download(?:ing)? go\d[^\n]*: |golang\.org\/toolchain@/);
  const status = statusMatch(text);
  const wire = status === null ? networkMatch(text)?.cause : statusCause(status.status);
  const inner = wire ?? firstMatch(DECISIVE, text)?.cause;
  if (inner === 'checksum-mismatch-sumdb' || inner === 'checksum-mismatch-gosum') return null;
  return { cause: 'toolchain-download-failed', at, confidence: SURE, underlying: wire };
}

function readChecksum(text: string): Reading {
  const decisive = firstMatch(DECISIVE, text);
  if (decisive !== null) return decisive;
  const invalid = text.search(INVALID_RECORD);
  if (invalid >= 0) return { cause: 'sumdb-invalid-answer', at: invalid, confidence: SURE };
  const status = statusMatch(headOf(text));
  if (status?.status === 404 || status?.status === 410)
    return { cause: 'sumdb-not-found', at: status.at, confidence: SURE };
  if (status !== null) {
    return { cause: 'sumdb-unreachable', at: status.at, confidence: SURE, underlying: statusCause(status.status) };
  }
  const wire = networkMatch(text);
  if (wire !== null) return { ...wire, cause: 'sumdb-unreachable', underlying: wire.cause };
  const git = speaksGit(text) ? readGit(text) : null;
  if (git !== null) return git;
  return { cause: 'sumdb-invalid-answer', at: Math.max(0, text.search(/verifying /)), confidence: 0.5 };
}

/**
 * A host that no list would name on purpose: `https`, `direct`, `off`, one with a separator within. The look-up of it
 * fails, and blaming DNS would mislead.
 */
function mistypedProxy(text: string): Reading | null {
  const found = /lookup (\S+?)(?: on \S+)?: /.exec(text);
  if (found === null || /proxyconnect|unable to access|error connecting to proxy/.test(text)) return null;
  if (!/^(?:https?|direct|off|file)$|[;，；|“”"'、。]|,/.test(found[1] ?? '')) return null;
  return { cause: 'goproxy-invalid', at: found.index, confidence: SURE };
}
