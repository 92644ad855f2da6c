/** What kind of host a name or an address is: whether strangers can reach it, and whose it is. Pure. */

/**
 * `mirror`: a public module proxy or checksum database; `forge`: a public code host; `private`: of this machine, its
 * network or a company's inside; `public`: anything else that has a public name.
 */
export type HostKind = 'mirror' | 'forge' | 'private' | 'public';

const MIRRORS: ReadonlySet<string> = new Set([
  'proxy.golang.org',
  'sum.golang.org',
  'sum.golang.google.cn',
  'goproxy.cn',
  'goproxy.io',
  'gosum.io',
  'proxy.golang.com.cn',
  'mirrors.aliyun.com',
  'mirrors.cloud.tencent.com',
  'repo.huaweicloud.com',
  'athens.azurefd.net',
  'storage.googleapis.com',
  'gonexus.dev',
  'goproxy.baidu.com',
  'gocenter.io',
]);

/** Public ones that no longer run. */
const DEAD: ReadonlySet<string> = new Set(['gosum.io', 'gocenter.io', 'goproxy.baidu.com', 'athens.azurefd.net']);

const FORGES: ReadonlySet<string> = new Set([
  'github.com',
  'ssh.github.com',
  'api.github.com',
  'gitlab.com',
  'bitbucket.org',
  'api.bitbucket.org',
  'gitee.com',
  'codeberg.org',
  'go.googlesource.com',
  'git.sr.ht',
]);

/** RFC 1918, 6598 (shared), 3927 (link-local), 5735 (loopback). */
const PRIVATE_V4 =
  /^(?:10\.|127\.|0\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
/** RFC 4193 (unique local), 4291 (link-local, loopback). */
const PRIVATE_V6 = /^\[?(?:::1|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;
/** RFC 6762, 8375 and 2606, ICANN's .internal, and what clusters and companies use. */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|lan|home|home\.arpa|internal|intranet|intra|corp|private|test|svc|cluster\.local|consul|localdomain)$|\.svc(?:\.|$)|(?:^|\.)corp\./i;

/** The kind of a host; a port is ignored. */
export function hostKind(host: string): HostKind {
  const name = withoutPort(host).toLowerCase();
  if (PRIVATE_V4.test(name) || PRIVATE_V6.test(name)) return 'private';
  if (MIRRORS.has(name)) return 'mirror';
  if (FORGES.has(name)) return 'forge';
  // A name without a dot does not exist in public DNS.
  if (PRIVATE_NAME.test(name) || (!name.includes('.') && !name.includes(':'))) return 'private';
  return 'public';
}

/** Whether a public mirror or database has been closed for good. */
export function isDead(host: string): boolean {
  return DEAD.has(withoutPort(host).toLowerCase());
}

/** Whether a host belongs to Google, and is unreachable where Google is blocked. */
export function isOfGoogle(host: string): boolean {
  return /(?:^|\.)(?:golang\.org|google(?:apis|source)?\.com|goo\.gl|k8s\.io)$/i.test(withoutPort(host));
}

function withoutPort(host: string): string {
  return /^(\[[^\]]+\]|[^:]+)(?::\d+)?$/.exec(host)?.[1] ?? host;
}
