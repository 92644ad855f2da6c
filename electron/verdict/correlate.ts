/**
 * Who is to blame, from all results together. Pure. Rules are ordered by network layer, lowest first, because a fault in
 * a lower layer falsifies everything above it. A rule needs a control that works ("blocked" needs a "not blocked" beside
 * it); without one only the failing entry is reported.
 */
import type { Cause } from '../../shared/domain/cause.ts';
import type { Note, Variable } from '../../shared/domain/result.ts';
import type { Blame, VerdictName } from '../../shared/domain/verdict.ts';
import { hostAndPortOf, type Observation } from './endpoint-record.ts';
import { isRefusal } from './refusal.ts';

export interface Correlation extends Blame {
  readonly name: VerdictName;
}

type CorrelationRule = (failing: readonly Observation[], all: readonly Observation[]) => Correlation | null;

/** The first rule that fits the endpoints that fail now; null when none says more than the failing entry itself. */
export function correlate(observations: readonly Observation[]): Correlation | null {
  const failing = observations.filter(({ state, last }) => state.failures > 0 && last?.outcome === 'failed');
  if (failing.length === 0) return null;
  for (const rule of RULES) {
    const found = rule(failing, observations);
    if (found !== null) return found;
  }
  return null;
}

/** Two hosts that fail alike are rarely a coincidence; one may have a problem of its own. */
const SEVERAL = 2;

const RULES: readonly CorrelationRule[] = [
  // A sign-in page answers for every host: at least two hosts show it, and none answers itself. Resolvers may: names can
  // be looked up before signing in.
  (failing, all) => {
    const portals = failing.filter(by('captive-portal', 'redirect-insecure'));
    if (hosts(portals) < SEVERAL || all.some((one) => one.endpoint.kind !== 'dns' && isWell(one))) return null;
    return blame('captive-portal', 'several-hosts', 0.95, portals);
  },
  // A local proxy that answers names from a range of its own explains whatever fails behind it.
  (failing, all) => {
    const fake = all.filter(noted('fake-ip'));
    return fake.length === 0 ? null : blame('local-proxy-in-path', 'fake-ip', 0.9, [...fake, ...failing]);
  },
  // The forward proxy itself is down: what goes through it says nothing about the other side.
  (failing) => {
    const proxies = failing.filter(
      ({ endpoint: { kind }, state }) => kind === 'forward-proxy' && state.cause === 'forward-proxy-unreachable',
    );
    const behind = failing.filter(
      ({ endpoint: { kind }, state }) => kind !== 'forward-proxy' && isProxyTrouble(state.cause),
    );
    if (behind.length === 0) return null;
    return blame('forward-proxy-down', 'proxy-and-behind', proxies.length > 0 ? 0.95 : 0.8, [...proxies, ...behind]);
  },
  // A resolver that was caught lying, or that another resolver corrects.
  (failing) => {
    const liars = failing.filter(
      ({ endpoint: { kind }, state }) =>
        kind === 'dns' && isOneOf(state.cause, 'dns-injected', 'dns-nxdomain-hijacked', 'dns-bogus-answer'),
    );
    // IPv4 alone would have done: then the other resolver only left the broken family out.
    const corrected = failing.filter((one) => flips('other-resolver')(one) && !flips('ipv4')(one));
    if (corrected.length > 0)
      return blame(
        'dns-tampered',
        'experiment',
        0.95,
        [...corrected, ...liars],
        replacedBy(corrected, 'other-resolver'),
      );
    const misled = failing.filter(({ endpoint: { kind }, state }) => kind !== 'dns' && isMisled(state.cause));
    if (liars.length === 0 || misled.length === 0) return null;
    return blame('dns-tampered', 'lying-resolver', 0.85, [...liars, ...misled]);
  },
  // The same unknown authority for several hosts signs in their place.
  (failing) => {
    const unknown = failing.filter(by('tls-unknown-authority'));
    const byIssuer = groupBy(unknown, issuerOf);
    for (const [issuer, group] of byIssuer) {
      if (issuer !== '' && hosts(group) >= SEVERAL) return blame('tls-intercepted', 'one-issuer', 0.95, group, issuer);
      if (VENDORS.test(issuer)) return blame('tls-intercepted', 'known-vendor', 0.9, group, issuer);
    }
    return null;
  },
  experiment('sni-blocked', 'other-name'),
  experiment('large-hello-dropped', 'small-hello'),
  (failing, all) => {
    const flipped = failing.filter(flips('ipv4'));
    if (flipped.length > 0) return blame('ipv6-broken', 'experiment', 0.95, flipped);
    const six = all.filter(noted('ipv6-fails'));
    return hosts(six) >= SEVERAL && failing.some(({ last }) => last?.remote?.family === 6)
      ? blame('ipv6-broken', 'several-hosts', 0.8, six)
      : null;
  },
  // The kernel itself refuses: a packet filter, a firewall, a privacy setting of this machine.
  (failing) => {
    const denied = failing.filter(
      ({ last }) => last?.outcome === 'failed' && isOneOfText(last.failure.code, 'EPERM', 'EACCES'),
    );
    return denied.length === 0 ? null : blame('blocked-by-policy', 'kernel-refuses', 0.9, denied);
  },
  // Others of the same kind are well: it is them, not us.
  (failing, all) => {
    // A refusal is a decision, however well others are.
    const proxies = failing.filter(({ endpoint: { kind }, state }) => kind === 'goproxy' && !isRefusal(state.cause));
    const well = all.filter((one) => one.endpoint.kind === 'goproxy' && isWell(one));
    if (proxies.length === 0 || well.length === 0) return null;
    return blame('upstream-outage', 'others-are-well', 0.9, [...proxies, ...well], null);
  },
];

