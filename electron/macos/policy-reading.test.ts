/** Several recordings together give the layers that the scenario asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import type { Gathered } from './gather.ts';
import { reportRules } from './pf/describe-rules.ts';
import { isDenied } from './pf/info.ts';
import { parsePfRules } from './pf/rules.ts';
import { readingOf } from './policy-reading.ts';
import type { SnapshotPart } from './privileged-script.ts';
import { suspectsInText } from './suspects.ts';
import { readTccDump } from './tcc.ts';

interface Scenario {
  readonly id: string;
  /** Recorded outputs by what they are an output of. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly target: { readonly host: string; readonly port: number };
  readonly expect: {
    readonly layers: Readonly<Record<string, string>>;
    readonly pfEnabled?: boolean | null;
    /** Some rule blocks, whatever pf does with it. */
    readonly blocks?: boolean;
    /** Position of the rule that decides for the target. */
    readonly decidingRule?: number;
    readonly unreadAnchors?: readonly string[];
    readonly proxies?: readonly string[];
    /** What the listing is a pattern of. */
    readonly pattern?: string;
    /** What the kernel's error says. */
    readonly suspects?: readonly string[];
  };
}

const FOLDER = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos');
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const scenarios: readonly Scenario[] = JSON.parse(textOf('scenarios.json'));
/** Stands for a name of the internet, which is not looked up here. */
const PUBLIC = '142.250.72.81';

/** Inputs that are outputs of commands without a password. */
const COMMANDS: Readonly<Record<string, string>> = {
  alf: 'socketfilterfw --getglobalstate',
  dns: 'scutil --dns',
  proxy: 'scutil --proxy',
  sysext: 'systemextensionsctl list',
  sw_vers: 'sw_vers',
};
/** Inputs that are parts of the privileged snapshot. */
const PARTS: Readonly<Record<string, string>> = { 'pf.status': 'info', 'pf.rules': 'rules', 'pf.nat': 'nat' };

function pick(inputs: Scenario['inputs'], names: Readonly<Record<string, string>>): readonly [string, string][] {
  return Object.entries(inputs).flatMap(([name, file]) =>
    names[name] === undefined ? [] : [[names[name], textOf(file)]],
  );
}

function gathered(inputs: Scenario['inputs'], address: string): Gathered {
  const parts = pick(inputs, PARTS).map(([id, text]): SnapshotPart => ({ id, exitCode: isDenied(text) ? 1 : 0, text }));
  const { route, tcc } = inputs;
  return {
    outputs: new Map(pick(inputs, COMMANDS)),
    routes: new Map(route === undefined ? [] : [[address, textOf(route)]]),
    snapshot: parts.length === 0 ? null : parts,
    prompt: null,
    tcc: tcc === undefined ? [] : [{ database: 'user', outcome: readTccDump(textOf(tcc)) }],
    setByHand: new Map(),
    goSignature: null,
    installed: [],
    unread: [],
  };
}

function read(inputs: Scenario['inputs'], address = PUBLIC, port = 443, previous: PolicyReading | null = null) {
  const endpoints = [{ name: 'target', address, port }];
  return readingOf(gathered(inputs, address), { at: 1_000, privileged: true, endpoints, uid: 501, previous });
}

function layersOf({ paths }: PolicyReading): Readonly<Record<string, string>> {
  return Object.fromEntries((paths[0]?.layers ?? []).map(({ layer, state }) => [layer, state]));
}

