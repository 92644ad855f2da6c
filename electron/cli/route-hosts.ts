/** The hosts that `go` asks by its settings: known to exist, so that a name without an address is the network's fault. */
import { isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { hostAndPortOf, hostOf } from '../../shared/domain/host.ts';
import type { GoVariables } from '../../shared/domain/profile.ts';
import { parseGosumdb } from '../integrity/verifier-key.ts';
import type { Env } from '../system/files.ts';

/** The proxies of GOPROXY that can be probed, with their credentials. */
export function proxiesOf({ GOPROXY = '' }: GoVariables): readonly string[] {
  const entries = parseGoproxyList(GOPROXY).filter(isProxyEntry);
  return entries.map(({ value }) => value).filter((url) => /^https?:/.test(url));
}

/** Proxies, checksum database and forward proxies, with and without port. */
export function routeHosts(variables: GoVariables, env: Env): ReadonlySet<string> {
  const gosumdb = parseGosumdb(variables.GOSUMDB ?? '');
  const database = gosumdb.kind === 'database' ? [gosumdb.url] : [];
  const forward = [env.HTTPS_PROXY, env.HTTP_PROXY, env.https_proxy, env.http_proxy];
  const urls = [...proxiesOf(variables), ...database, ...forward.filter((one) => one !== undefined)];
  return new Set(urls.flatMap((url) => [hostOf(url), hostAndPortOf(url)]).filter((host) => host !== null));
}
