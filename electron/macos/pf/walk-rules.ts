/**
 * What pf would do with a packet: rules in order, the last match wins, `quick` ends at once, no match passes (pf.conf(5)).
 * What a listing does not tell (a table that was not read, whose process it is) makes a rule a possibility; when the
 * possibilities disagree the answer is `unknown`. States are not looked at: a packet of an existing connection skips the
 * rules.
 */
import { type Known, type Match, matchesAddress, not } from './address.ts';
import type { PfRule } from './pf-rule.ts';
import { portNumber } from './ports.ts';

/** The packets of one connection, as rules match them. */
export interface Flow {
  readonly dir: 'in' | 'out';
  readonly proto: string;
  readonly dst: string;
  readonly dport: number | null;
  readonly src?: string | undefined;
  readonly sport?: number | undefined;
  /** absent = not known: then it is no loopback unless the address is. */
  readonly iface?: string | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}

/** pf as it was listed: state, rules, anchors, tables. */
export interface PfWorld extends Known {
  /** null = not known. */
  readonly enabled: boolean | null;
  /** Name of the listing for `decidedBy`: `main`, or an anchor's path. */
  readonly name: string;
  readonly rules: readonly PfRule[];
  /** Rules of anchors by path; absent = not read. */
  readonly anchors: Readonly<Record<string, readonly PfRule[]>>;
  /** Interfaces under `set skip`. */
  readonly skipped: readonly string[];
}

/** What pf does with a flow, and by which rule. */
export interface Decision {
  readonly verdict: 'pass' | 'block' | 'unknown';
  /** `main#2`, `com.apple/x#0`, `default`, `pf-disabled`, `skip`. */
  readonly decidedBy: string;
  readonly rule: PfRule | null;
  /** Anchors that were not read and could still change it, sorted. */
  readonly unreadAnchors: readonly string[];
  /** What might decide otherwise: rules whose conditions are not known to hold. */
  readonly mayAlso: readonly string[];
}

interface Found {
  readonly by: string;
  readonly rule: PfRule;
}

/** An inline anchor in an inline anchor in … : deeper than anybody writes. */
const MAX_DEPTH = 32;

/** Decides one flow. */
export function decideFlow(flow: Flow, world: PfWorld): Decision {
  const nothing = { rule: null, unreadAnchors: [], mayAlso: [] };
  if (world.enabled === false) return { verdict: 'pass', decidedBy: 'pf-disabled', ...nothing };
  const iface = ifaceOf(flow);
  if (iface !== null && world.skipped.includes(iface)) return { verdict: 'pass', decidedBy: 'skip', ...nothing };
  const walk = new Walk(flow, world);
  walk.through(world.rules, world.name, 0);
  return walk.decision();
}

/** Loopback addresses are met on lo0. */
function ifaceOf({ iface, dst }: Flow): string | null {
  if (iface !== undefined) return iface;
  return isLoopback(dst) ? 'lo0' : null;
}

class Walk {
  readonly #flow: Flow;
  readonly #world: PfWorld;
  readonly #tags = new Set<string>();
  readonly #unread = new Set<string>();
  #current: Found | null = null;
  /** Matches that are only possible, since the last sure one. */
  #possible: Found[] = [];
  /** Possible matches that would have ended it. */
  #possibleEnds: Found[] = [];
  #ended = false;

  constructor(flow: Flow, world: PfWorld) {
    this.#flow = flow;
    this.#world = world;
  }

