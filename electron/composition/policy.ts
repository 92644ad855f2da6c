/** macOS's policies over the real system, with the audit trail. */
import { isIP } from 'node:net';
import { isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import { originOf } from '../doctor/origin.ts';
import type { Policy } from '../engine/app-services.ts';
import type { EngineSettings } from '../engine/engine-ports.ts';
import { AuditTrail } from '../macos/audit-trail.ts';
import { type CatalogueEntry, FLUSH_DNS, resetDecision } from '../macos/catalogue.ts';
import { runChange } from '../macos/changes.ts';
import { isAvailable } from '../macos/gather.ts';
import type { AskedEndpoint } from '../macos/policy-reading.ts';
import { lastReading, readPolicy } from '../macos/read-policy.ts';
import type { GoControl } from '../profile/go-control.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { systemClock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { lookUpIn } from './http-client.ts';
import { dataPaths, engineSettings, goControl } from './settings.ts';

/** The policies as the app reads them; every use of a password, and every change, is kept in the audit trail. */
export async function openPolicy(folder: string, env: Env): Promise<Policy> {
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, systemClock);
  const go = goControl(file, folder, env);
  const audit = new AuditTrail(paths.audit, systemClock);
  const change = async (entry: CatalogueEntry | null): Promise<Outcome> => {
    if (entry === null) return failed('reset-refused');
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
  const lookUp = lookUpIn(monitor.network, systemClock, signal);
  return Promise.all(
    unique.map(async ({ host, port }) => {
      const address = isIP(host) === 0 ? ((await lookUp(host))?.[0] ?? null) : host;
      return { name: host, address, port };
    }),
  );
}