describe('scenarios', () => {
  it.each(scenarios.map((one) => [one.id, one] as const))('%s', (_id, { inputs, target, expect: wanted }) => {
    const reading = read(inputs, /^\d/.test(target.host) ? target.host : PUBLIC, target.port);
    const deciding = reading.rules.find(({ decidesFor }) => decidesFor.length > 0);
    expect(layersOf(reading)).toMatchObject(wanted.layers);
    if (wanted.pfEnabled !== undefined) expect(reading.pfEnabled).toBe(wanted.pfEnabled);
    if (wanted.blocks !== undefined) expect(reading.rules.some(({ blocks }) => blocks)).toBe(wanted.blocks);
    if (wanted.decidingRule !== undefined) expect(deciding?.position).toBe(wanted.decidingRule);
    if (wanted.unreadAnchors !== undefined) expect(reading.unreadAnchors).toEqual(wanted.unreadAnchors);
    if (wanted.proxies !== undefined) expect(reading.proxies).toEqual(wanted.proxies);
    if (wanted.pattern !== undefined)
      expect(reportRules(parsePfRules(textOf(inputs['pf.rules'] ?? '')), null)).toMatchObject({
        pattern: wanted.pattern,
      });
    if (wanted.suspects !== undefined)
      expect(suspectsInText(textOf(inputs.symptom ?? '')).suspects).toEqual(wanted.suspects);
  });

  it('what was not read is unknown, never off and never clean', () => {
    const nothing = read({});
    expect(layersOf(nothing)).toEqual({
      dns: 'unknown',
      'system-proxy': 'no-part',
      route: 'unknown',
      'local-network': 'unknown',
      'content-filter': 'unknown',
      pf: 'unknown',
      'application-firewall': 'no-part',
      tcc: 'no-part',
    });
    expect(nothing).toMatchObject({ pfEnabled: null, macos: null, firewall: null, resolvers: [], rules: [] });
  });

  it('none ever blames the application firewall, TCC or the system proxy', () => {
    for (const { inputs } of scenarios)
      expect(layersOf(read(inputs))).toMatchObject({
        'application-firewall': 'no-part',
        tcc: 'no-part',
        'system-proxy': 'no-part',
      });
  });
});

describe('rules', () => {
  const BLOCKING = { 'pf.status': 'pfctl-si.enabled.txt', 'pf.rules': 'pfctl-sr.blocking-443.txt' };

  it('are shown as pfctl printed them, the deciding one with its line', () => {
    const { rules, paths } = read(BLOCKING);
    const printed = textOf('pfctl-sr.blocking-443.txt').split('\n');
    expect(rules.length).toBeGreaterThan(2);
    for (const { text } of rules) expect(printed.map((line) => line.trim())).toContain(text);
    const pf = paths[0]?.layers.find(({ layer }) => layer === 'pf');
    expect(pf?.detail).toBe(rules[2]?.text);
  });

  it('are compared with those of the reading before', () => {
    const before = read({ ...BLOCKING, 'pf.rules': 'pfctl-sr.default.txt' });
    const { rules, goneRules, previousAt } = read(BLOCKING, PUBLIC, 443, before);
    expect(previousAt).toBe(1_000);
    expect(rules.filter(({ isNew }) => isNew).length).toBeGreaterThan(0);
    expect(goneRules).toEqual([]);
    const after = read({ ...BLOCKING, 'pf.rules': 'pfctl-sr.default.txt' }, PUBLIC, 443, read(BLOCKING));
    expect(after.goneRules).toContain(rules[2]?.text);
    expect(after.rules.some(({ isNew }) => isNew)).toBe(false);
  });

  it('of an inline anchor decide by their own line', () => {
    const snapshot: SnapshotPart[] = [
      { id: 'info', exitCode: 0, text: textOf('pfctl-si.enabled.txt') },
      {
        id: 'rules',
        exitCode: 0,
        text: 'anchor "x" all {\n  block drop quick proto tcp from any to any port = 443\n}',
      },
    ];
    const { paths } = readingOf(
      { ...gathered({}, PUBLIC), snapshot },
      {
        at: 1,
        privileged: true,
        endpoints: [{ name: 'target', address: PUBLIC, port: 443 }],
        uid: null,
        previous: null,
      },
    );
    expect(paths[0]?.layers.find(({ layer }) => layer === 'pf')).toEqual({
      layer: 'pf',
      state: 'blocks',
      detail: 'block drop quick proto tcp from any to any port = 443',
    });
  });
});
