/** From gathered outputs to the policy page: the path of each endpoint's packets, layer by layer. Pure. */
import type { LayerFinding, PolicyApp, PolicyReading, PolicyRule } from '../../shared/domain/policy.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import { type DnsConfiguration, parseDnsConfiguration } from './dns-configuration.ts';
import { parseFirewall } from './firewall.ts';
import type { Gathered } from './gather.ts';
import { parseDnsServers } from './networksetup.ts';
import { parsePfInfo, parsePfInterfaces, parsePfTable } from './pf/info.ts';
import type { PfRule } from './pf/pf-rule.ts';
import { parsePfRules } from './pf/rules.ts';
import { type Decision, decideFlow, type PfWorld } from './pf/walk-rules.ts';
import { type ProxyConfiguration, parseProxyConfiguration } from './proxy-configuration.ts';
import { parseRoute, type Route } from './routes.ts';
import { parseSystemExtensions } from './system-extensions.ts';
import { DEVELOPER_APPS } from './terminals.ts';
import { parseCodeSignature, parseSystemVersion } from './versions.ts';
import { parseVpnServices } from './vpn-services.ts';

/** An endpoint in question and the address its name resolves to. */
export interface AskedEndpoint {
  readonly name: string;
  readonly address: string | null;
  readonly port: number;
}

/** What a reading is about, and the one before. */
export interface ReadingContext {
  readonly at: EpochMs;
  readonly privileged: boolean;
  readonly endpoints: readonly AskedEndpoint[];
  /** The person's user id. */
  readonly uid: number | null;
  readonly previous: PolicyReading | null;
}

/** The reading on systems without these commands. */
export function unavailable(at: EpochMs): PolicyReading {
  return {
    at,
    available: false,
    privileged: false,
    prompt: null,
    macos: null,
    pfEnabled: null,
    paths: [],
    rules: [],
    goneRules: [],
    previousAt: null,
    unreadAnchors: [],
    resolvers: [],
    proxies: [],
    extensions: [],
    vpns: [],
    firewall: null,
    setByHand: [],
    goSignedBy: null,
    apps: [],
    unread: [],
  };
}

/** Puts everything together. */
export function readingOf(gathered: Gathered, context: ReadingContext): PolicyReading {
  const { outputs } = gathered;
  const parsed = <T>(id: string, parse: (text: string) => { readonly value: T }): T | null => {
    const text = outputs.get(id);
    return text === undefined ? null : parse(text).value;
  };
  const dns = parsed('scutil --dns', parseDnsConfiguration);
  const proxy = parsed('scutil --proxy', parseProxyConfiguration);
  const extensions = parsed('systemextensionsctl list', parseSystemExtensions);
  const vpns = parsed('scutil --nc list', parseVpnServices);
  const version = parsed('sw_vers', parseSystemVersion);
  const firewall = parseFirewall(
    [...outputs]
      .filter(([id]) => id.startsWith('socketfilterfw'))
      .map(([, text]) => text)
      .join('\n'),
  ).value;
  const pf = readPf(gathered);
  const decided = context.endpoints.map((endpoint) => {
    const text = endpoint.address === null ? undefined : gathered.routes.get(endpoint.address);
    const route = text === undefined ? null : parseRoute(text).value;
    return { endpoint, route, decision: decide(pf, endpoint, route, context.uid) };
  });
  const rules = rulesOf(pf, decided, context.previous);
  const known = new Set(rules.map(keyOf));
  return {
    at: context.at,
    available: true,
    privileged: context.privileged,
    prompt: gathered.prompt,
    macos: version?.version ?? null,
    pfEnabled: pf?.enabled ?? null,
    paths: decided.map(({ endpoint, route, decision }) => ({
      endpoint: endpoint.name,
      address: endpoint.address,
      port: endpoint.port,
      layers: [
        dnsLayer(dns),
        proxyLayer(proxy),
        routeLayer(route),
        localNetworkLayer(endpoint, route, version?.major ?? null),
        filterLayer(extensions?.networkFilterCandidates ?? null),
        pfLayer(pf, decision),
        { layer: 'application-firewall', state: 'no-part', detail: firewallWord(firewall.enabled) },
        { layer: 'tcc', state: 'no-part', detail: '' },
      ],
    })),
    rules,
    goneRules:
      context.previous === null || pf === null
        ? []
        : context.previous.rules.filter((one) => !known.has(keyOf(one))).map(({ text }) => text),
    previousAt: context.previous?.at ?? null,
    unreadAnchors: [
      ...new Set([...(pf?.unreadAnchors ?? []), ...decided.flatMap(({ decision }) => decision?.unreadAnchors ?? [])]),
    ],
    resolvers:
      dns === null
        ? []
        : [
            ...dns.defaultNameservers,
            ...dns.supplemental.map((one) => `${one.domain ?? '*'} → ${one.nameservers.join(' ')}`),
          ],
    proxies: proxy === null ? [] : shownProxies(proxy),
    extensions: extensions?.networkFilterCandidates ?? [],
    vpns: vpns?.connected ?? [],
    firewall: firewallWord(firewall.enabled) || null,
    setByHand: [...gathered.setByHand].flatMap(([service, text]) => {
      const { servers } = parseDnsServers(text).value;
      return servers.length === 0 ? [] : [`${service}: ${servers.join(' ')}`];
    }),
    goSignedBy: signerOf(gathered.goSignature),
    apps: appsOf(gathered),
    unread: [...gathered.unread, ...tccUnread(gathered)],
  };
}

