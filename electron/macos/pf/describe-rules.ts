/** What a listing of rules means as a whole: which rules can block, whose anchors it has, patterns worth a name. */

import type { PfRule } from './pf-rule.ts';
import { portNumber } from './ports.ts';
import type { PfRules } from './rules.ts';

/** As `gopherbar policy parse` prints a listing. */
export interface RulesReport {
  readonly noiseLines: number;
  readonly rules: readonly PfRule[];
  /** Positions of block rules that can meet outgoing packets. */
  readonly blocks: readonly number[];
  readonly isAppleDefault: boolean;
  readonly thirdPartyAnchors: readonly string[];
  /** It blocks, but only what comes in. */
  readonly inboundOnly: boolean;
  readonly pattern: 'vpn-kill-switch' | 'vpn-strict-tagging' | null;
  /** The first block rule that packets have met (-v): evidence of blocking. */
  readonly evidenceOfBlocking: { readonly rule: number; readonly packets: number } | null;
  readonly namedPorts: Readonly<Record<string, number>>;
  readonly redirects: readonly { readonly iface: string | null; readonly port: string | null; readonly to: string }[];
  readonly anchorPath?: string;
  readonly confidence?: string;
}

/** What could not be listed. */
export interface Unlisted {
  readonly incomplete: true;
  readonly reason: string;
  readonly rules: readonly PfRule[];
}

/** pf could not be asked at all. */
export interface NotReadable {
  readonly state: 'unknown';
  readonly needs: 'root';
}

/** Reports on a listing; `anchorPath` when it is that of an anchor (`-a PATH`). */
export function reportRules(listing: PfRules, anchorPath: string | null): RulesReport | Unlisted | NotReadable {
  const { rules, errors, noiseLines } = listing;
  if (errors.some((line) => /Permission denied/.test(line))) return { state: 'unknown', needs: 'root' };
  const [error] = errors;
  if (error !== undefined) {
    const reason = /DIOCGETRULES/.test(error)
      ? 'recursive anchor listing failed (DIOCGETRULES)'
      : error.replace(/^pfctl: /, '');
    return { incomplete: true, reason, rules };
  }
  const blocks = rules.flatMap((rule, i) => (rule.action === 'block' && rule.direction !== 'in' ? [i] : []));
  const anchors = [...new Set(rules.flatMap(({ anchor }) => (anchor === undefined || anchor === '' ? [] : [anchor])))];
  const pattern = patternOf(rules);
  return {
    noiseLines,
    rules,
    blocks,
    isAppleDefault: rules.length > 0 && rules.every(({ anchor }) => anchor === 'com.apple/*'),
    thirdPartyAnchors: anchors.filter((one) => !/^com\.apple(?:[./]|$)/.test(one)),
    inboundOnly: blocks.length === 0 && rules.some(({ action }) => action === 'block'),
    pattern,
    evidenceOfBlocking: evidenceOf(rules, blocks),
    namedPorts: namedPorts(rules),
    redirects: redirectsOf(rules),
    ...(anchorPath === null ? {} : { anchorPath }),
    ...(pattern === 'vpn-strict-tagging'
      ? {
          confidence:
            'tagged traffic passes; an untagged test flow is blocked unless the unread anchor tags or passes it',
        }
      : {}),
  };
}

/** Tunnels that VPNs make. */
const TUNNEL = /^(?:utun|ipsec|ppp|tun|tap)\d+$/;

function patternOf(rules: readonly PfRule[]): RulesReport['pattern'] {
  if (rules.some(({ action, tagged }) => action === 'block' && tagged?.startsWith('! '))) return 'vpn-strict-tagging';
  const blocksAll = rules.some(
    (rule) => rule.action === 'block' && rule.direction !== 'in' && !rule.quick && isForAll(rule),
  );
  const passesTunnel = rules.some(({ action, iface }) => action === 'pass' && iface !== null && TUNNEL.test(iface));
  return blocksAll && passesTunnel ? 'vpn-kill-switch' : null;
}

function isForAll({ iface, proto, from, to, port, fromPort, user, tagged }: PfRule): boolean {
  const none = iface === null && proto === null && port === null && fromPort === null;
  return none && user === undefined && tagged === undefined && from === 'any' && to === 'any';
}

function evidenceOf(rules: readonly PfRule[], blocks: readonly number[]): RulesReport['evidenceOfBlocking'] {
  const rule = blocks.find((i) => (rules[i]?.counters?.packets ?? 0) > 0);
  return rule === undefined ? null : { rule, packets: rules[rule]?.counters?.packets ?? 0 };
}

function namedPorts(rules: readonly PfRule[]): Readonly<Record<string, number>> {
  const names = rules
    .flatMap(({ port, fromPort }) => [port, fromPort])
    .flatMap((text) => text?.match(/[a-z][\w-]*/gi) ?? [])
    .flatMap((name) => {
      const number = portNumber(name);
      return number === null ? [] : [[name, number] as const];
    });
  return Object.fromEntries(names);
}

function redirectsOf(rules: readonly PfRule[]): RulesReport['redirects'] {
  return rules.flatMap(({ kind, action, iface, port, translation }) => {
    if (kind !== 'rdr' || action.startsWith('no ') || translation === undefined) return [];
    const { target, port: to } = translation;
    const host = target.includes(':') ? `[${target}]` : target;
    return [{ iface, port, to: to === null ? host : `${host}:${to}` }];
  });
}
