/**
 * What to do about a failure: a function of cause and situation, the same for screen, JSON and notifications. Never
 * named:
 * a public mirror for a private host, credentials that were not requested, the setting that just failed, turning
 * verification off, a way around a block.
 */
import type { Cause } from '../domain/cause.ts';
import { hostKind, isDead, isOfGoogle } from '../domain/host-kind.ts';
import { NO_SITUATION, type Situation } from '../domain/situation.ts';
import type { Translate, RemedyVariant as Variant } from './messages.ts';

/** What is known of a failure. */
export interface RemedyFacts {
  readonly cause: Cause;
  /** What lies under a wrapper. */
  readonly underlying?: Cause | null | undefined;
  /** The host at fault; with the port for a forward proxy. */
  readonly host?: string | null | undefined;
  readonly module?: string | null | undefined;
  readonly situation?: Situation | undefined;
}

/** What to do about a cause of which nothing else is known. */
export function causeRemedy(translate: Translate, cause: Cause): string {
  return remedyText(translate, { cause });
}

/** What to do about a cause at a host or URL. */
export function remedyForHost(translate: Translate, cause: Cause, hostOrUrl: string | null): string {
  const host = hostOrUrl === null ? null : hostOrUrl.replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/i, '').replace(/[/?#].*$/, '');
  if (host === null || host === '') return causeRemedy(translate, cause);
  return remedyText(translate, { cause, host, situation: { ...NO_SITUATION, hostKind: hostKind(host) } });
}

/** The command that a remedy tells to run, if it changes a setting of `go`: what is worth pasting; null for other advice. */
export function remedyCommand(remedy: string): string | null {
  return /\bgo env -[wu] (?:"[^"]+"|[A-Z]+(?:=\S*[^\s.,;:。，；：])?)/.exec(remedy)?.[0] ?? null;
}

/** What to do about a failure, in words. */
export function remedyText(translate: Translate, facts: RemedyFacts): string {
  const { cause, host, module, situation = NO_SITUATION } = facts;
  const variant = variantFor({ ...facts, situation });
  const shownHost = host == null ? '' : plain(host, 'HOST');
  const params = {
    host: shownHost,
    name: shownHost.replace(/:\d+$/, ''),
    at: host == null ? '' : ` ${shownHost}`,
    list: mirrors(host ?? null),
    module: plain(module ?? '', 'MODULE'),
    target: module?.includes('@') === true ? plain(module, 'MODULE@VERSION') : 'MODULE@VERSION',
    prefix: plain(privatePrefix(module ?? null), 'HOST/PATH'),
    version: situation.goVersion === null ? '< 1.21' : plain(situation.goVersion, 'VERSION'),
    declared: plain(situation.declaredPath ?? '', 'PATH'),
    wanted: plain(situation.wantedGo ?? '', 'VERSION'),
  };
  const text = translate(variant === null ? `cause.${cause}.remedy` : `remedy.${variant}`, params);
  const place = text.includes('go env -w "GOPROXY=') ? placeNote(situation) : null;
  // Homebrew does not see what `go env -w` sets: the advice would be none.
  if (place === 'place-homebrew') return translate('remedy.place-homebrew');
  return place === null ? text : `${text} ${translate(`remedy.${place}`)}`;
}

/** Letters of any script, and what hosts, module paths and versions are made of; no option. */
const PLAIN = /^(?!-)[\p{L}\p{M}\p{N}_@%+~:,./[\]-]*$/u;

/**
 * The texts hold commands, which people copy: a name that a shell would read as more than a name is not put into them.
 */
function plain(name: string, placeholder: string): string {
  return PLAIN.test(name) ? name : placeholder;
}

/** Public lists that can take over, best first; pipes between them, so that any failure moves on. */
const MIRRORS = ['https://goproxy.cn', 'https://proxy.golang.org', 'https://mirrors.aliyun.com/goproxy/'] as const;

/** Two mirrors that are not the one that failed, then the sources themselves only for what neither has. */
function mirrors(failed: string | null): string {
  const usable = MIRRORS.filter(
    (url) => failed === null || !(url.includes(failed) || (isOfGoogle(failed) && url.includes('golang.org'))),
  );
  return `${usable.slice(0, 2).join('|')},direct`;
}

/** What of a module path belongs into GOPRIVATE: the owner on a public forge, else the host. */
function privatePrefix(module: string | null): string {
  const [host = '', owner] = (module ?? '').split('@')[0]?.split('/') ?? [];
  if (!host.includes('.')) return 'HOST/PATH';
  return /^(?:github\.com|gitlab\.com|bitbucket\.org|gitee\.com|codeberg\.org)$/.test(host) && owner !== undefined
    ? `${host}/${owner}`
    : host;
}

function placeNote({ place }: Situation): Variant | null {
  return place === 'terminal' ? null : `place-${place}`;
}

type Known = RemedyFacts & { readonly situation: Situation };

/** A forward proxy of this machine: no company's. */
const LOOPBACK = /^(?:127\.|localhost|\[::1\])/;

/** The text for the situation; null = the cause's own. */
function variantFor(facts: Known): Variant | null {
  const { cause, host, underlying, situation } = facts;
  if (cause === 'vcs-network') return ofGit(facts, underlying ?? null);
  if (cause.startsWith('vcs-')) return ofTools(facts);
  if (cause.startsWith('sumdb-')) return ofDatabase(facts);
  if (host != null && isDead(host)) return 'mirror-dead';
  if (cause === 'forward-proxy-refused' && LOOPBACK.test(host ?? '')) return 'local-proxy-refused';
  return ofVersions(facts) ?? ofSettings(facts) ?? ofNames(cause, situation) ?? ofHost(facts, cause);
}

const CUTS: ReadonlySet<Cause> = new Set([
  'body-truncated',
  'http2-stream-reset',
  'http2-goaway',
  'http2-connection-lost',
]);

/** git could not reach or talk to its host. */
function ofGit({ host, situation }: Known, inner: Cause | null): Variant | null {
  if (inner === null) return 'git-unread';
  if (host == null) return ofNames(inner, situation);
  if (inner === 'tls-unknown-authority' || inner === 'tls-check-impossible') return 'git-certificate';
  if (inner === 'tls-not-tls') return 'git-not-tls';
  if (inner === 'http-rate-limited') return 'git-rate-limited';
  const isOwn = situation.hostKind === 'private';
  if (inner === 'http-server-error') return isOwn ? 'private-broken' : 'git-server-error';
  if (CUTS.has(inner)) return 'git-cut';
  if (inner.startsWith('tls-cert-')) return situation.hostKind === 'private' ? 'private-certificate' : null;
  const named = ofNames(inner, situation);
  if (named !== null) return named;
  if (inner.startsWith('dns-')) return isOwn ? 'private-dns' : 'git-public-network';
  if (situation.isSsh) return host === 'github.com' ? 'git-ssh-port' : 'git-ssh-other';
  return isOwn ? 'git-private-network' : 'git-public-network';
}

function ofTools({ cause, host, situation: { place, isSsh } }: Known): Variant | null {
  if (cause === 'vcs-tool-missing') return place === 'docker' ? 'tool-missing-docker' : null;
  if (cause === 'vcs-ownership') return place === 'docker' ? 'ownership-docker' : null;
  if (cause !== 'vcs-auth-required' || host == null) return null;
  if (isSsh) return 'auth-ssh';
  if (place === 'docker') return 'auth-docker';
  return place === 'ci' ? 'auth-ci' : 'auth-https';
}

function ofDatabase(facts: Known): Variant | null {
  const { cause, underlying, host, situation } = facts;
  if (host != null && isDead(host)) return 'sumdb-dead';
  if (cause !== 'sumdb-unreachable') return null;
  if (underlying === 'tls-unknown-authority') return ofHost(facts, underlying);
  if (situation.hostKind === 'private' || situation.hostKind === 'public') return 'private-sumdb';
  const named = underlying == null ? null : ofNames(underlying, situation);
  if (named !== null) return named;
  return host === 'sum.golang.google.cn' ? 'sumdb-other' : null;
}

/** Which Go runs, and which is wanted. */
function ofVersions({ cause, module, underlying, host, situation }: Known): Variant | null {
  const { wantedGo, place, isOldGo, isOldTool, hostKind: kind } = situation;
  if (cause === 'toolchain-not-available') return isLanguageVersion(wantedGo) ? 'toolchain-language' : null;
  if (cause === 'toolchain-download-failed') {
    if (underlying == null) return 'toolchain-sumdb-off';
    return host != null && (kind === 'private' || kind === 'public') ? 'toolchain-private' : null;
  }
  if (cause !== 'go-version-too-new') return null;
  if (isOldTool && wantedGo !== null) return 'linter-too-old';
  if (isOldGo) return 'go-too-old';
  if (wantedGo === null) return null;
  if (module != null) return 'go-newer-dependency';
  if (place === 'docker') return 'go-newer-docker';
  return place === 'ci' ? 'go-newer-ci' : 'go-newer-local';
}

/** `1.22` names a language since 1.21; the first release is `1.22.0` (go.dev/issue/62278). */
function isLanguageVersion(version: string | null): boolean {
  const minor = /^1\.(\d+)$/.exec(version ?? '')?.[1];
  return minor !== undefined && Number(minor) >= 21;
}

function ofSettings({
  cause,
  host,
  situation: { place, isReplace, declaredPath, isWorkspace, isWindows, isInstall, breaksZipRules, limit },
}: Known): Variant | null {
  if (cause === 'resource-limit') return limit === null ? null : `limit-${limit}`;
  if (cause === 'goproxy-invalid' && host != null) return 'credentials-http';
  if (cause === 'module-path-mismatch' && declaredPath !== null) return 'module-moved';
  if (cause === 'goflags-conflict' && isWorkspace) return 'workspace';
  if (cause === 'vendor-inconsistent' && isWorkspace) return 'workspace-vendor';
  if (cause === 'gomod-invalid' && isInstall) return 'install-replaced';
  if (cause === 'goproxy-off') return place === 'editor' ? 'goproxy-off-editor' : null;
  if (cause === 'modcache-permission') {
    if (isWindows) return 'permission-windows';
    return place === 'docker' ? 'permission-docker' : null;
  }
  if (cause === 'zip-corrupt' && breaksZipRules) return 'zip-rules';
  if (cause !== 'module-not-found' || !isReplace) return null;
  return isWorkspace ? 'use-missing' : 'replace-missing';
}

/** Names and addresses, independent of the kind of host. */
function ofNames(cause: Cause, { isLoopbackResolver, isIpv6, place }: Situation): Variant | null {
  if (isLoopbackResolver && cause.startsWith('dns-')) return 'dns-loopback';
  if (place === 'docker' && (cause === 'dns-resolver-unreachable' || cause === 'dns-timeout')) return 'dns-docker';
  return isIpv6 && cause === 'connect-unreachable' ? 'ipv6' : null;
}

/** For a private or company host: no other host serves its modules. */
const OWN: Partial<Record<Cause, Variant>> = {
  'dns-no-such-host': 'private-dns',
  'dns-server-misbehaving': 'private-dns',
  'dns-timeout': 'private-dns',
  'connect-refused': 'private-refused',
  'connect-timeout': 'private-timeout',
  'connect-unreachable': 'private-timeout',
  'tls-handshake-timeout': 'private-timeout',
  'response-timeout': 'private-timeout',
  'read-timeout': 'private-timeout',
  'connection-reset': 'private-broken',
  'eof-no-response': 'private-broken',
  'http-server-error': 'private-broken',
  'http-malformed': 'private-broken',
  'http2-goaway': 'private-broken',
  'http2-stream-reset': 'private-broken',
  'http2-connection-lost': 'private-broken',
  'body-truncated': 'private-broken',
  'tls-alert': 'private-broken',
  'zip-corrupt': 'private-broken',
  'captive-portal': 'private-page',
  'not-a-goproxy': 'private-page',
  'http-bad-request': 'private-bad-request',
  'http-unauthorized': 'private-unauthorized',
  'http-forbidden': 'private-forbidden',
  'module-not-found': 'private-not-found',
  'tls-unknown-authority': 'private-certificate',
};

/** Names of the public internet resolve, or do not, wherever they are. */
const NOT_FOR_PUBLIC: ReadonlySet<Cause> = new Set([
  'dns-no-such-host',
  'dns-server-misbehaving',
  'dns-timeout',
  'connect-unreachable',
  'tls-unknown-authority',
]);

const DISCOVERY: Partial<Record<Cause, Variant>> = {
  'http-forbidden': 'discovery-forbidden',
  'http-server-error': 'discovery-broken',
  'connect-refused': 'discovery-network',
  'connect-timeout': 'discovery-network',
  'connection-reset': 'discovery-network',
  'eof-no-response': 'discovery-network',
  'tls-handshake-timeout': 'discovery-network',
  'response-timeout': 'discovery-network',
  'read-timeout': 'discovery-network',
};

function ofHost({ host, situation }: Known, cause: Cause): Variant | null {
  const { hostKind: kind, isDiscovery, place } = situation;
  if (host == null || kind === null)
    return cause === 'tls-unknown-authority' && place === 'docker' ? 'certificate-docker' : null;
  if (cause === 'tls-cert-wrong-host' && /^(?:\d+\.){3}\d+$|^\[/.test(host)) return 'certificate-ip';
  if (cause === 'tls-not-tls') return 'tls-not-tls-proxy';
  if (host === 'api.bitbucket.org' && (cause === 'http-forbidden' || cause === 'http-unauthorized'))
    return 'bitbucket-forbidden';
  if (kind === 'private') return OWN[cause] ?? null;
  if (cause === 'tls-unknown-authority') return place === 'docker' ? 'certificate-docker' : null;
  // Of the pages of Google it is the way there that fails, not the page.
  if (cause === 'go-import-missing' && isOfGoogle(host) && !situation.isAbsent) return 'discovery-network';
  if (isDiscovery) return DISCOVERY[cause] ?? null;
  if (kind === 'public' && !NOT_FOR_PUBLIC.has(cause)) return OWN[cause] ?? null;
  if (kind === 'mirror' || kind === 'forge')
    return cause === 'http-forbidden' && situation.isGatewayPage ? 'gateway-forbidden' : ofMirror(cause);
  return null;
}

function ofMirror(cause: Cause): Variant | null {
  if (cause === 'http-unauthorized') return 'mirror-unauthorized';
  if (cause === 'http-forbidden') return 'mirror-forbidden';
  return cause === 'unknown-revision' ? 'revision-mirror' : null;
}
