/**
 * The real adapters of the engine's ports, for the two roots that start one: main.ts and the command line's `watch`.
 */

import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import type { Endpoint } from '../shared/domain/endpoint.ts';
import { isProxyEntry, parseGoproxyList, redactUrl } from '../shared/domain/goproxy-list.ts';
import type { PolicyReading } from '../shared/domain/policy.ts';
import type { Profile } from '../shared/domain/profile.ts';
import type { Preferences } from '../shared/domain/snapshot.ts';
import { DAY_MS } from '../shared/domain/units.ts';
import type { DoctorPorts } from './doctor/case.ts';
import { Consulting } from './doctor/consulting.ts';
import { dohProfile } from './doctor/doh-profile.ts';
import { explainedLines } from './doctor/explained-lines.ts';
import { originOf } from './doctor/origin.ts';
import type { PolicyGlimpse } from './doctor/policy-glimpse.ts';
import { jsonReport, markdownReport } from './doctor/report.ts';
import { scrubber } from './doctor/scrub.ts';
import { readTarget } from './doctor/target.ts';
import { moduleToTrace } from './doctor/trace/run-trace.ts';
import { planRecording } from './doctor/traffic/recording.ts';
import { TrafficDesk } from './doctor/traffic/traffic-desk.ts';
import { selfTest } from './drill/self-test.ts';
import type { Doctor, Done, EnginePorts, EngineSettings, Policy, SettingsPort, TrafficRoom } from './engine-ports.ts';
import { openWorkerHistory } from './history/worker-history.ts';
import { AuditTrail } from './macos/audit-trail.ts';
import { type CatalogueEntry, FLUSH_DNS, resetDecision } from './macos/catalogue.ts';
import { runChange } from './macos/changes.ts';
import { gather, isAvailable } from './macos/gather.ts';
import type { AskedEndpoint } from './macos/policy-reading.ts';
import { lastReading, readPolicy } from './macos/read-policy.ts';
import { parseRoute } from './macos/routes.ts';
import { parseSystemExtensions } from './macos/system-extensions.ts';
import { parseVpnServices } from './macos/vpn-services.ts';
import type { CanaryTools } from './probe/canary.ts';
import { CanaryPool } from './probe/canary-pool.ts';
import type { Controls } from './probe/experiments.ts';
import { listVersions } from './probe/list-versions.ts';
import { lookUpWith } from './probe/look-up.ts';
import type { ProbePool } from './probe/probe-pool.ts';
import { TreeHeadPool } from './probe/tree-head-pool.ts';
import { WorkerPool } from './probe/worker-pool.ts';
import { profilesOf } from './profile/built-in.ts';
import { effectiveTable, redactTable } from './profile/effective/effective-table.ts';
import { GoControl } from './profile/go-control.ts';
import { lintEnvironment } from './profile/lint-environment.ts';
import { preflight } from './profile/preflight/preflight.ts';
import { privateHosts } from './profile/preflight/private-hosts.ts';
import { readExtraCa } from './settings/extra-ca.ts';
import { SettingsFile } from './settings/settings-file.ts';
import { type Clock, systemClock } from './system/clock.ts';
import { CountingClock } from './system/counting-clock.ts';
import type { Env } from './system/files.ts';
import type { Log } from './system/log.ts';
import { networkFingerprint } from './system/network.ts';
import { readNetworkIdentity } from './system/network-identity.ts';
import { watchNetwork } from './system/network-watch.ts';
import { SystemProcessRunner } from './system/process-runner.ts';
import { toolRoot } from './system/tool-root.ts';
import { parseUrl } from './system/web.ts';
import { workerFile } from './system/worker-files.ts';
import { forwardProxyFor } from './toolchain/proxy-environment.ts';

/** Where things lie in the data folder. */
export function dataPaths(folder: string) {
  return {
    settings: join(folder, 'settings.json'),
    history: join(folder, 'history.sqlite'),
    profile: join(folder, 'profile'),
    treeHeads: join(folder, 'tree-heads.json'),
    consultations: join(folder, 'consultations.json'),
    policy: join(folder, 'policy.json'),
    audit: join(folder, 'audit.json'),
    engineLock: join(folder, 'engine.lock'),
  } as const;
}

