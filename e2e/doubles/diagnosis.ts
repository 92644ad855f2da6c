/** A doctor's case over the lab: real probes over real sockets; `go` and macOS as the test says they are. */

import { lookUpIn } from '../../electron/composition/http-client.ts';
import { DiagnosisContext, type DoctorPorts, type DoctorSettings } from '../../electron/doctor/diagnosis-context.ts';
import { readTarget } from '../../electron/doctor/target.ts';
import { InlinePool } from '../../electron/probe/inline-pool.ts';
import type { ProbeNetwork, ProbePool } from '../../electron/probe/probe-pool.ts';
import { systemClock } from '../../electron/system/clock.ts';
import type { Cause } from '../../shared/domain/cause.ts';
import type { Phase } from '../../shared/domain/result.ts';
import type { GoState } from '../../shared/domain/snapshot.ts';

/** What differs from a healthy case without endpoints. */
export interface World {
  /** What the doctor is asked; '' = what `go` uses. */
  readonly target?: string;
  /** Variables of `go`; null = there is no `go`. */
  readonly effective?: Readonly<Record<string, string>> | null;
  readonly settings?: Partial<DoctorSettings>;
  readonly ports?: Partial<Omit<DoctorPorts, 'settings'>>;
}

/** Short enough for a test, long enough for a busy machine. */
const LIMITS: DoctorSettings['limits'] = {
  soft: { dialMs: 5_000, tlsMs: 5_000, headerMs: 5_000, totalMs: 5_000 },
  hard: { dialMs: 2_000, tlsMs: 2_000, headerMs: 2_000, totalMs: 6_000 },
};

/** A `go` with these variables; null = none was found. */
export function goWith(effective: World['effective']): GoState {
  if (effective === null) return { state: 'missing', problem: { key: 'go-missing', params: {} } };
  return {
    state: 'found',
    path: '/usr/lib/go/bin/go',
    version: 'go1.26.1',
    envFile: '/nowhere/goenv',
    overrides: [],
    checkedAt: 0,
    effective: effective ?? {},
    set: [],
    unknown: [],
    git: null,
  };
}

/** The ports of a case. Throws for an invalid target. */
export function doctorPorts(network: ProbeNetwork, { effective = {}, settings = {}, ports = {} }: World): DoctorPorts {
  return {
    clock: systemClock,
    pool: new InlinePool(systemClock),
    env: {},
    platform: 'linux',
    hasNetworkPath: () => true,
    readGo: async () => goWith(effective),
    settings: {
      endpoints: [],
      limits: LIMITS,
      network,
      controls: {},
      profiles: [],
      resolvers: [],
      gateway: { address: null, upstreams: [] },
      statusFeeds: false,
      ...settings,
    },
    lintEnvironment: async () => ({ goflags: '', proxies: [] }),
    lookUp: lookUpIn(network, systemClock),
    readFeed: async () => null,
    policy: async () => null,
    ...ports,
  };
}

/** A case whose subject is the host asked about, else the first entry of the list. */
export function diagnosis(network: ProbeNetwork, world: World): DiagnosisContext {
  const ports = doctorPorts(network, world);
  const target = readTarget(world.target ?? '', ports.settings.endpoints);
  if (target === null) throw new Error(`no target: ${world.target}`);
  const context = new DiagnosisContext(target, ports, goWith(world.effective), new AbortController().signal);
  context.subject = target.kind === 'host' ? target.endpoint : (context.entries[0] ?? null);
  return context;
}

/** What a pool without sockets answers for a URL: well, or failed for this cause in this phase. */
export type Measurement = 'ok' | 'slow' | `${Cause} in ${Phase}`;

/** A pool that answers by URL; unknown URLs are healthy. */
export function poolOf(measurements: Readonly<Record<string, Measurement>>): ProbePool {
  return {
    probe: async ({ endpoint, depth }) => {
      const { kind, url } = endpoint;
      const said = measurements[url] ?? 'ok';
      const measured = { kind, url, depth, startedAt: 0, phases: {}, totalMs: 80, steps: [], evidence: { url } };
      if (said === 'ok' || said === 'slow') {
        return { ...measured, outcome: 'ok', slow: said === 'slow' ? ['total'] : [] };
      }
      const [cause = '', phase = ''] = said.split(' in ');
      return {
        ...measured,
        outcome: 'failed',
        failure: { cause: cause as Cause, phase: phase as Phase, message: said },
      };
    },
    close: async () => {},
  };
}

/** A case over made-up measurements: every entry, endpoint and the host asked about was measured. */
export async function measuredDiagnosis(
  measurements: Readonly<Record<string, Measurement>>,
  world: World = {},
): Promise<DiagnosisContext> {
  const context = diagnosis({}, { ...world, ports: { pool: poolOf(measurements), ...world.ports } });
  const measured = [...context.entries, ...context.ports.settings.endpoints];
  if (context.subject !== null) measured.push(context.subject);
  for (const endpoint of measured) await context.measure(endpoint);
  return context;
}
