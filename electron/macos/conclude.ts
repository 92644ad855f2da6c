/**
 * Several readings together: which layer of this Mac stops a connection, and which cannot. A reading that is absent is
 * unknown: never off, and never clean. Pure.
 */
import type { DnsConfiguration } from './dns-configuration.ts';
import type { Firewall } from './firewall.ts';
import { reportRules } from './pf/describe-rules.ts';
import type { PfDenied, PfInfo } from './pf/info.ts';
import type { PfRules } from './pf/rules.ts';
import { type Decision, decideFlow } from './pf/walk-rules.ts';
import type { ProxyConfiguration } from './proxy-configuration.ts';
import type { Route } from './routes.ts';
import type { Suspicion } from './suspects.ts';
import type { SystemExtensions } from './system-extensions.ts';

export interface Readings {
  readonly pfInfo?: PfInfo | PfDenied | null;
  readonly pfRules?: PfRules | null;
  readonly firewall?: Firewall | null;
  readonly dns?: DnsConfiguration | null;
  readonly proxy?: ProxyConfiguration | null;
  readonly extensions?: SystemExtensions | null;
  readonly route?: Route | null;
  readonly symptom?: Suspicion | null;
  /** A TCC database was read; what it says does not matter here. */
  readonly tcc?: boolean;
  readonly macosMajor?: number | null;
  /** What go's environment names. */
  readonly env?: Readonly<Record<string, string | null | undefined>>;
}

export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly responsibleApp?: string | undefined;
}

export interface Conclusion {
  readonly pf: 'no-effect' | 'passes' | 'blocks' | 'unknown';
  /** Position of the deciding rule. */
  readonly rule: number | null;
  readonly decision: Decision | null;
  readonly pattern: string | null;
  readonly why: string | null;
  readonly offer: string | null;
  readonly confidence: string | null;
  readonly note: string | null;
  /** It filters what comes in, and never explains a download. */
  readonly alf: 'no-effect';
  /** Files, not networks. */
  readonly tcc: 'no-effect';
  readonly dns: 'ok' | 'none' | 'local' | 'unknown';
  readonly systemProxy: string | null;
  readonly goUsesIt: boolean;
  readonly curlUsesIt: boolean;
  readonly hint: string | null;
  readonly contentFilter: 'none' | 'present' | 'unknown';
  readonly localNetworkPrivacy: 'suspect' | 'no' | 'unknown';
  readonly fix: string | null;
  readonly tccutilHelps: false;
  readonly finding: string | null;
}

export function conclude(readings: Readings, to: Destination): Conclusion {
  const pf = concludePf(readings, to);
  const localNetworkPrivacy = concludeLocalNetwork(readings, to);
  const contentFilter =
    readings.extensions == null
      ? 'unknown'
      : readings.extensions.networkFilterCandidates.length > 0
        ? 'present'
        : 'none';
  const quiet =
    (pf.pf === 'no-effect' || pf.pf === 'passes') && contentFilter === 'none' && localNetworkPrivacy !== 'suspect';
  return {
    ...pf,
    alf: 'no-effect',
    tcc: 'no-effect',
    note: pf.note ?? noteOf(readings),
    dns: concludeDns(readings.dns),
    ...concludeProxy(readings),
    contentFilter,
    localNetworkPrivacy,
    fix: localNetworkPrivacy === 'suspect' ? 'System Settings > Privacy & Security > Local Network' : null,
    tccutilHelps: false,
    finding: quiet && readings.route?.reject !== true ? 'no local policy explains a failure' : null,
  };
}

function noteOf({ firewall, tcc }: Readings): string | null {
  if (firewall != null) return 'inbound only; mention only as context';
  return tcc === true ? 'Full Disk Access denied for Terminal does not change network access' : null;
}

type PfConclusion = Pick<Conclusion, 'pf' | 'rule' | 'decision' | 'pattern' | 'why' | 'offer' | 'confidence' | 'note'>;

