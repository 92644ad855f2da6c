/** One condition of a rule at a time: the packet it meets, the packet it does not, and the one of which it is not known. */
import { describe, expect, it } from 'vitest';
import { parsePfRules } from './rules.ts';
import { decideFlow, type Flow, type PfWorld } from './walk-rules.ts';

const PACKET: Flow = { dir: 'out', proto: 'tcp', dst: '142.250.72.81', dport: 443, iface: 'en0', uid: 501, gid: 20 };

function decide(text: string, flow: Partial<Flow> = {}, more: Partial<PfWorld> = {}) {
  const world = { enabled: true, name: 'main', anchors: {}, skipped: [], tables: {}, ...more };
  return decideFlow({ ...PACKET, ...flow }, { ...world, rules: parsePfRules(text).rules });
}

const verdict = (rule: string, flow: Partial<Flow> = {}, more: Partial<PfWorld> = {}) =>
  decide(`block drop quick ${rule}`, flow, more).verdict;

describe('ports', () => {
  it.each([
    ['port = 443', 443, 'block'],
    ['port = https', 443, 'block'],
    ['port = 443', 80, 'pass'],
    ['port != 443', 80, 'block'],
    ['port < 1024', 443, 'block'],
    ['port <= 443', 443, 'block'],
    ['port > 443', 443, 'pass'],
    ['port >= 443', 443, 'block'],
    ['port 400:500', 500, 'block'],
    ['port 400:500', 501, 'pass'],
    ['port 443 >< 445', 443, 'pass'],
    ['port 442 >< 445', 443, 'block'],
    ['port 443 <> 445', 443, 'pass'],
    ['port 443 <> 445', 446, 'block'],
    ['port = no-such-service', 443, 'unknown'],
    ['port = 443', null, 'unknown'],
  ] as const)('%s and %s: %s', (port, dport, wanted) => {
    expect(verdict(`proto tcp from any to any ${port}`, { dport })).toBe(wanted);
  });

  it.each([
    ['port 1024:65535', 'block'],
    ['port = 22', 'pass'],
    ['port > 49151', 'block'],
    ['port 50000:50010', 'unknown'],
  ])('a source port that is not given is one that macOS would take: %s', (port, wanted) => {
    expect(verdict(`proto tcp from any ${port} to any`)).toBe(wanted);
  });
});

describe('protocols, families and interfaces', () => {
  it.each([
    ['proto tcp', {}, 'block'],
    ['proto 6', {}, 'block'],
    ['proto udp', {}, 'pass'],
    ['inet all', {}, 'block'],
    ['inet6 all', {}, 'pass'],
    ['inet6 all', { dst: '2001:db8::1' }, 'block'],
    ['on en0 all', {}, 'block'],
    ['on en1 all', {}, 'pass'],
    ['on ! en0 all', {}, 'pass'],
    ['on ! en0 all', { iface: undefined }, 'unknown'],
    ['on utun3 all', { iface: undefined }, 'unknown'],
    ['on lo0 all', { iface: undefined }, 'pass'],
    ['on lo0 all', { iface: undefined, dst: '127.0.0.1' }, 'block'],
  ] as const)('%s with %j: %s', (rule, flow, wanted) => {
    expect(verdict(rule.startsWith('proto') ? `${rule} all` : rule, flow)).toBe(wanted);
  });

  it('a rule for what comes in never meets what leaves', () => {
    expect(decide('block drop in quick all').verdict).toBe('pass');
    expect(decide('block drop in quick all', { dir: 'in', src: '8.8.8.8' }).verdict).toBe('block');
  });
});