interface Pf {
  readonly enabled: boolean | null;
  readonly rules: readonly PfRule[];
  readonly anchors: Readonly<Record<string, readonly PfRule[]>>;
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly skipped: readonly string[];
  /** The line of each rule, as pfctl printed it. */
  readonly texts: ReadonlyMap<PfRule, string>;
  /** The main rules were listed from the first to the last. */
  readonly isListed: boolean;
  readonly unreadAnchors: readonly string[];
}

/** null when pf was not read. */
function readPf({ snapshot }: Gathered): Pf | null {
  if (snapshot === null) return null;
  const partOf = (id: string) => snapshot.find((part) => part.id === id);
  const textOf = (id: string) => partOf(id)?.text ?? '';
  const info = parsePfInfo(textOf('info')).value;
  const interfaces = parsePfInterfaces(textOf('interfaces')).value;
  const main = parsePfRules(textOf('rules'));
  const texts = new Map(main.texts);
  const anchors: Record<string, readonly PfRule[]> = Object.create(null);
  const tables: Record<string, readonly string[]> = Object.create(null);
  const unreadAnchors: string[] = [];
  for (const { id, text, exitCode } of snapshot) {
    const [kind, name = ''] = id.split(/ (.*)/, 2);
    if (kind === 'anchor' && exitCode === 0) {
      const listing = parsePfRules(text);
      anchors[name] = listing.rules;
      for (const [rule, line] of listing.texts) texts.set(rule, line);
    } else if (kind === 'anchor') unreadAnchors.push(name);
    else if (kind === 'unread') unreadAnchors.push(text.trim().slice(0, 200));
    else if (kind === 'table') {
      const table = parsePfTable(text).value;
      if ('addresses' in table) tables[name] = table.addresses;
    }
  }
  const enabled = 'enabled' in info ? info.enabled : null;
  return {
    enabled,
    rules: main.rules,
    isListed: partOf('rules')?.exitCode === 0 && main.errors.length === 0,
    anchors,
    tables,
    skipped: 'skipped' in interfaces ? interfaces.skipped : [],
    texts,
    unreadAnchors,
  };
}

function decide(
  pf: Pf | null,
  { address, port }: AskedEndpoint,
  route: Route | null,
  uid: number | null,
): Decision | null {
  if (pf === null || address === null) return null;
  const world: PfWorld = { ...pf, name: 'main' };
  const flow = {
    dir: 'out',
    proto: 'tcp',
    dst: address,
    dport: port,
    iface: route?.interface ?? undefined,
    uid: uid ?? undefined,
  } as const;
  return decideFlow(flow, world);
}

type Decided = { readonly endpoint: AskedEndpoint; readonly decision: Decision | null };

function rulesOf(pf: Pf | null, decided: readonly Decided[], previous: PolicyReading | null): readonly PolicyRule[] {
  if (pf === null) return [];
  const before = previous === null || previous.pfEnabled === null ? null : new Set(previous.rules.map(keyOf));
  const all = [['main', pf.rules] as const, ...Object.entries(pf.anchors)];
  return all.flatMap(([anchor, rules]) =>
    rules.map((rule, position) => {
      const text = pf.texts.get(rule) ?? '';
      return {
        anchor,
        position,
        text,
        decidesFor: decided.filter(({ decision }) => decision?.rule === rule).map(({ endpoint }) => endpoint.name),
        blocks: rule.action === 'block' && rule.direction !== 'in',
        isNew: before !== null && !before.has(keyOf({ anchor, text })),
      };
    }),
  );
}

function keyOf({ anchor, text }: Pick<PolicyRule, 'anchor' | 'text'>): string {
  return `${anchor} ${text}`;
}

