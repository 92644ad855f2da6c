/** Questions to and answers of a DNS server (RFC 1035), and what addresses say about who answered. Pure. */
import { BlockList, isIP } from 'node:net';
import * as packet from 'dns-packet';

export type RecordType = 'A' | 'AAAA';

/** What a server answered. */
export interface Reply {
  /** RFC 1035 §4.1.1 and RFC 6895: `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED`, … */
  readonly rcode: string;
  readonly isTruncated: boolean;
  readonly addresses: readonly string[];
}

/** A question with the recursion it needs. */
export function encodeQuestion(id: number, name: string, type: RecordType): Buffer {
  return packet.encode({ type: 'query', id, flags: packet.RECURSION_DESIRED, questions: [{ type, name }] });
}

/** The reply to that question; null for anything else (another id or name, not a response, damaged). */
export function readReply(bytes: Buffer, id: number, name: string, type: RecordType): Reply | null {
  let message: packet.DecodedPacket;
  try {
    message = packet.decode(bytes);
  } catch {
    return null;
  }
  const question = message.questions?.[0];
  const isOurs =
    message.type === 'response' &&
    message.id === id &&
    question?.type === type &&
    question.name.toLowerCase() === name.toLowerCase();
  if (!isOurs) return null;
  const addresses = (message.answers ?? []).flatMap((answer) => (answer.type === type ? [String(answer.data)] : []));
  return { rcode: rcodeOf(message), isTruncated: message.flag_tc === true, addresses };
}

/** dns-packet puts the code's name beside the flags it decodes. */
function rcodeOf(message: packet.DecodedPacket): string {
  return (message as { rcode?: string }).rcode ?? 'NOERROR';
}

/** The range that local proxies answer from (RFC 2544 benchmarking addresses; "fake IP" of Clash, Surge, sing-box). */
const fakeIp = new BlockList();
fakeIp.addSubnet('198.18.0.0', 15, 'ipv4');

/**
 * Addresses that no public host has (RFC 6890), and the pools that injectors on the path are known to answer from. The
 * ranges for documentation are left out: no one forges them, and labs use them in place of public hosts.
 */
const bogus = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  bogus.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  // Unspecified, loopback and IPv4-compatible addresses (RFC 4291 §2.5.5.1).
  ['::', 96],
  // NAT64 of a network's own (RFC 8215).
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  // Site-local addresses (RFC 3879).
  ['fec0::', 10],
  ['ff00::', 8],
] as const) {
  bogus.addSubnet(net, bits, 'ipv6');
}

/** Names that only exist inside a network, where private addresses are right (RFC 6761, 6762, 8375; common custom). */
const PRIVATE_NAME =
  /(?:^|\.)(?:test|localhost|local|internal|intranet|private|corp|home|lan|lab|invalid|example|home\.arpa)\.?$|^[^.]+\.?$/i;

/** Whether a name is one that anyone could look up. */
export function isPublicName(name: string): boolean {
  return !PRIVATE_NAME.test(name);
}

/**
 * The IPv4 address that an IPv6 address leads to: mapped and translated ones (RFC 4291, RFC 7915), NAT64 (RFC 6052) and
 * 6to4 (RFC 3056); null for others.
 */
function embeddedIpv4(address: string): string | null {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0] = groups;
  const middle = groups.slice(2, 6);
  const isZero = (some: readonly number[]) => some.every((group) => group === 0);
  if (first === 0x2002) return dotted(second, third);
  const isNat64 = first === 0x64 && second === 0xff9b && isZero(middle);
  const isMapped = isZero(groups.slice(0, 5)) && groups[5] === 0xffff;
  const isTranslated = isZero(groups.slice(0, 4)) && groups[4] === 0xffff && groups[5] === 0;
  return isNat64 || isMapped || isTranslated ? dotted(groups[6] ?? 0, groups[7] ?? 0) : null;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The eight groups of a valid IPv6 address; a zone is left out. */
function groupsOf(address: string): readonly number[] {
  const hex = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = hex.split('::');
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

/** Whose address it is: a local proxy's, one that no public host has, or an ordinary one. */
export function judgeAddress(address: string): 'fake-ip' | 'bogus' | 'public' {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const within = family === 'ipv6' ? embeddedIpv4(address) : null;
  if (within !== null) return judgeAddress(within);
  if (family === 'ipv4' && fakeIp.check(address, family)) return 'fake-ip';
  return bogus.check(address, family) ? 'bogus' : 'public';
}