/** Builds the ports over a data folder. The history and the probes get a thread each. */
export async function openPorts(folder: string, env: Env, log: Log): Promise<EnginePorts> {
  const paths = dataPaths(folder);
  const clock = new CountingClock(systemClock);
  const [file, history] = await Promise.all([
    SettingsFile.open(paths.settings, clock),
    openWorkerHistory({ file: paths.history, clock, workerFile: workerFile('history') }),
  ]);
  const go = goControl(file, folder, env);
  const probes = new TreeHeadPool(new WorkerPool(workerFile('probe'), clock), paths.treeHeads);
  return {
    clock,
    pool: new CanaryPool(probes, clock, canaryTools(go, env)),
    history,
    settings: settingsPort(file),
    go,
    hasNetworkPath: () => networkFingerprint() !== '',
    network: {
      read: () => readNetworkIdentity(new SystemProcessRunner(clock), env),
      watch: (onChange) => watchNetwork({ clock, env }, onChange),
    },
    costs: () => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1_000, residentBytes: process.memoryUsage.rss(), wakeups: clock.wakeups };
    },
    random: Math.random,
    listVersions: (endpoint, module, signal) => {
      const { limits, network } = engineSettings(file, env).monitor;
      return listVersions(endpoint, module, network, limits, { clock, signal });
    },
    environment: () => lintEnvironment(go, env),
    effective: async () =>
      redactTable(
        await effectiveTable({
          runner: new SystemProcessRunner(clock),
          env,
          platform: process.platform,
          toolRoot: toolRoot(env),
          folder: env.HOME ?? '/',
        }),
      ),
    preflight: async (folder, state, viewOf) =>
      preflight(folder, null, {
        go: state,
        moduleCache: await go.moduleCache(),
        lookUp: lookUpWith(engineSettings(file, env).monitor.network, clock),
        measure: async () => viewOf,
      }),
    selfTest: (profile) => drillSelfTest(profile, file, go, env),
    log,
  };
}

/** The doctor of the app; `pool` is the engine's. */
export async function openDoctor(folder: string, env: Env, pool: ProbePool, log: Log): Promise<Doctor> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const settings = () => engineSettings(file, env);
  const clock = systemClock;
  const consulting = await Consulting.open({
    ports: () => doctorPorts(settings(), go, env, pool, clock, paths.policy),
    file: paths.consultations,
    clock,
    log,
  });
  const failed = (key: string, params = {}): Done => ({ ok: false, problem: { key, params } });
  return {
    start: (target, incidentId) =>
      consulting.start(target, incidentId) ? { ok: true } : failed('bad-target', { target }),
    cancel: () => {
      consulting.cancel();
      return { ok: true };
    },
    current: () => consulting.current(),
    kept: () => consulting.kept(),
    recall: (startedAt) => (consulting.recall(startedAt) ? { ok: true } : failed('consultation-gone')),
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
    privateHosts: [...(await privateHosts(host, lookUpWith(monitor.network, clock)))],
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
    lintEnvironment: () => lintEnvironment(go, env),
    lookUp: lookUpWith(network, clock),
    policy: (host, address) => policyGlimpse(host, address, policyFile, env),
  };
}

