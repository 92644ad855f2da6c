/** The system's forward proxy as Chromium names it. Pure. */

/** Kinds of a proxy list (https://chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md) as URL schemes. */
const SCHEMES: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTPS: 'https',
  SOCKS5: 'socks5',
};

/** The first entry of a list such as `PROXY 127.0.0.1:7890; DIRECT` as a URL; null = none, or one of a kind not spoken. */
export function forwardProxyIn(list: string): string | null {
  const [kind = '', address = ''] = (list.split(';')[0] ?? '').trim().split(/\s+/);
  const scheme = SCHEMES[kind.toUpperCase()];
  return scheme === undefined || address === '' ? null : `${scheme}://${address}`;
}
