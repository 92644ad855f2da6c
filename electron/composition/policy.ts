/** macOS's policies over the real system, with the audit trail. */

import { isIP } from 'node:net';
import { isProxyEntry, parseGoproxyList } from '../../shared/domain/goproxy-list.ts';
import { httpOriginOf } from '../../shared/domain/host.ts';
import { failed, type Outcome } from '../../shared/domain/outcome.ts';
import type { PolicyReading } from '../../shared/domain/policy.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import type { Policy } from '../engine/app-services.ts';
import { type CatalogueEntry, FLUSH_DNS, resetDecision } from '../macos/catalogue.ts';
import { runChange } from '../macos/changes.ts';
import { isAvailable } from '../macos/gather.ts';
import type { AskedEndpoint } from '../macos/policy-reading.ts';
import { readPolicy } from '../macos/read-policy.ts';
import type { Core } from './core.ts';
import { lookUpIn } from './http-client.ts';

/** The policies as the app reads them; every use of a password, and every change, is kept in the audit trail. */
export function openPolicy(core: Core): Policy {
  const { audit } = core;
  const change = async (entry: CatalogueEntry | null): Promise<Outcome> => {
    if (entry === null) return failed('reset-refused');
    const outcome = await runChange(entry, core.toolRoot, core.runner);
    await audit.add(shellCommand(entry.file, entry.args), outcome.ok ? 'done' : 'failed');
    return outcome;
  };
  return {
    last: () => core.lastPolicy(),
    read: (privileged) => takePolicyReading(core, privileged),
    reset: (service, bundleId) => change(resetDecision(service, bundleId)),
    flushDns: () => change(FLUSH_DNS),
    uses: () => audit.read(),
  };
}

/**
 * A reading of macOS's policies, for the proxies that `go` uses and for those of the settings. A prompt for the password
 * gets into the audit trail.
 */
export async function takePolicyReading(core: Core, privileged: boolean, signal?: AbortSignal): Promise<PolicyReading> {
  const { runner, clock, env, toolRoot: root } = core;
  const isHere = isAvailable(root);
  const endpoints = isHere ? await policyEndpoints(core, signal) : [];
  const located = isHere ? await core.go.locate() : null;
  const goPath = located?.ok === true ? located.go.path : null;
  const last = core.policyFile;
  const reading = await readPolicy({ runner, clock, env, root, last, endpoints, privileged, goPath, signal });
  if (reading.prompt !== null) await core.audit.add('osascript: pfctl -s …', reading.prompt);
  return reading;
}

/** At most so many: each is a name to look up and a route to ask for. */
const POLICY_ENDPOINTS = 12;

async function policyEndpoints(core: Core, signal?: AbortSignal): Promise<AskedEndpoint[]> {
  const { monitor } = core.settings();
  const state = await core.go.read();
  const list = state.state === 'found' ? parseGoproxyList(state.effective.GOPROXY ?? '') : [];
  const urls = [...list.filter(isProxyEntry).map(({ value }) => value), ...monitor.endpoints.map(({ url }) => url)];
  const origins = urls.flatMap((url) => httpOriginOf(url) ?? []);
  const unique = [...new Map(origins.map((one) => [`${one.host}:${one.port}`, one])).values()].slice(
    0,
    POLICY_ENDPOINTS,
  );
  const lookUp = lookUpIn(monitor.network, core.clock, signal);
  return Promise.all(
    unique.map(async ({ host, port }) => {
      const address = isIP(host) === 0 ? ((await lookUp(host))?.[0] ?? null) : host;
      return { name: host, address, port };
    }),
  );
}