  /** Whether something in these rules surely matched. */
  through(rules: readonly PfRule[], name: string, depth: number): boolean {
    let matched = false;
    for (const [i, rule] of rules.entries()) {
      if (this.#ended) break;
      if (rule.kind !== 'filter' && rule.kind !== 'anchor') continue;
      const match = this.#matches(rule);
      if (match === 'no') continue;
      if (rule.kind === 'anchor') {
        const place = `${name}#${i}`;
        if (depth >= MAX_DEPTH) this.#unread.add(rule.anchor || place);
        else if (this.#into(rule, match, place, depth)) matched = true;
        continue;
      }
      matched = this.#take({ by: `${name}#${i}`, rule }, match) || matched;
    }
    return matched;
  }

  #take(found: Found, match: Match): boolean {
    const { rule } = found;
    if (match === 'maybe') {
      (rule.quick ? this.#possibleEnds : this.#possible).push(found);
      return false;
    }
    if (rule.tag !== undefined) this.#tags.add(rule.tag);
    if (rule.action === 'match') return false;
    this.#current = found;
    this.#possible = [];
    this.#ended = rule.quick;
    return true;
  }

  /** An anchor's rules are evaluated where it stands; `x/*` means those directly below x, by name. */
  #into(rule: PfRule, match: Match, place: string, depth: number): boolean {
    const { anchor = '', rules: inline } = rule;
    const inside: (readonly [string, readonly PfRule[]])[] = [];
    if (inline !== undefined) inside.push([anchor === '' ? place : anchor, inline]);
    else {
      const read = childrenOf(anchor, this.#world.anchors);
      if (read.length === 0) this.#unread.add(anchor);
      inside.push(...read);
    }
    let matched = false;
    for (const [name, rules] of inside) {
      if (this.#ended) break;
      if (match === 'maybe') this.#doubt(rules, name);
      else matched = this.through(rules, name, depth + 1) || matched;
    }
    if (matched && rule.quick) this.#ended = true;
    return matched;
  }

  /** Whether the anchor is entered is not known: each of its rules is a possibility. */
  #doubt(rules: readonly PfRule[], name: string): void {
    for (const [i, rule] of rules.entries()) {
      if (rule.kind === 'filter' && this.#matches(rule) !== 'no') this.#take({ by: `${name}#${i}`, rule }, 'maybe');
    }
  }

  #matches(rule: PfRule): Match {
    const { dir, dst, dport, sport, uid, gid } = this.#flow;
    return every([
      () => (rule.direction === null || rule.direction === dir ? 'yes' : 'no'),
      () => (rule.af === null || rule.af === (dst.includes(':') ? 'inet6' : 'inet') ? 'yes' : 'no'),
      () => matchesProto(rule.proto, this.#flow.proto),
      () => matchesIface(rule.iface, ifaceOf(this.#flow)),
      () => matchesAddress(rule.to, dst, this.#world),
      () => (rule.port === null ? 'yes' : matchesNumber(rule.port, dport ?? undefined, portNumber)),
      () => matchesSource(rule.from, this.#flow, this.#world),
      () => (rule.fromPort === null ? 'yes' : matchesSourcePort(rule.fromPort, sport)),
      () => this.#matchesOwner(rule.user, uid),
      () => this.#matchesOwner(rule.group, gid),
      () => this.#matchesTag(rule.tagged),
      // A connection begins with a SYN: what asks for other flags does not meet it.
      () =>
        rule.flags === undefined || /^(?:any|S\/|\/)/.test(rule.flags) || this.#flow.proto !== 'tcp' ? 'yes' : 'no',
      () => (rule.icmpType === undefined ? 'yes' : 'maybe'),
      () => (rule.fragment === 'only' && rule.kind === 'filter' ? 'no' : 'yes'),
      () => (rule.probability === undefined && rule.os === undefined && rule.unknown === undefined ? 'yes' : 'maybe'),
    ]);
  }

  /** TCP and UDP only (pf.conf(5), user). */
  #matchesOwner(spec: string | undefined, id: number | undefined): Match {
    if (spec === undefined) return 'yes';
    if (this.#flow.proto !== 'tcp' && this.#flow.proto !== 'udp') return 'no';
    return matchesNumber(spec, id, (text) => (/^\d+$/.test(text) ? Number(text) : null));
  }

  #matchesTag(spec: string | undefined): Match {
    if (spec === undefined) return 'yes';
    const name = spec.replace(/^! /, '');
    const has: Match = this.#tags.has(name) ? 'yes' : 'no';
    return spec.startsWith('! ') ? not(has) : has;
  }

  decision(): Decision {
    const verdictOf = (found: Found | null) => (found?.rule.action === 'block' ? 'block' : 'pass');
    const sure = verdictOf(this.#current);
    const others = [...this.#possibleEnds, ...(this.#ended ? [] : this.#possible)];
    const mayAlso = others.filter((one) => verdictOf(one) !== sure).map(({ by }) => by);
    return {
      verdict: mayAlso.length > 0 ? 'unknown' : sure,
      decidedBy: this.#current?.by ?? 'default',
      rule: this.#current?.rule ?? null,
      unreadAnchors: [...this.#unread].sort(),
      mayAlso,
    };
  }
}

/** The anchors that were read under a name or pattern, by name; [] = none was. */
function childrenOf(
  anchor: string,
  anchors: Readonly<Record<string, readonly PfRule[]>>,
): readonly (readonly [string, readonly PfRule[]])[] {
  const prefix = anchor === '*' ? '' : anchor.endsWith('/*') ? anchor.slice(0, -1) : null;
  return Object.entries(anchors)
    .filter(([path]) =>
      prefix === null ? path === anchor : path.startsWith(prefix) && !path.slice(prefix.length).includes('/'),
    )
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A source that is not given: loopback for loopback, else one of this Mac's when the packet leaves, any when it comes in. */
function matchesSource(spec: string, { dir, src, dst }: Flow, world: PfWorld): Match {
  if (src !== undefined) return matchesAddress(spec, src, world);
  if (isLoopback(dst)) return matchesAddress(spec, dst.includes(':') ? '::1' : '127.0.0.1', world);
  if (dir === 'out') return matchesAddress(spec, null, world);
  return spec === 'any' ? 'yes' : 'maybe';
}

function isLoopback(address: string): boolean {
  return /^127\.|^::1$/.test(address);
}

/** The first `no` decides; else one `maybe` makes it so. */
function every(tests: readonly (() => Match)[]): Match {
  let result: Match = 'yes';
  for (const test of tests) {
    const match = test();
    if (match === 'no') return 'no';
    if (match === 'maybe') result = 'maybe';
  }
  return result;
}

const PROTOCOLS: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'ipv6-icmp' };

function matchesProto(spec: string | null, proto: string): Match {
  return spec === null || (PROTOCOLS[spec] ?? spec) === (PROTOCOLS[proto] ?? proto) ? 'yes' : 'no';
}

/** The interface itself: xnu compares no groups (pfi_kif_match). */
function matchesIface(spec: string | null, iface: string | null): Match {
  if (spec === null) return 'yes';
  const name = spec.replace(/^! /, '');
  if (iface === null) {
    // Not loopback is known of an interface that is not known.
    const isOther: Match = name === 'lo0' ? 'no' : 'maybe';
    return spec.startsWith('! ') ? not(isOther) : isOther;
  }
  const same: Match = name === iface ? 'yes' : 'no';
  return spec.startsWith('! ') ? not(same) : same;
}

/** `443`, `!= 80`, `1024:65535`, `1 >< 9` (between), `1 <> 9` (outside). */
function matchesNumber(spec: string, value: number | undefined, read: (text: string) => number | null): Match {
  const bounds = boundsOf(spec, read);
  if (bounds === null || value === undefined) return 'maybe';
  return bounds.inside(value) ? 'yes' : 'no';
}

/** macOS takes source ports from 49152 on (net.inet.ip.portrange.first). */
const EPHEMERAL = { first: 49_152, last: 65_535 } as const;

function matchesSourcePort(spec: string, port: number | undefined): Match {
  if (port !== undefined) return matchesNumber(spec, port, portNumber);
  const bounds = boundsOf(spec, portNumber);
  if (bounds === null) return 'maybe';
  const edges = [
    EPHEMERAL.first,
    EPHEMERAL.last,
    ...bounds.edges.filter((one) => one > EPHEMERAL.first && one < EPHEMERAL.last),
  ];
  const answers = new Set(
    edges
      .flatMap((edge) => [edge - 1, edge, edge + 1])
      .filter(isEphemeral)
      .map(bounds.inside),
  );
  return answers.size === 1 ? (answers.has(true) ? 'yes' : 'no') : 'maybe';
}

function isEphemeral(port: number): boolean {
  return port >= EPHEMERAL.first && port <= EPHEMERAL.last;
}

interface Bounds {
  readonly inside: (value: number) => boolean;
  readonly edges: readonly number[];
}

function boundsOf(spec: string, read: (text: string) => number | null): Bounds | null {
  const unary = /^(!=|<=|>=|<|>) (\S+)$/.exec(spec);
  const binary = /^(\S+) (><|<>) (\S+)$/.exec(spec) ?? /^([^\s:]+)(:)([^\s:]+)$/.exec(spec);
  const edges = (unary === null ? (binary === null ? [spec] : [binary[1], binary[3]]) : [unary[2]]).map((text) =>
    read(text ?? ''),
  );
  const [a, b] = edges;
  if (a === null || a === undefined || b === null) return null;
  const known = b === undefined ? [a] : [a, b];
  return { edges: known, inside: insideOf(unary?.[1] ?? binary?.[2] ?? '=', a, b ?? a) };
}

function insideOf(operator: string, a: number, b: number): (value: number) => boolean {
  switch (operator) {
    case '!=':
      return (value) => value !== a;
    case '<':
      return (value) => value < a;
    case '<=':
      return (value) => value <= a;
    case '>':
      return (value) => value > a;
    case '>=':
      return (value) => value >= a;
    case '><':
      return (value) => value > a && value < b;
    case '<>':
      return (value) => value < a || value > b;
    case ':':
      return (value) => value >= a && value <= b;
    default:
      return (value) => value === a;
  }
}