describe('owners', () => {
  it.each([
    ['user = 501', {}, 'block'],
    ['user != 501', {}, 'pass'],
    ['user > 500', {}, 'block'],
    ['user = 501', { uid: undefined }, 'unknown'],
    ['user = lin', {}, 'unknown'],
    ['user = 501', { proto: 'icmp', dport: null }, 'pass'],
    ['group = 20', {}, 'block'],
    ['group = 80', {}, 'pass'],
    ['group = 20', { gid: undefined }, 'unknown'],
  ] as const)('%s with %j: %s', (owner, flow, wanted) => {
    expect(verdict(`all ${owner}`, flow)).toBe(wanted);
  });
});

describe('what a listing does not tell', () => {
  it.each([
    ['all probability 50%', 'unknown'],
    ['proto tcp from any os "Linux" to any', 'unknown'],
    ['all wormhole', 'unknown'],
    ['all fragment', 'pass'],
    ['proto tcp all flags FA/FA', 'pass'],
    ['proto tcp all flags S/SA', 'block'],
    ['proto tcp all flags any', 'block'],
  ])('%s: %s', (rule, wanted) => expect(verdict(rule)).toBe(wanted));

  it('a possibility that agrees with the sure answer changes nothing', () => {
    expect(decide('block drop out all\nblock drop out all probability 50%')).toMatchObject({
      verdict: 'block',
      mayAlso: [],
    });
    expect(decide('pass out all\nblock drop out all probability 50%')).toMatchObject({
      verdict: 'unknown',
      decidedBy: 'main#0',
      mayAlso: ['main#1'],
    });
  });

  it('a sure match after a possibility settles it, a possible end before it does not', () => {
    expect(decide('block drop out all probability 50%\npass out all')).toMatchObject({ verdict: 'pass', mayAlso: [] });
    expect(decide('block drop out quick all probability 50%\npass out all')).toMatchObject({
      verdict: 'unknown',
      mayAlso: ['main#0'],
    });
  });
});

describe('anchors', () => {
  const anchors = { 'com.apple/x': parsePfRules('block drop quick proto tcp from any to any port = 443').rules };

  it('whose rules were not read are named, also those by a pattern', () => {
    expect(decide('anchor "com.vpn/*" all').unreadAnchors).toEqual(['com.vpn/*']);
    expect(decide('anchor "com.apple/*" all', {}, { anchors })).toMatchObject({
      verdict: 'block',
      decidedBy: 'com.apple/x#0',
      unreadAnchors: [],
    });
  });

  it('that may not be entered make their rules possibilities', () => {
    const entered = decide('anchor "com.apple/x" on utun3 all', { iface: undefined }, { anchors });
    expect(entered).toMatchObject({ verdict: 'unknown', mayAlso: ['com.apple/x#0'] });
  });

  it('of translations and scrubbing decide nothing', () => {
    const others = 'scrub-anchor "com.apple/*" all fragment reassemble\nnat-anchor "x" all\nrdr-anchor "y" all';
    expect(decide(others)).toMatchObject({ verdict: 'pass', decidedBy: 'default', unreadAnchors: [] });
  });

  it('nested ones are entered, but not deeper than anybody writes them', () => {
    const nested = (depth: number) => `${'anchor all {\n'.repeat(depth)}block drop quick all\n${'}\n'.repeat(depth)}`;
    expect(decide(nested(20)).verdict).toBe('block');
    const { decidedBy, unreadAnchors } = decide(nested(60));
    expect([decidedBy, unreadAnchors.length]).toEqual(['default', 1]);
  });
});

it('a match rule sets tags and decides nothing', () => {
  expect(decide('match out all tag seen\nblock drop out quick all tagged seen')).toMatchObject({
    verdict: 'block',
    decidedBy: 'main#1',
  });
  expect(decide('match out all tag seen')).toMatchObject({ verdict: 'pass', decidedBy: 'default' });
});

it('without knowing whether pf is on, its rules are still decided', () => {
  expect(decide('block drop quick all', {}, { enabled: null }).verdict).toBe('block');
  expect(decide('block drop quick all', {}, { enabled: false })).toMatchObject({ verdict: 'pass', rule: null });
});
