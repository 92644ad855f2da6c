/** The hosts that these settings make Gopherbar contact. */
import type { Contact } from '../../shared/domain/contact.ts';
import type { EndpointKind } from '../../shared/domain/endpoint.ts';
import { isProxyEntry, parseGoproxyList, redactUrl } from '../../shared/domain/goproxy-list.ts';
import type { GoVariables, Profile } from '../../shared/domain/profile.ts';
import { STATUS_FEEDS } from '../../shared/domain/status-feed.ts';
import { PUBLIC_DATABASE } from '../../shared/domain/vulnerability.ts';

interface ContactingSettings {
  readonly monitor: {
    readonly endpoints: readonly { readonly url: string; readonly kind: EndpointKind }[];
    readonly network: { readonly resolver?: string | undefined };
  };
  readonly doctorResolvers: readonly string[];
  readonly statusFeeds: boolean;
  readonly gateway: { readonly upstreams: readonly string[] };
  /** Base URLs of update servers; [] while updates are switched off. */
  readonly updateFeeds: readonly string[];
  readonly metricsCollector: string | null;
  readonly profiles?: readonly Pick<Profile, 'variables'>[];
}

/**
 * Every host by name, with what `go` uses (null = no `go` was found) and the vulnerability database of GOVULNDB. A module's own host is contacted, too, when the
 * doctor, why, trace, canary or verify is asked about that module.
 */
export function contactsOf(
  settings: ContactingSettings,
  effective: GoVariables | null = null,
  vulnerabilities: string = PUBLIC_DATABASE,
): readonly Contact[] {
  const { monitor, doctorResolvers, statusFeeds, gateway, updateFeeds, metricsCollector, profiles = [] } = settings;
  const { endpoints, network } = monitor;
  const listed = new Set(endpoints.map(({ url }) => url));
  const others = (urls: readonly string[], reason: 'gateway' | 'go' | 'profile') =>
    urls.filter((url) => !listed.has(url) && listed.add(url)).map((url) => ({ host: redactUrl(url), reason }));
  return [
    ...endpoints.map(({ url, kind }) => ({ host: redactUrl(url), reason: kind })),
    ...(network.resolver === undefined ? [] : [{ host: network.resolver, reason: 'resolver' } as const]),
    ...doctorResolvers.map((url) => ({ host: redactUrl(url), reason: 'doctor' }) as const),
    ...(statusFeeds ? STATUS_FEEDS.map(({ url }) => ({ host: url, reason: 'status' }) as const) : []),
    ...others(gateway.upstreams, 'gateway'),
    ...(effective === null ? [] : others([...proxiesOf(effective), checksumsOf(effective)], 'go')),
    ...others(
      profiles.flatMap(({ variables }) => proxiesOf(variables)),
      'profile',
    ),
    { host: redactUrl(vulnerabilities), reason: 'vulnerabilities' },
    ...(metricsCollector === null ? [] : [{ host: metricsCollector, reason: 'metrics' } as const]),
    ...updateFeeds.flatMap(updateHosts).map((host) => ({ host, reason: 'updates' }) as const),
  ];
}

/** GitHub redirects downloads of releases to a host of their own. */
function updateHosts(feed: string): readonly string[] {
  const others = feed.startsWith('https://github.com/') ? ['https://release-assets.githubusercontent.com'] : [];
  return [redactUrl(feed), ...others];
}

function proxiesOf(variables: GoVariables): readonly string[] {
  const entries = parseGoproxyList(variables.GOPROXY ?? '');
  return entries.filter(isProxyEntry).map(({ value }) => value);
}

/** The database of GOSUMDB; verify asks the public one even when it is off. */
function checksumsOf(variables: GoVariables): string {
  const [name = '', url] = (variables.GOSUMDB ?? '').trim().split(/\s+/);
  if (url !== undefined) return url;
  const host = name.split('+')[0] ?? '';
  return `https://${host === '' || host === 'off' ? 'sum.golang.org' : host}`;
}
