/**
 * Why a probe or a `go` command failed: the one closed taxonomy. Names are part of every JSON schema and of the
 * history; never rename one. Meanings and remedies in both languages stand in shared/messages under `cause.<name>`.
 * Sources: recorded outputs of go1.19–go1.27 and the Go source; those after them are what only a probe can see.
 */

/** Where in the stack a cause belongs; wider than a probe's phases because texts of `go` describe more. */
export type Layer =
  | 'dns'
  | 'connect'
  | 'tls'
  | 'request'
  | 'response'
  | 'body'
  | 'checksum'
  | 'vcs'
  | 'config'
  | 'auth';

interface CauseFacts {
  readonly layer: Layer;
  /** Whether trying the same thing again may help without changing anything. */
  readonly retryable: boolean;
}

export const CAUSES = {
  /** The resolver answered that the name (or any address for it) does not exist. */
  'dns-no-such-host': { layer: 'dns', retryable: false },
  /** The resolver answered SERVFAIL, REFUSED or nonsense. */
  'dns-server-misbehaving': { layer: 'dns', retryable: true },
  /** No answer from the resolver in time (also: the 30 s of the dialer ran out while still resolving). */
  'dns-timeout': { layer: 'dns', retryable: true },
  /** The resolver itself cannot be reached (refused, no route, no network). */
  'dns-resolver-unreachable': { layer: 'dns', retryable: true },
  /** TCP connection refused by the host, or by 127.0.0.1 when DNS or hosts point there. */
  'connect-refused': { layer: 'connect', retryable: true },
  /** SYN unanswered: dial i/o timeout, connectex ... did not properly respond, operation timed out. */
  'connect-timeout': { layer: 'connect', retryable: true },
  /** No route to host / network is unreachable (no network, or IPv6 without route). */
  'connect-unreachable': { layer: 'connect', retryable: true },
  /** TCP reset by the peer or something on the path; text cannot tell TLS handshake from request. */
  'connection-reset': { layer: 'tls', retryable: true },
  /**
   * Connection closed before any response byte: bare "EOF" after Get "URL"; text cannot tell TLS handshake from
   * request.
   */
  'eof-no-response': { layer: 'request', retryable: true },
  /** The peer vanished on an open connection; TCP gave up (read: connection timed out / operation timed out). */
  'read-timeout': { layer: 'response', retryable: true },
  /**
   * Connected and sent, no (further) answer; go itself has no limit and prints nothing; or context deadline exceeded.
   */
  'response-timeout': { layer: 'response', retryable: true },
  /** No TLS answer within 10 s. */
  'tls-handshake-timeout': { layer: 'tls', retryable: true },
  /** Certificate chain ends at an unknown issuer: interception or missing CA. */
  'tls-unknown-authority': { layer: 'tls', retryable: false },
  /** Certificate is past its end (or the clock is ahead). */
  'tls-cert-expired': { layer: 'tls', retryable: false },
  /** Certificate starts in the future: almost always a wrong clock. */
  'tls-cert-not-yet-valid': { layer: 'tls', retryable: false },
  /** Certificate is for other names (DNS hijack, captive portal, IP used as host, CN-only certificate). */
  'tls-cert-wrong-host': { layer: 'tls', retryable: false },
  /** The port answers something that is not TLS (plain HTTP, SSH, garbage). */
  'tls-not-tls': { layer: 'tls', retryable: false },
  /** The peer sent a TLS alert: handshake failure, unrecognized name, internal error. */
  'tls-alert': { layer: 'tls', retryable: false },
  /** No common TLS version. */
  'tls-version-mismatch': { layer: 'tls', retryable: false },
  /** 400 from the proxy. */
  'http-bad-request': { layer: 'response', retryable: false },
  /** 401: the endpoint wants credentials. */
  'http-unauthorized': { layer: 'auth', retryable: false },
  /** 403 or 451: refused by policy. */
  'http-forbidden': { layer: 'response', retryable: false },
  /** 429. */
  'http-rate-limited': { layer: 'response', retryable: true },
  /** 5xx of the endpoint or its CDN (status in http_status). */
  'http-server-error': { layer: 'response', retryable: true },
  /** Bytes that are not the HTTP the client negotiated. */
  'http-malformed': { layer: 'response', retryable: false },
  /** HTTP/2 GOAWAY ended the connection (ErrCode in the text). */
  'http2-goaway': { layer: 'response', retryable: true },
  /** HTTP/2 RST_STREAM for this request (code in the text). */
  'http2-stream-reset': { layer: 'response', retryable: true },
  /** HTTP/2 connection ended before the response headers: Get "URL": unexpected EOF. */
  'http2-connection-lost': { layer: 'response', retryable: true },
  /** Response began, body ended early: read "URL": unexpected EOF. */
  'body-truncated': { layer: 'response', retryable: true },
  /** Complete answer, but the zip is damaged: zip: not a valid zip file. */
  'zip-corrupt': { layer: 'response', retryable: false },
  /** 404 or 410 for the module or version (or no such file in a file:// proxy). */
  'module-not-found': { layer: 'response', retryable: false },
  /** 404/410 whose server text is a failed login: a private module asked of a public proxy. */
  'private-via-proxy': { layer: 'response', retryable: false },
  /** 200 with an answer no goproxy gives (empty, wrong version, not JSON). */
  'not-a-goproxy': { layer: 'response', retryable: false },
  /** HTML instead of module data: captive portal, login page, or 511. */
  'captive-portal': { layer: 'response', retryable: false },
  /** Https redirected to http, refused by go. */
  'redirect-insecure': { layer: 'response', retryable: false },
  /** 10 redirects. */
  'redirect-loop': { layer: 'response', retryable: false },
  /**
   * HTTPS_PROXY/HTTP_PROXY/SOCKS proxy cannot be reached (proxyconnect tcp: ..., git: Failed to connect to 127.0.0.1
   * port 7890).
   */
  'forward-proxy-unreachable': { layer: 'connect', retryable: true },
  /** 407: the forward proxy wants credentials. */
  'forward-proxy-auth': { layer: 'auth', retryable: false },
  /**
   * The forward proxy refused, dropped or never answered CONNECT (a bare reason phrase such as "Bad Gateway"; socks
   * connect ... error).
   */
  'forward-proxy-refused': { layer: 'connect', retryable: true },
  /** Wrong scheme or port in HTTPS_PROXY (TLS or HTTP spoken to a proxy of another kind). */
  'forward-proxy-misconfigured': { layer: 'config', retryable: false },
  /** SECURITY ERROR against go.sum. */
  'checksum-mismatch-gosum': { layer: 'checksum', retryable: false },
  /** SECURITY ERROR against the checksum database (other hash, or record without it). */
  'checksum-mismatch-sumdb': { layer: 'checksum', retryable: false },
  /** Go.sum lacks the line and may not be changed. */
  'gosum-missing-entry': { layer: 'checksum', retryable: false },
  /** Go.sum cannot be parsed. */
  'gosum-malformed': { layer: 'checksum', retryable: false },
  /** The checksum database cannot be reached, directly or through the proxy (underlying_cause says how). */
  'sumdb-unreachable': { layer: 'checksum', retryable: true },
  /** 404/410 from the checksum database: private or unavailable module. */
  'sumdb-not-found': { layer: 'checksum', retryable: false },
  /** The database answer is not a record signed with the expected key. */
  'sumdb-invalid-answer': { layer: 'checksum', retryable: false },
  /** GOSUMDB value is not usable. */
  'gosumdb-invalid': { layer: 'config', retryable: false },
  /** GOPROXY value is malformed, empty or mistyped. */
  'goproxy-invalid': { layer: 'config', retryable: false },
  /** GOPROXY=off (or a list ending in off). */
  'goproxy-off': { layer: 'config', retryable: false },
  /** GOFLAGS cannot be parsed. */
  'goflags-invalid': { layer: 'config', retryable: false },
  /** A flag in GOFLAGS does not fit the command or workspace. */
  'goflags-conflict': { layer: 'config', retryable: false },
  /** Vendor/modules.txt does not match go.mod. */
  'vendor-inconsistent': { layer: 'config', retryable: false },
  /** Go.mod lacks a requirement. */
  'gomod-needs-update': { layer: 'config', retryable: false },
  /** A go.mod cannot be parsed. */
  'gomod-invalid': { layer: 'config', retryable: false },
  /** Go.mod wants a newer go than is running. */
  'go-version-too-new': { layer: 'config', retryable: false },
  /** Command needs a go.mod. */
  'outside-module': { layer: 'config', retryable: false },
  /** Go env -w wrote a value that has no effect. */
  'env-overridden': { layer: 'config', retryable: false },
  /** Go env -w refused or could not write. */
  'env-write-failed': { layer: 'config', retryable: false },
  /** Module cache not writable. */
  'modcache-permission': { layer: 'config', retryable: false },
  /** No space left on device. */
  'disk-full': { layer: 'config', retryable: false },
  /** The wanted toolchain is not found (also printed when discovery through direct failed for any reason). */
  'toolchain-not-available': { layer: 'response', retryable: false },
  /** Network or checksum trouble while fetching a toolchain (underlying_cause). */
  'toolchain-download-failed': { layer: 'response', retryable: true },
  /** The version, branch or commit does not exist. */
  'unknown-revision': { layer: 'response', retryable: false },
  /** The version cannot be of this module (major suffix, pseudo-version rules). */
  'invalid-version': { layer: 'response', retryable: false },
  /** Module declares its path as ... but was required as .... */
  'module-path-mismatch': { layer: 'response', retryable: false },
  /** Not a module path (no dot, URL pasted, bad character). */
  'module-path-malformed': { layer: 'config', retryable: false },
  /** Module found, package not in it. */
  'package-not-in-module': { layer: 'response', retryable: false },
  /** ?go-get=1 gave no matching go-import tag or 404. */
  'go-import-missing': { layer: 'vcs', retryable: false },
  /** Git (or another VCS program) is not installed or not in PATH. */
  'vcs-tool-missing': { layer: 'vcs', retryable: false },
  /** Git wants a login (terminal prompts disabled, publickey). */
  'vcs-auth-required': { layer: 'auth', retryable: false },
  /** Unknown or changed ssh host key. */
  'vcs-ssh-host-key': { layer: 'auth', retryable: false },
  /** The repository does not exist (or is hidden). */
  'vcs-repo-not-found': { layer: 'vcs', retryable: false },
  /** 403 from the git host. */
  'vcs-forbidden': { layer: 'vcs', retryable: false },
  /** Git could not reach or talk to the repository host (underlying_cause). */
  'vcs-network': { layer: 'vcs', retryable: true },
  /** Git host redirects and http.followRedirects forbids it. */
  'vcs-redirect-refused': { layer: 'vcs', retryable: false },
  /** GOVCS forbids this VCS for this path. */
  'govcs-disallowed': { layer: 'config', retryable: false },
  /** A limit of this machine or of the tool's caller: open files, memory, a deadline that killed it. */
  'resource-limit': { layer: 'config', retryable: true },
  /** The clone in the module cache (cache/vcs) is damaged, locked, or has lost its origin. */
  'vcs-cache-broken': { layer: 'vcs', retryable: false },
  /** Git refuses a repository that belongs to another user (safe.directory, since 2.35.2). */
  'vcs-ownership': { layer: 'config', retryable: false },
  /** Git (or another VCS program) is too old for what go asks of it. */
  'vcs-tool-outdated': { layer: 'vcs', retryable: false },
  /** Two modules of the build provide the same package. */
  'ambiguous-import': { layer: 'config', retryable: false },
  /** The certificate could not be judged: the trust service is out of reach (OSStatus -26276 in a sandbox). */
  'tls-check-impossible': { layer: 'tls', retryable: true },
  /** 403 for this one module: the public proxy blocks it for security. */
  'module-blocked': { layer: 'response', retryable: false },
  /** 403 for every zip, or by the storage behind the proxy: this place may not be served. */
  'region-blocked': { layer: 'response', retryable: false },
  /** Just released, or asked for before it was: the mirror remembers "not found" for up to 30 minutes. */
  'not-yet-visible': { layer: 'response', retryable: true },
  /** A status no rule above covers (1xx, 3xx without Location, other 4xx). */
  'http-unexpected-status': { layer: 'response', retryable: false },
  /** More bytes than any healthy answer has: stopped reading. */
  'response-too-large': { layer: 'body', retryable: false },
  /** A resolver answers for names that cannot exist. */
  'dns-nxdomain-hijacked': { layer: 'dns', retryable: false },
  /** Two different answers to one question: something on the path answers too. */
  'dns-injected': { layer: 'dns', retryable: false },
  /** An address that no public host has: loopback, private, reserved. */
  'dns-bogus-answer': { layer: 'dns', retryable: false },
  /** A public host redirects to an address inside this machine or its network. */
  'redirect-private': { layer: 'response', retryable: false },
  /** No `go` on this computer answers. */
  'go-tool-missing': { layer: 'config', retryable: false },
  /** The probe worker died or fell silent: nothing is known about the endpoint. */
  'probe-worker-lost': { layer: 'config', retryable: true },
  /** No rule fits; the raw text is kept. */
  unknown: { layer: 'response', retryable: false },
} as const satisfies Record<string, CauseFacts>;

export type Cause = keyof typeof CAUSES;

/** Whether a text is the name of a cause. */
export function isCause(name: string): name is Cause {
  return Object.hasOwn(CAUSES, name);
}

/**
 * `critical`: what came is not what was meant, and must not be used; `warning`: a nuisance; `error`: it does not work.
 */
export type Severity = 'warning' | 'error' | 'critical';

const CRITICAL: ReadonlySet<Cause> = new Set([
  'checksum-mismatch-gosum',
  'checksum-mismatch-sumdb',
  'sumdb-invalid-answer',
  'redirect-private',
  'vcs-ssh-host-key',
]);

const WARNING: ReadonlySet<Cause> = new Set([
  'http-rate-limited',
  'probe-worker-lost',
  'env-overridden',
  'module-blocked',
  'not-yet-visible',
]);

/** How bad a cause is. */
export function severityOf(cause: Cause): Severity {
  if (CRITICAL.has(cause)) return 'critical';
  return WARNING.has(cause) ? 'warning' : 'error';
}
