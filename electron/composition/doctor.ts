/** The doctor over the real world: what a consultation asks, and what keeps a report free of private things. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { Readable } from 'node:stream';
import manifest from '../../package.json' with { type: 'json' };
import type { ExplainedLine } from '../../shared/domain/doctor.ts';
import { DEFAULT_LIMITS } from '../../shared/domain/endpoint.ts';
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
import { explain } from '../explain/explain.ts';
import { SHORT_LOG } from '../explain/explain-log.ts';
import { gather, isAvailable } from '../macos/gather.ts';
import { parseRoute } from '../macos/routes.ts';
import { parseSystemExtensions } from '../macos/system-extensions.ts';
import { parseVpnServices } from '../macos/vpn-services.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import { privateHosts } from '../profile/preflight/private-hosts.ts';
import { readLintEnvironment } from '../profile/read-lint-environment.ts';
import type { Clock } from '../system/clock.ts';
import { networkFingerprint } from '../system/network.ts';
import { workerFile } from '../system/worker-files.ts';
import { readInThread } from '../traffic/read-in-thread.ts';
import type { Core } from './core.ts';
import { environmentProxy, lookUpIn, openHttpClient } from './http-client.ts';

/** The doctor of the app. Every consultation is made with the settings of its start. */
export async function openDoctor(core: Core): Promise<Doctor> {
  const pool = await core.pool();
  const consulting = await DoctorSessions.open({
    ...core.filePorts,
    ports: () => doctorPorts(core, pool),
    file: core.paths.consultations,
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
      const scrub = await reportScrubber(current.target, core);
      if (format === 'md') return markdownReport(current, t, language, scrub, manifest.version);
      return JSON.stringify(jsonReport(current, scrub), null, 2);
    },
    dohProfile: () => {
      const url = core.settings().doctorResolvers.find((one) => one.startsWith('https:'));
      return url === undefined ? null : dohProfile(url, [], randomUUID);
    },
    explain: async (text) =>
      text.length <= SHORT_LOG ? explainedLines(explain(text)) : explainApart(text, core.clock),
    onChange: (listener) => consulting.onChange(listener),
    close: () => consulting.close(),
  };
}

/** A pasted text of megabytes takes seconds: the app answers meanwhile. Rejects when the thread does not end it. */
async function explainApart(text: string, clock: Clock): Promise<readonly ExplainedLine[]> {
  const read = await readInThread('explain', { file: null }, '-', {
    workerFile: workerFile('traffic'),
    clock,
    signal: new AbortController().signal,
    pieces: Readable.from([Buffer.from(text)]),
  });
  if (read.ended === 'answered' && read.answer.ok) return explainedLines(read.answer.findings);
  throw new Error(read.ended === 'failed' ? read.problem.key : 'unread');
}

/** Takes everything private out of a report about a target. */
export async function reportScrubber(target: string, core: Core): Promise<(text: string) => string> {
  const { go, env, clock } = core;
  const { monitor } = core.settings();
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

/** What a consultation needs of the world; `pool` measures everything. */
export function doctorPorts(core: Core, pool: ProbePool): DoctorPorts {
  const { clock, env, go } = core;
  const { monitor, profiles, doctorResolvers, statusFeeds, gateway } = core.settings();
  const { endpoints, limits, network, controls } = monitor;
  return {
    clock,
    pool,
    env,
    platform: process.platform,
    hasNetworkPath: () => networkFingerprint() !== '',
    readGo: () => go.read(),
    settings: { endpoints, limits, network, controls, profiles, resolvers: doctorResolvers, gateway, statusFeeds },
    lintEnvironment: () => readLintEnvironment(go, env),
    lookUp: lookUpIn(network, clock),
    readFeed: (url, signal) => readStatusFeed(url, core, signal),
    policy: (host, address) => policySummary(host, address, core),
  };
}

/** Feeds of all incidents of a year are below 5 MB. */
const MAX_FEED_BYTES = 10 * 1024 * 1024;
/** A person is waiting, and the answer only adds to the finding. */
const FEED_LIMITS = {
  soft: DEFAULT_LIMITS.soft,
  hard: { dialMs: 3_000, tlsMs: 3_000, headerMs: 5_000, totalMs: 8_000 },
};

/** Over the resolver and roots of the settings and the forward proxy of the environment; null on any failure. */
export async function readStatusFeed(url: string, core: Core, signal: AbortSignal): Promise<string | null> {
  const client = openHttpClient(core.settings().monitor.network, FEED_LIMITS, core.clock, environmentProxy(core.env));
  try {
    const result = await client.fetch({ url, maxBytes: MAX_FEED_BYTES, maxRedirects: 0, signal });
    return result.outcome === 'ok' && result.answer.status === 200 ? result.answer.body.toString('utf8') : null;
  } finally {
    await client.close();
  }
}

/** What can be read of macOS's policies without a password; null on other systems. */
async function policySummary(host: string, address: string | null, core: Core): Promise<PolicySummary | null> {
  const { runner, env, toolRoot: root } = core;
  if (!isAvailable(root)) return null;
  const addresses = address === null ? [] : [address];
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
    pfBlocks: await blockedBy(host, core),
    filters: parseSystemExtensions(outputs.get('systemextensionsctl list') ?? '').value.networkFilterCandidates,
  };
}

/** Older readings say little of now. */
const READING_COUNTS_MS = DAY_MS;

/** The rule that stopped a host at the last reading with a password, if that is not long ago. */
async function blockedBy(host: string, core: Core): Promise<string | null> {
  const last = await core.lastPolicy();
  if (last === null || core.clock.now() - last.at > READING_COUNTS_MS) return null;
  const layers = last.paths.find(({ endpoint }) => endpoint === host)?.layers ?? [];
  return layers.find(({ layer, state }) => layer === 'pf' && state === 'blocks')?.detail ?? null;
}