/** What can be read of macOS's policies without a password; null on other systems. */
async function policyGlimpse(
  host: string,
  address: string | null,
  policyFile: string,
  env: Env,
): Promise<PolicyGlimpse | null> {
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

/** The policies as the app reads them; every use of a password, and every change, is kept in the audit trail. */
export async function openPolicy(folder: string, env: Env): Promise<Policy> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const audit = new AuditTrail(paths.audit, systemClock);
  const change = async (entry: CatalogueEntry | null): Promise<Done> => {
    if (entry === null) return { ok: false, problem: { key: 'reset-refused', params: {} } };
    const outcome = await runChange(entry, toolRoot(env), new SystemProcessRunner(systemClock));
    await audit.add([entry.file, ...entry.args].join(' '), outcome.ok ? 'done' : 'failed');
    return outcome;
  };
  return {
    last: () => lastReading(paths.policy),
    read: async (privileged) => {
      const reading = await takePolicyReading(folder, engineSettings(file, env), go, env, privileged);
      if (reading.prompt !== null) await audit.add('osascript: pfctl -s …', reading.prompt);
      return reading;
    },
    reset: (service, bundleId) => change(resetDecision(service, bundleId)),
    flushDns: () => change(FLUSH_DNS),
    uses: () => audit.read(),
  };
}