function dnsLayer(dns: DnsConfiguration | null): LayerFinding {
  if (dns === null) return { layer: 'dns', state: 'unknown', detail: '' };
  if (dns.defaultNameservers.length === 0) return { layer: 'dns', state: 'blocks', detail: '' };
  const detail = dns.defaultNameservers.join(' ');
  return { layer: 'dns', state: dns.localResolver ? 'present' : 'passes', detail };
}

function proxyLayer(proxy: ProxyConfiguration | null): LayerFinding {
  const shown = proxy === null ? [] : shownProxies(proxy);
  return { layer: 'system-proxy', state: 'no-part', detail: shown.join(' ') };
}

/** Without repetitions: a program sets the same one for several protocols. */
export function shownProxies({ http, https, socks, pac }: ProxyConfiguration): readonly string[] {
  return [...new Set([https, http, socks, pac].filter((one) => one !== null))];
}

function routeLayer(route: Route | null): LayerFinding {
  if (route === null) return { layer: 'route', state: 'unknown', detail: '' };
  if (route.reject || route.missing) return { layer: 'route', state: 'blocks', detail: route.interface ?? '' };
  return {
    layer: 'route',
    state: 'passes',
    detail: [route.interface, route.gateway].filter((one) => one !== null).join(' '),
  };
}

/** Only hosts of a directly attached network, from macOS 15 on; its decisions cannot be read. */
function localNetworkLayer({ address }: AskedEndpoint, route: Route | null, major: number | null): LayerFinding {
  // The router of the default route is itself a host of the network.
  const isLocal = route !== null && (route.isLocal || (route.gateway !== null && route.gateway === address));
  if (route === null || (major === null && isLocal)) return { layer: 'local-network', state: 'unknown', detail: '' };
  const concerns = isLocal && (major ?? 0) >= 15;
  return { layer: 'local-network', state: concerns ? 'unknown' : 'no-part', detail: '' };
}

function filterLayer(candidates: readonly string[] | null): LayerFinding {
  if (candidates === null) return { layer: 'content-filter', state: 'unknown', detail: '' };
  // Filters packaged as app extensions are not listed.
  return { layer: 'content-filter', state: candidates.length > 0 ? 'present' : 'passes', detail: candidates.join(' ') };
}

function pfLayer(pf: Pf | null, decision: Decision | null): LayerFinding {
  // Rules that could not be listed pass nothing.
  if (pf === null || decision === null || pf.enabled === null || (pf.enabled && !pf.isListed)) {
    return { layer: 'pf', state: 'unknown', detail: '' };
  }
  const { verdict, decidedBy, rule } = decision;
  const detail = (rule === null ? undefined : pf.texts.get(rule)) ?? decidedBy;
  return { layer: 'pf', state: verdict === 'block' ? 'blocks' : verdict === 'pass' ? 'passes' : 'unknown', detail };
}

function firewallWord(enabled: boolean | null): string {
  return enabled === null ? '' : enabled ? 'on' : 'off';
}

/** Local Network privacy and filters judge a program by its signature; an unsigned one cannot be identified. */
function signerOf(text: string | null): string | null {
  if (text === null) return null;
  const { unsigned, adhoc, authorities, teamId, identifier } = parseCodeSignature(text).value;
  if (unsigned) return 'unsigned';
  return authorities[0] ?? teamId ?? (adhoc ? 'ad hoc' : identifier);
}

/** Services that matter to developers' tools. */
const SERVICES =
  /^kTCCService(?:SystemPolicy(?:AllFiles|DesktopFolder|DocumentsFolder|DownloadsFolder|NetworkVolumes|RemovableVolumes|AppData)|DeveloperTool|AppleEvents)$/;

function appsOf(gathered: Gathered): readonly PolicyApp[] {
  const apps = new Map<string, Record<string, { decision: string; reason: string | null; at: EpochMs | null }>>();
  for (const { outcome } of gathered.tcc) {
    if (!outcome.ok) continue;
    for (const { service, client, decision, reason, lastModified } of outcome.report.rows) {
      if (!Object.hasOwn(DEVELOPER_APPS, client) || !SERVICES.test(service)) continue;
      const services = apps.get(client) ?? {};
      services[service.replace('kTCCService', '')] = {
        decision,
        reason,
        at: lastModified === null ? null : lastModified * 1_000,
      };
      apps.set(client, services);
    }
  }
  for (const id of gathered.installed) apps.set(id, apps.get(id) ?? {});
  return [...apps].map(([bundleId, services]) => ({ bundleId, name: DEVELOPER_APPS[bundleId] ?? bundleId, services }));
}

function tccUnread({ tcc }: Gathered): PolicyReading['unread'] {
  return tcc.flatMap(({ database, outcome }) =>
    outcome.ok ? [] : [{ what: `TCC.db (${database})`, why: outcome.why }],
  );
}
