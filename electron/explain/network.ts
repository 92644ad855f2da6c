/**
 * Trouble on the wire, as the texts of net, crypto/tls, crypto/x509, net/http, golang.org/x/net and libcurl put it. Go's
 * wording has been stable since 1.13; macOS and Windows words are the system's own (strerror, getaddrinfo).
 */
import { firstMatch, type Match, type Rule } from './rules.ts';

/** From the most telling to the least: the first that fits decides. */
const RULES: readonly Rule[] = [
  // A forward proxy (net/http: proxyconnect; golang.org/x/net/internal/socks; before Go 1.10 in other words).
  [/error connecting to proxy \w+:\/\/(?:socks5?h?|https?|\w+):\/\//, 'forward-proxy-misconfigured'],
  [/error connecting to proxy [^\n]*(?:dial tcp|lookup )/, 'forward-proxy-unreachable'],
  [/error connecting to proxy /, 'forward-proxy-refused'],
  [
    /proxyconnect tcp: tls: first record does not look like|proxyconnect tcp: http: server gave HTTP response/,
    'forward-proxy-misconfigured',
  ],
  [
    /proxyconnect tcp: dial tcp: lookup (?:ss|ssr|vmess|vless|trojan|socks|http|https) on /,
    'forward-proxy-misconfigured',
  ],
  [/proxyconnect tcp: .*(?:dial tcp|lookup )/, 'forward-proxy-unreachable'],
  [/proxyconnect tcp: .*(?:x509|certificate)/, 'tls-unknown-authority'],
  [/proxyconnect tcp: /, 'forward-proxy-refused'],
  [/socks connect tcp .*(?:username\/password|authentication)/, 'forward-proxy-auth'],
  [/socks connect tcp .*: dial tcp/, 'forward-proxy-unreachable'],
  [/socks connect tcp /, 'forward-proxy-refused'],
  [/malformed HTTP response "\\x05/, 'forward-proxy-misconfigured'],
  [
    /: (?:Proxy Authentication Required|authenticationrequired|Authentication required)(?: \([^\n]*\))?[ \t]*$|\b407 Proxy Authentication Required|CONNECT tunnel failed, response 407|HTTP code 407 from proxy/m,
    'forward-proxy-auth',
  ],
  [
    /CONNECT tunnel failed, response \d+|HTTP code \d+ from proxy after CONNECT|Proxy CONNECT aborted|Can't complete SOCKS5/,
    'forward-proxy-refused',
  ],
  [/\bproxy: unknown scheme: |unknown proxy scheme/, 'forward-proxy-misconfigured'],
  [/Could not resolve proxy|Failed to connect to proxy/i, 'forward-proxy-unreachable'],
  // Bare reason phrases: what a refused CONNECT leaves (net/http, transport.go). A server that is no proxy does not know
  // the method.
  [
    /Get "?[^"\s]+"?: (?:Bad Request|Not Found|Method Not Allowed|Not Implemented|Moved Permanently|Found)\)?[ \t]*$/m,
    'forward-proxy-misconfigured',
  ],
  [
    /Get "?[^"\s]+"?: (?:Forbidden|Bad Gateway|Service Unavailable|Gateway Time-?out|Internal Server Error|Unauthorized)(?: \([^\n]*\))?\)?[ \t]*$/m,
    'forward-proxy-refused',
  ],
  // Names.
  [/lookup \S+(?: on \S+)?: (?:dial udp|read udp|write udp|dial tcp).*(?:i\/o timeout|timed out)/, 'dns-timeout'],
  [/lookup \S+(?: on \S+)?: (?:dial|read|write) (?:udp|tcp)/, 'dns-resolver-unreachable'],
  [
    /lookup \S+.*(?:no such host|no address associated|nodename nor servname|Name or service not known|未知的名称或服务|不知道这样的主机|No such host is known|请求的名称有效|requested name is valid)/i,
    'dns-no-such-host',
  ],
  [
    /lookup \S+.*(?:Temporary failure in name resolution|i\/o timeout|deadline exceeded|timed out|请求超时|temporary error during hostname resolution|主机名解析时通常出现的暂时错误)/i,
    'dns-timeout',
  ],
  [
    /lookup \S+.*(?:server misbehaving|device or resource busy|cannot unmarshal DNS message|invalid DNS response|no recovery|Non-recoverable)/i,
    'dns-server-misbehaving',
  ],
  [/lookup \S+.*(?:network is unreachable|no route to host|connection refused)/, 'dns-resolver-unreachable'],
  [
    /Could not resolve host(?:name)?|Could not resolve hostname|nodename nor servname provided|Name or service not known|getaddrinfo\w*: no such host|无法解析主机|不能解析主机|wget: bad address|unable to resolve host address/i,
    'dns-no-such-host',
  ],
  [/Temporary failure in name resolution|Resolving timed out|dial tcp: i\/o timeout/, 'dns-timeout', 0.85],
  // The check itself failed: macOS without its trust service (Security.framework), Windows without revocation lists.
  [
    /x509: OSStatus -?\d+|\bSec[A-Z]\w+ (?:failed|error)\b|CRYPT_E_NO_REVOCATION_CHECK|CRYPT_E_REVOCATION_OFFLINE|error setting certificate (?:verify locations|file)/,
    'tls-check-impossible',
  ],
  // Certificates.
  [/certificate has expired or is not yet valid:\s[^\n]{0,80}\s?[^\n]{0,80}\bis before /, 'tls-cert-not-yet-valid'],
  [
    /certificate has expired|certificate is expired|The certificate has expired|CERT_HAS_EXPIRED|证书已过期/i,
    'tls-cert-expired',
  ],
  [/certificate is not yet valid|not yet activated|CERT_NOT_YET_VALID/i, 'tls-cert-not-yet-valid'],
  [
    /x509: certificate is (?:not )?valid for |certificate error: certificate is for |certificate relies on legacy Common Name|doesn't contain any IP SANs|is not valid for any names|no alternative certificate subject name matches|does not match target host|host name .*(?:mismatch|match)|certificate name (?:mismatch|does not match)|SSL: no alternative certificate/i,
    'tls-cert-wrong-host',
  ],
  [
    /signed by unknown authority|unable to get (?:local )?issuer certificate|self[- ]signed certificate|server certificate verification failed|SSL certificate problem|certificate is not (?:trusted|standards compliant)|x509: [“"][^”"]*[”"] certificate|not trusted|certificate verif(?:ication|y) failed|SEC_E_UNTRUSTED_ROOT|unable to verify the first certificate|证书链是由不受信任/i,
    'tls-unknown-authority',
  ],
  [/failed to verify certificate: x509|x509: /, 'tls-unknown-authority', 0.8],
  // The handshake.
  [
    /TLS handshake timeout|SSL connection timeout|SSL handshake.*timed? ?out|_ssl.c.*timed out/i,
    'tls-handshake-timeout',
  ],
  [/remote error: tls: (?!protocol version)/, 'tls-alert'],
  [
    /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake|wrong version number|unexpected TLS packet|oversized record received|unexpected message|packet length too long/i,
    'tls-not-tls',
  ],
  [
    /protocol version not supported|unsupported protocol version|no supported versions satisfy|tlsv1 alert protocol version|unsupported protocol|alert protocol version/i,
    'tls-version-mismatch',
  ],
  [
    /remote error: tls: |sslv3 alert|tlsv1 alert|tlsv13 alert|A TLS fatal alert has been received|alert (?:handshake failure|internal error|unrecognized name)|local error: tls|gnutls_handshake\(\) failed: (?:Handshake failed|A TLS (?:fatal|warning) alert)|SEC_E_ILLEGAL_MESSAGE|handshake failure/i,
    'tls-alert',
  ],
  // HTTP/2 (golang.org/x/net/http2; RFC 9113).
  [/http2: (?:frame too large|invalid|bad )|http2: response header list larger/, 'http-malformed'],
  [/frame header looked like an HTTP\/1\.1 header/, 'http-malformed'],
  [/server sent GOAWAY|received GOAWAY|GOAWAY and closed|graceful shutdown GOAWAY/, 'http2-goaway'],
  [
    /stream error[:;] (?:stream ID|[A-Z_]{6,})|HTTP\/2 stream \d+ was (?:not closed cleanly|reset)|RST_STREAM/,
    'http2-stream-reset',
  ],
  [
    /http2: (?:client connection (?:lost|force closed)|response body closed)|client conn(?:ection)? (?:could not be|is closed|not usable)|http2: Transport: cannot retry/,
    'http2-connection-lost',
  ],
  // TCP.
  [
    /(?:dial tcp|connect)[^\n]*(?:connection (?:was )?refused|actively refused|积极拒绝|拒绝连接|拒绝我们的连接请求)/i,
    'connect-refused',
  ],
  [/connection (?:was )?refused|Couldn't connect to server|无法连接到服务器/i, 'connect-refused'],
  [
    /no route to host|network is unreachable|Network is down|host is down|No route to host|unreachable (?:network|host)|can't assign requested address|cannot assign requested address|网络不可达|没有到主机的路由|无法连接的(?:网络|主机)/i,
    'connect-unreachable',
  ],
  // No address of this machine fits the one dialled: IPv6 without one (connectex: WSAEINVAL, WSAEAFNOSUPPORT).
  [
    /dial tcp[^\n]*(?:invalid argument|address family not supported|incompatible with the requested protocol)/i,
    'connect-unreachable',
  ],
  // A packet filter of one's own; Windows: WSAEACCES.
  [
    /dial tcp[^\n]*(?:operation not permitted|permission denied|forbidden by its access permissions|访问权限不允许)/i,
    'connect-unreachable',
  ],
  [
    /dial tcp[^\n]*(?:i\/o timeout|operation timed out|connection timed out|did not properly respond|deadline exceeded|没有正确(?:答复|响应)|没有适当响应|未能响应)/i,
    'connect-timeout',
  ],
  [
    /Connection timed out after|(?:无法连接到|连接到)[^\n]*超时|连接超时|Failed to connect to .*(?:Timed out|timed out|timeout)|connect to .*: (?:Operation|Connection) timed out|errno=(?:Operation|Connection) timed out|Timeout was reached/i,
    'connect-timeout',
  ],
  [
    /connection reset by peer|forcibly closed by the remote host|Connection was reset|Recv failure: Connection reset|Send failure: Connection reset|ECONNRESET|强迫关闭了一个现有的连接|SSL_ERROR_SYSCALL, errno (?:54|104|10054)|连接被(?:对方|对端)?重(?:设|置)/i,
    'connection-reset',
  ],
  [
    /kex_exchange_identification: (?:Connection closed|read: Connection reset)|ssh_exchange_identification|Connection closed by (?:remote host|UNKNOWN|[\d.]+ )/,
    'eof-no-response',
  ],
  [
    /broken pipe|socket is not connected|connection (?:was )?aborted|software caused connection abort|中止了一个已建立的连接/i,
    'connection-reset',
  ],
  [
    /read: (?:connection|operation) timed out|(?:read|write) tcp[^\n]*(?:i\/o timeout|did not properly respond|没有正确(?:答复|响应)|没有适当响应|未能响应)/,
    'read-timeout',
  ],
  // Ends.
  [/redirected from secure URL|redirected .*insecure/, 'redirect-insecure'],
  [/stopped after \d+ redirects|Maximum \(\d+\) redirects followed/, 'redirect-loop'],
  [
    /malformed HTTP (?:version|response|status|header)|malformed MIME header|transport connection broken(?!: (?:unexpected )?EOF)|invalid header|unexpected HTTP\/1/i,
    'http-malformed',
  ],
  [/Unsupported HTTP\/1 subversion|Received HTTP\/0\.9|bad line length character/i, 'http-malformed'],
  [/response missing Location header/, 'http-unexpected-status'],
  [
    /read "[^"]*": unexpected EOF|body: unexpected EOF|early EOF|transfer closed with .* (?:bytes )?remaining|the remote end hung up unexpectedly|RPC failed; curl (?:18|56)|unexpected disconnect while reading sideband|index-pack failed/i,
    'body-truncated',
  ],
  [/Get "?[^"\s]+"?: unexpected EOF|HTTP\/2 connection .*(?:closed|lost)/i, 'http2-connection-lost'],
  [
    /: EOF\b|\(EOF\)|Empty reply from server|TLS connection was non-properly terminated|SSL_ERROR_SYSCALL|unexpected eof while reading|SSL_read: .*eof|LibreSSL SSL_connect|Unknown SSL protocol error|-9806|-9838|recv error \(-110\)|server closed idle connection|schannel: (?:failed to receive handshake|server closed)|gnutls_handshake\(\) failed: Error in the pull function/i,
    'eof-no-response',
  ],
  [/non-206 response code|unexpected EOF/, 'body-truncated', 0.8],
  [
    /context deadline exceeded|Client\.Timeout exceeded|timeout awaiting response headers|Operation too slow|Operation timed out after|request canceled while waiting/i,
    'response-timeout',
    0.8,
  ],
  [/i\/o timeout|connect\w*\b[^\n]*timed out|(?:connection|operation) timed out/i, 'connect-timeout', 0.7],
  [/timed out/i, 'response-timeout', 0.5],
];

/** Why the wire failed, as far as a text tells; null when it tells nothing of the kind. */
export function networkMatch(text: string): Match | null {
  const found = notRefused(firstMatch(RULES, text), text);
  // Between a local proxy and us a reset is the proxy's: no host on the internet is at a loopback address.
  if (found?.cause === 'connection-reset' && localPeer(text) !== null)
    return { ...found, cause: 'forward-proxy-refused' };
  return found;
}

/** libcurl says "Couldn't connect" for a refusal and for a timeout alike: its own duration tells them apart. */
function notRefused(found: Match | null, text: string): Match | null {
  if (found?.cause !== 'connect-refused' || /refused/i.test(text)) return found;
  const after = /Failed to connect to \S+ port \d+ after (\d+) ms/.exec(text)?.[1];
  // A TCP connection is given up after tens of seconds; a refusal takes a round trip.
  return Number(after) >= 5_000 ? { ...found, cause: 'connect-timeout' } : found;
}

/** The loopback address at the other end of a connection that was meant for another host; null when it was not. */
export function localPeer(text: string): string | null {
  const peer = /(?:read|write) tcp \S+->((?:127\.\d+\.\d+\.\d+|\[::1\]):\d+)/.exec(text)?.[1];
  if (peer === undefined) return null;
  return /https?:\/\/?(?:[^@/\s]*@)?(?:127\.|localhost|\[::1\])/.test(text) ? null : peer;
}

/** `reading URL: 404 Not Found` (cmd/go/internal/web). */
export function statusOf(text: string): number | null {
  return statusMatch(text)?.status ?? null;
}

const STATUS_LINES = [
  /(?:reading |GET |unexpected status \()\S+?\)?: ([1-5]\d\d)(?=\s|$)/,
  // Go 1.11 and 1.12 have no word before the URL.
  /\bhttps?:\/\/\S+?: ([1-5]\d\d) [A-Z][a-z]/,
  /returned error: (\d{3})\b/,
  /RPC failed; (?:HTTP|result=22, HTTP code =) (\d{3})\b/,
];

/** The same, and where it stands. */
export function statusMatch(text: string): { readonly status: number; readonly at: number } | null {
  for (const line of STATUS_LINES) {
    const found = line.exec(text);
    if (found !== null) return { status: Number(found[1]), at: found.index };
  }
  return null;
}
