/** The doctor over the real world: what a consultation asks, and what keeps a report free of private things. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import { DONE, failed } from '../../shared/domain/outcome.ts';
import { DAY_MS } from '../../shared/domain/units.ts';
import type { DoctorPorts } from '../doctor/diagnosis-context.ts';
import { DoctorSessions } from '../doctor/doctor-sessions.ts';
import { dohProfile } from '../doctor/doh-profile.ts';
import { explainedLines } from '../doctor/explained-lines.ts';
import type { PolicySummary } from '../doctor/policy-summary.ts';
import { jsonReport, markdownReport } from '../doctor/report.ts';
import { scrubber } from '../doctor/scrub.ts';
import { readTarget } from '../doctor/target.ts';
import type { Doctor } from '../engine/app-services.ts';
import type { EngineSettings } from '../engine/engine-ports.ts';
import { gather, isAvailable } from '../macos/gather.ts';
import { lastReading } from '../macos/read-policy.ts';
import { parseRoute } from '../macos/routes.ts';
import { parseSystemExtensions } from '../macos/system-extensions.ts';
import { parseVpnServices } from '../macos/vpn-services.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import type { GoControl } from '../profile/go-control.ts';
import { privateHosts } from '../profile/preflight/private-hosts.ts';
import { readLintEnvironment } from '../profile/read-lint-environment.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { type Clock, systemClock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { networkFingerprint } from '../system/network.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { lookUpIn } from './http-client.ts';
import { dataPaths, engineSettings, goControl } from './settings.ts';

/** The doctor of the app; `pool` is the engine's. */
export async function openDoctor(folder: string, env: Env, pool: ProbePool, log: Log): Promise<Doctor> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const settings = () => engineSettings(file, env);
  const clock = systemClock;
  const consulting = await DoctorSessions.open({
    ports: () => doctorPorts(settings(), go, env, pool, clock, paths.policy),
    file: paths.consultations,
    clock,
    log,
  });
  return {
    start: (target, incidentId) => (consulting.start(target, incidentId) ? DONE : failed('bad-target', { target })),
    cancel: () => {
      consulting.cancel();
      return DONE;
    },
    current: () => consulting.current(),
    archived: () => consulting.archived(),
    reopen: (startedAt) => (consulting.reopen(startedAt) ? DONE : failed('consultation-gone')),
    report: async (format, t, language) => {
      const current = consulting.current();
      if (current === null) return null;
      const scrub = await reportScrubber(current.target, settings(), go, env, clock);
      if (format === 'md') return markdownReport(current, t, language, scrub, manifest.version);
      return JSON.stringify(jsonReport(current, scrub), null, 2);
    },
    dohProfile: () => {
      const url = settings().doctorResolvers.find((one) => one.startsWith('https:'));
      return url === undefined ? null : dohProfile(url, [], randomUUID);
    },
    explain: explainedLines,
    onChange: (listener) => consulting.onChange(listener),
    close: () => consulting.close(),
  };
}

/** What takes everything private out of a report about a target. */
export async function reportScrubber(
  target: string,
  { monitor }: EngineSettings,
  go: GoControl,
  env: Env,
  clock: Clock,
): Promise<(text: string) => string> {
  const state = await go.read();
  const { GOPRIVATE = '', GONOPROXY = '', GONOSUMDB = '' } = state.state === 'found' ? state.effective : {};
  const read = readTarget(target, monitor.endpoints);
  const host = read?.kind === 'module' ? [read.module.path.split('/')[0] ?? ''] : [];
  return scrubber({
    home: env.HOME,
    user: env.USER ?? userInfo().username,
    privateGlobs: [GOPRIVATE, GONOPROXY, GONOSUMDB].join(','),
    privateHosts: [...(await privateHosts(host, lookUpIn(monitor.network, clock)))],
  });
}

/** What a consultation needs of the world; `pool` is asked for everything that is measured. */
export function doctorPorts(
  { monitor, profiles, doctorResolvers }: EngineSettings,
  go: GoControl,
  env: Env,
  pool: ProbePool,
  clock: Clock,
  policyFile: string,
): DoctorPorts {
  const { endpoints, limits, network, controls } = monitor;
  return {
    clock,
    pool,
    env,
    platform: process.platform,
    hasNetworkPath: () => networkFingerprint() !== '',
    readGo: () => go.read(),
    settings: { endpoints, limits, network, controls, profiles, resolvers: doctorResolvers },
    lintEnvironment: () => readLintEnvironment(go, env),
    lookUp: lookUpIn(network, clock),
    policy: (host, address) => policySummary(host, address, policyFile, env),
  };
}

/** What can be read of macOS's policies without a password; null on other systems. */
async function policySummary(
  host: string,
  address: string | null,
  policyFile: string,
  env: Env,
): Promise<PolicySummary | null> {
  const root = toolRoot(env);
  if (!isAvailable(root)) return null;
  const addresses = address === null ? [] : [address];
  const runner = new SystemProcessRunner(systemClock);
  const { outputs, routes } = await gather({
    runner,
    root,
    home: env.HOME,
    addresses,
    goPath: null,
    privileged: false,
  });
  const routeText = address === null ? undefined : routes.get(address);
  const route = routeText === undefined ? null : parseRoute(routeText).value;
  return {
    interface: route?.interface ?? null,
    rejected: route !== null && (route.reject || route.missing),
    viaTunnel: route?.viaTunnel === true,
    vpns: parseVpnServices(outputs.get('scutil --nc list') ?? '').value.connected,
    pfBlocks: await blockedBy(host, policyFile),
    filters: parseSystemExtensions(outputs.get('systemextensionsctl list') ?? '').value.networkFilterCandidates,
  };
}

/** Older readings say little of now. */
const READING_COUNTS_MS = DAY_MS;

/** The rule that stopped a host at the last reading with a password, if that is not long ago. */
async function blockedBy(host: string, policyFile: string): Promise<string | null> {
  const last = await lastReading(policyFile);
  if (last === null || systemClock.now() - last.at > READING_COUNTS_MS) return null;
  const layers = last.paths.find(({ endpoint }) => endpoint === host)?.layers ?? [];
  return layers.find(({ layer, state }) => layer === 'pf' && state === 'blocks')?.detail ?? null;
}