function concludePf({ pfInfo, pfRules, route }: Readings, to: Destination): PfConclusion {
  const nothing: PfConclusion = {
    pf: 'unknown',
    rule: null,
    decision: null,
    pattern: null,
    why: null,
    offer: 'read with administrator password',
    confidence: null,
    note: null,
  };
  if (pfInfo != null && 'enabled' in pfInfo && pfInfo.enabled === false) {
    const why = pfRules != null && pfRules.rules.length > 0 ? 'rules are loaded but pf is disabled' : 'pf is disabled';
    return { ...nothing, pf: 'no-effect', why, offer: null };
  }
  const report = pfRules == null ? null : reportRules(pfRules, null);
  if (
    pfInfo == null ||
    !('enabled' in pfInfo) ||
    pfInfo.enabled === null ||
    pfRules == null ||
    report === null ||
    !('blocks' in report)
  )
    return nothing;
  const world = { enabled: true, name: 'main', rules: pfRules.rules, anchors: {}, skipped: [], tables: {} };
  const flow = {
    dir: 'out',
    proto: 'tcp',
    dst: to.address,
    dport: to.port,
    iface: route?.interface ?? undefined,
  } as const;
  const decision = decideFlow(flow, world);
  const position = /^main#(\d+)$/.exec(decision.decidedBy)?.[1];
  const { verdict, unreadAnchors } = decision;
  const isKillSwitch = report.pattern === 'vpn-kill-switch' && verdict === 'block' && route != null && !route.viaTunnel;
  return {
    pf: verdict === 'block' ? 'blocks' : verdict === 'pass' ? 'passes' : 'unknown',
    rule: position === undefined ? null : Number(position),
    decision,
    pattern: report.pattern,
    why: null,
    offer: null,
    confidence: unreadAnchors.length === 0 ? 'high' : `high except for unread anchors ${unreadAnchors.join(', ')}`,
    note: isKillSwitch
      ? `default route is on a physical interface; only ${passedBy(pfRules)} and the VPN server are passed`
      : null,
  };
}

function passedBy({ rules }: PfRules): string {
  const tunnels = rules.flatMap(({ action, iface }) =>
    action === 'pass' && iface !== null && /^(?:utun|ipsec|ppp)\d/.test(iface) ? [iface] : [],
  );
  return [...new Set(tunnels)].join(', ');
}

function concludeDns(dns: DnsConfiguration | null | undefined): Conclusion['dns'] {
  if (dns == null) return 'unknown';
  if (!dns.available || dns.defaultNameservers.length === 0) return 'none';
  return dns.localResolver ? 'local' : 'ok';
}

/** The system's proxy is the browser's: `go` and curl read their environment only. */
function concludeProxy({ proxy, env }: Readings): Pick<Conclusion, 'systemProxy' | 'goUsesIt' | 'curlUsesIt' | 'hint'> {
  if (proxy == null) return { systemProxy: null, goUsesIt: false, curlUsesIt: false, hint: null };
  const systemProxy = proxy.https ?? proxy.http ?? proxy.socks ?? proxy.pac;
  const named = Object.entries(env ?? {}).filter(
    ([name, value]) => /^https?_proxy$/i.test(name) && (value ?? '') !== '',
  );
  const uses = systemProxy !== null && named.some(([, value]) => (value ?? '').includes(systemProxy));
  return {
    systemProxy: systemProxy ?? 'none',
    goUsesIt: uses,
    curlUsesIt: uses && named.some(([name]) => name === name.toLowerCase() || name === 'HTTPS_PROXY'),
    hint: systemProxy !== null && !uses ? 'export HTTPS_PROXY' : null,
  };
}

/** macOS 15 and later; hosts of a directly attached network only; not from Terminal.app (TN3179). */
function concludeLocalNetwork({ symptom, macosMajor }: Readings, to: Destination): Conclusion['localNetworkPrivacy'] {
  const isLan =
    /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)/.test(to.address) ||
    /^(?:fe80|f[cd])/i.test(to.address);
  if (!isLan || to.responsibleApp === 'com.apple.Terminal') return 'no';
  if (macosMajor == null) return 'unknown';
  if (macosMajor < 15) return 'no';
  return symptom?.suspects.includes('local-network-privacy') === true ? 'suspect' : 'unknown';
}