/** Traces and captures as the app makes and reads them; every recording is kept in the audit trail. */
export async function openTraffic(folder: string, env: Env): Promise<TrafficRoom> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const audit = new AuditTrail(paths.audit, systemClock);
  const runner = new SystemProcessRunner(systemClock);
  const root = toolRoot(env);
  const desk = new TrafficDesk({
    ...{ clock: systemClock, runner, env, root },
    findGo: async () => {
      const found = await go.locate();
      return found.ok ? { ok: true, path: found.go.path } : found;
    },
    onRecorded: (command, outcome) => audit.add(command, outcome),
  });
  const plan = (hosts: readonly string[], seconds: number) => {
    const lookUp = lookUpWith(engineSettings(file, env).monitor.network, systemClock);
    return planRecording(hosts, seconds, { runner, root, lookUp });
  };
  const done: Done = { ok: true };
  return {
    trace: (text, frames) => {
      const module = moduleToTrace(text);
      if (module === null) return { ok: false, problem: { key: 'bad-module', params: { module: text } } };
      desk.trace(module, frames);
      return done;
    },
    open: (path) => {
      desk.open(path);
      return done;
    },
    plan: async (hosts, seconds) => {
      const planned = await plan(hosts, seconds);
      return planned.ok ? { ok: true, command: planned.command } : planned;
    },
    record: async (hosts, seconds) => {
      const planned = await plan(hosts, seconds);
      if (!planned.ok) return planned;
      desk.record(planned.request, planned.command);
      return done;
    },
    cancel: () => {
      desk.cancel();
      return done;
    },
    save: (path) => desk.save(path),
    current: () => desk.current(),
    onChange: (listener) => desk.onChange(listener),
    close: () => desk.close(),
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

/** A reading of macOS's policies, for the proxies that `go` uses and for those of the settings. */
export async function takePolicyReading(
  folder: string,
  settings: EngineSettings,
  go: GoControl,
  env: Env,
  privileged: boolean,
  signal?: AbortSignal,
): Promise<PolicyReading> {
  const root = toolRoot(env);
  const isHere = isAvailable(root);
  const endpoints = isHere ? await policyEndpoints(settings, go, signal) : [];
  const located = isHere ? await go.locate() : null;
  const goPath = located?.ok === true ? located.go.path : null;
  const runner = new SystemProcessRunner(systemClock);
  const file = dataPaths(folder).policy;
  return readPolicy({ runner, clock: systemClock, env, root, file, endpoints, privileged, goPath, signal });
}

/** At most so many: each is a name to look up and a route to ask for. */
const POLICY_ENDPOINTS = 12;

async function policyEndpoints(
  { monitor }: EngineSettings,
  go: GoControl,
  signal?: AbortSignal,
): Promise<AskedEndpoint[]> {
  const state = await go.read();
  const list = state.state === 'found' ? parseGoproxyList(state.effective.GOPROXY ?? '') : [];
  const urls = [...list.filter(isProxyEntry).map(({ value }) => value), ...monitor.endpoints.map(({ url }) => url)];
  const origins = urls.flatMap((url) => originOf(url) ?? []);
  const unique = [...new Map(origins.map((one) => [`${one.host}:${one.port}`, one])).values()].slice(
    0,
    POLICY_ENDPOINTS,
  );
  const lookUp = lookUpWith(monitor.network, systemClock, signal);
  return Promise.all(
    unique.map(async ({ host, port }) => {
      const address = isIP(host) === 0 ? ((await lookUp(host))?.[0] ?? null) : host;
      return { name: host, address, port };
    }),
  );
}

/** Over copies, so that neither the settings nor the Go environment can be harmed. */
export async function drillSelfTest(profile: Profile | null, file: SettingsFile, go: GoControl, env: Env) {
  const state = await go.read();
  if (state.state !== 'found') return 'not-run' as const;
  const files = { settingsFile: file.path, goEnvFile: state.envFile };
  return selfTest(files, profile, (goEnvFile, folder) => scratchGo(file, folder, { ...env, GOENV: goEnvFile }));
}

function scratchGo(file: SettingsFile, folder: string, env: Env): GoControl {
  const runner = new SystemProcessRunner(systemClock);
  return new GoControl({ runner, clock: systemClock, env, folder, chosenPath: () => file.settings.goPath });
}

/** What a canary needs: the real `go`, and the environment it has. */
export function canaryTools(go: GoControl, env: Env): CanaryTools {
  return { runner: new SystemProcessRunner(systemClock), env, findGo: () => go.locate() };
}

/** The real `go`, as the settings choose it. */
export function goControl(file: SettingsFile, folder: string, env: Env): GoControl {
  return new GoControl({
    runner: new SystemProcessRunner(systemClock),
    clock: systemClock,
    env,
    folder: dataPaths(folder).profile,
    chosenPath: () => file.settings.goPath,
  });
}

/** The settings file as the engine wants it. */
export function engineSettings(file: SettingsFile, env: Env = process.env): EngineSettings {
  const { settings } = file;
  const { endpoints, intervals, thresholds, limits, resolver, preferences, demo } = settings;
  const extraCa = readExtraCa(settings.extraCa);
  return {
    monitor: {
      endpoints,
      intervals,
      thresholds,
      limits,
      network: { resolver, extraCa: extraCa.pems },
      controls: controlsFrom(endpoints),
    },
    profiles: profilesOf(settings),
    preferences,
    watchedModules: settings.watchedModules,
    doctorResolvers: settings.doctorResolvers,
    networks: settings.networks,
    bytesPerDay: settings.bytesPerDay,
    demo,
    problem: file.problem ?? extraCa.problem,
    goGoesThrough: (url) => {
      const parsed = parseUrl(url);
      const proxy = parsed === null ? null : forwardProxyFor(parsed, env);
      return proxy === null ? null : redactUrl(proxy);
    },
  };
}

/** Only what the person has listed is ever put in the place of something: a resolver by address, a forward proxy. */
function controlsFrom(endpoints: readonly Endpoint[]): Controls {
  const udp = endpoints.find(
    ({ kind, url }) => kind === 'dns' && /^udp:\/\/(?:[\d.]+|\[[0-9a-f:]+\])(?::\d+)?$/i.test(url),
  );
  const address = udp?.url.slice('udp://'.length);
  return {
    resolver: address === undefined || /:\d+$/.test(address.replace(/^\[.*\]/, '')) ? address : `${address}:53`,
    forwardProxy: endpoints.find(({ kind }) => kind === 'forward-proxy')?.url,
  };
}

/** What may be changed in the settings file. */
export function settingsWriter(file: SettingsFile): Omit<SettingsPort, 'current' | 'watch'> {
  return {
    setPreferences: (change: Partial<Preferences>) => file.setPreferences(change),
    setNetwork: (network) => file.setNetwork(network),
    saveProfile: (profile, at) => file.saveProfile(profile, at),
    deleteProfile: (profileId) => file.deleteProfile(profileId),
    orderProfiles: (ids) => file.orderProfiles(ids),
  };
}

function settingsPort(file: SettingsFile): SettingsPort {
  return {
    current: () => engineSettings(file),
    ...settingsWriter(file),
    watch: (listener) => file.watch(() => listener(engineSettings(file))),
  };
}