/** Products that inspect TLS, by what they call their authorities. */
const VENDORS =
  /zscaler|netskope|fortinet|fortigate|palo alto|sophos|cisco umbrella|blue ?coat|symantec web|mcafee web|kaspersky|avast|bitdefender|charles proxy|mitmproxy|burp|proxyman|adguard|360|sangfor|深信服/i;

function experiment(name: VerdictName, variable: Variable): CorrelationRule {
  return (failing) => {
    const flipped = failing.filter(flips(variable));
    return flipped.length === 0 ? null : blame(name, 'experiment', 0.95, flipped, replacedBy(flipped, variable));
  };
}

function blame(
  name: VerdictName,
  rule: string,
  score: number,
  observations: readonly Observation[],
  detail: string | null = null,
): Correlation {
  return {
    name,
    rule: `${name}/${rule}`,
    score,
    detail,
    endpointIds: [...new Set(observations.map(({ endpoint }) => endpoint.id))],
  };
}

function by(...causes: readonly Cause[]) {
  return ({ state }: Observation) => isOneOf(state.cause, ...causes);
}

/** Every try failed unchanged, every try succeeded with the one thing changed. */
function flips(variable: Variable) {
  return ({ last }: Observation) =>
    last?.evidence.experiments?.some(
      (one) => one.variable === variable && one.unchanged === 0 && one.changed === one.tries,
    ) === true;
}

function replacedBy(observations: readonly Observation[], variable: Variable): string | null {
  for (const { last } of observations) {
    const value = last?.evidence.experiments?.find((one) => one.variable === variable)?.value;
    if (value !== undefined) return value;
  }
  return null;
}

function noted(note: Note) {
  return ({ last }: Observation) => last?.evidence.notes?.includes(note) === true;
}

function isWell({ state, last }: Observation): boolean {
  return last?.outcome === 'ok' && state.failures === 0;
}

/** What a wrong address leads to. */
function isMisled(cause: Cause | null): boolean {
  return isOneOf(
    cause,
    ...([
      'connect-timeout',
      'connect-refused',
      'connection-reset',
      'tls-cert-wrong-host',
      'dns-no-such-host',
      'eof-no-response',
    ] as const),
  );
}

function isProxyTrouble(cause: Cause | null): boolean {
  return isOneOf(cause, 'forward-proxy-unreachable', 'forward-proxy-refused', 'forward-proxy-misconfigured');
}

function isOneOf(cause: Cause | null, ...causes: readonly Cause[]): boolean {
  return cause !== null && causes.includes(cause);
}

function isOneOfText(text: string | undefined, ...texts: readonly string[]): boolean {
  return text !== undefined && texts.includes(text);
}

/** Who signed, as the probe of a refused certificate writes it: `… by "ISSUER" …`. */
function issuerOf({ last }: Observation): string {
  return (last?.outcome === 'failed' && / by "([^"]*)"/.exec(last.failure.message)?.[1]) || '';
}

function hosts(observations: readonly Observation[]): number {
  return new Set(observations.map(({ endpoint }) => hostAndPortOf(endpoint))).size;
}

function groupBy(
  observations: readonly Observation[],
  keyOf: (one: Observation) => string,
): ReadonlyMap<string, readonly Observation[]> {
  const groups = new Map<string, Observation[]>();
  for (const one of observations) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}
