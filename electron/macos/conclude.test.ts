/** Several recordings together give the conclusion that the scenario asks for, and none that it forbids. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Conclusion, conclude, type Readings } from './conclude.ts';
import { parseDnsConfiguration } from './dns-configuration.ts';
import { parseFirewall } from './firewall.ts';
import { isDenied, parsePfInfo } from './pf/info.ts';
import { parsePfRules } from './pf/rules.ts';
import { parseProxyConfiguration } from './proxy-configuration.ts';
import { parseRoute } from './routes.ts';
import { suspectsInText } from './suspects.ts';
import { parseSystemExtensions } from './system-extensions.ts';
import { readTccDump } from './tcc.ts';
import { parseSystemVersion } from './versions.ts';

interface Scenario {
  readonly id: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly target: { readonly host: string; readonly port: number; readonly responsibleApp?: string };
  readonly expect: Readonly<Record<string, unknown>>;
  readonly mustNot?: readonly string[];
}

const FOLDER = join(import.meta.dirname, '..', '..', 'e2e', 'fixtures', 'macos');
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const scenarios: readonly Scenario[] = JSON.parse(textOf('scenarios.json'));
/** A name of the internet, which is not looked up here. */
const PUBLIC = '142.250.72.81';

function readingsOf({ inputs }: Scenario): Readings {
  const text = (name: string) => (typeof inputs[name] === 'string' ? textOf(inputs[name]) : null);
  const read = <T>(name: string, parse: (content: string) => T): T | null => {
    const content = text(name);
    return content === null ? null : parse(content);
  };
  return {
    pfInfo: read('pf.status', (content) => parsePfInfo(content).value),
    pfRules: read('pf.rules', (content) => (isDenied(content) ? null : parsePfRules(content))),
    firewall: read('alf', (content) => parseFirewall(content).value),
    dns: read('dns', (content) => parseDnsConfiguration(content).value),
    proxy: read('proxy', (content) => parseProxyConfiguration(content).value),
    extensions: read('sysext', (content) => parseSystemExtensions(content).value),
    route: read('route', (content) => parseRoute(content).value),
    symptom: read('symptom', (content) => suspectsInText(content)),
    tcc: read('tcc', (content) => readTccDump(content).ok) ?? false,
    macosMajor: read('sw_vers', (content) => parseSystemVersion(content).value.major),
    env: (inputs.env as Readings['env']) ?? {},
  };
}

describe('scenarios', () => {
  it.each(scenarios.map((one) => [one.id, one] as const))('%s', (_id, scenario) => {
    const { host, ...target } = scenario.target;
    const address = /^\d/.test(host) ? host : PUBLIC;
    expect(conclude(readingsOf(scenario), { address, ...target })).toMatchObject(scenario.expect);
  });

  it('what was not read is unknown, never off and never clean', () => {
    const nothing: Conclusion = conclude({}, { address: PUBLIC, port: 443 });
    expect(nothing).toMatchObject({ pf: 'unknown', contentFilter: 'unknown', dns: 'unknown', finding: null });
    const denied = conclude({ pfInfo: { state: 'unknown', needs: 'root' } }, { address: PUBLIC, port: 443 });
    expect(denied).toMatchObject({ pf: 'unknown', finding: null });
  });

  it('no conclusion ever blames the application firewall or TCC, or offers to reset anything', () => {
    for (const scenario of scenarios) {
      const { host, ...target } = scenario.target;
      const said = conclude(readingsOf(scenario), { address: /^\d/.test(host) ? host : PUBLIC, ...target });
      expect([said.alf, said.tcc, said.tccutilHelps]).toEqual(['no-effect', 'no-effect', false]);
      expect(JSON.stringify([said.fix, said.hint, said.offer])).not.toMatch(/tccutil/);
    }
  });
});
