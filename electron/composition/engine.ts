/** The engine over the real system, for the two roots that start one: main.ts and the command line's `watch`. */
import type { Profile } from '../../shared/domain/profile.ts';
import { selfTest } from '../drill/self-test.ts';
import { startEngine } from '../engine/engine.ts';
import type { Engine } from '../engine/engine-api.ts';
import type { EnginePorts } from '../engine/engine-ports.ts';
import { listVersions } from '../probe/list-versions.ts';
import { effectiveTable, redactTable } from '../profile/effective/effective-table.ts';
import { preflight } from '../profile/preflight/preflight.ts';
import { readLintEnvironment } from '../profile/read-lint-environment.ts';
import { networkFingerprint } from '../system/network.ts';
import { readNetworkIdentity } from '../system/network-identity.ts';
import { watchNetwork } from '../system/network-watch.ts';
import type { Core } from './core.ts';
import { lookUpIn, openHttpClient } from './http-client.ts';
import { readMachineFacts } from './machine-facts.ts';
import { settingsPort } from './settings.ts';

/** Starts the engine. Closing it closes the core's pool and history with it. */
export async function openEngine(core: Core): Promise<Engine> {
  return startEngine(await enginePorts(core));
}

/** What the engine needs of the world. */
export async function enginePorts(core: Core): Promise<EnginePorts> {
  const { clock, env, file, go, log, runner } = core;
  const [pool, history] = await Promise.all([core.pool(), core.history()]);
  return {
    clock,
    pool,
    history,
    settings: settingsPort(file, () => core.settings()),
    go,
    problems: (listener) => core.problems.subscribe(listener),
    hasNetworkPath: () => networkFingerprint() !== '',
    network: {
      read: () => readNetworkIdentity(runner, env),
      watch: (onChange) => watchNetwork({ clock, env }, onChange),
    },
    machineFacts: () => readMachineFacts(core),
    costs: () => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1_000, residentBytes: process.memoryUsage.rss(), wakeups: clock.wakeups };
    },
    random: Math.random,
    listVersions: async (endpoint, module, signal) => {
      const { limits, network } = core.settings().monitor;
      const client = openHttpClient(network, limits, clock);
      const listing = await listVersions(endpoint, module, client, signal);
      await client.close();
      return listing;
    },
    environment: () => readLintEnvironment(go, env),
    effective: async (folder) => redactTable(await readEffectiveTable(core, folder)),
    preflight: async (folder, state, viewOf) =>
      preflight(folder, null, {
        go: state,
        moduleCache: await go.moduleCache(),
        lookUp: lookUpIn(core.settings().monitor.network, clock),
        measure: async () => viewOf,
      }),
    selfTest: (profile) => drillSelfTest(profile, core),
    log,
  };
}

/** Which value of each variable wins in shells, apps and for each `go`, as seen from a folder. */
export function readEffectiveTable({ runner, env, toolRoot }: Core, folder: string | null) {
  return effectiveTable({ runner, env, platform: process.platform, toolRoot, folder });
}

/** Tries a switch and its undo on copies, so that neither the settings nor the Go environment can be harmed. */
export async function drillSelfTest(profile: Profile | null, core: Core) {
  const state = await core.go.read();
  if (state.state !== 'found') return 'not-run' as const;
  const files = { settingsFile: core.file.path, goEnvFile: state.envFile };
  return selfTest(files, profile, (goEnvFile, folder) => core.goOver(folder, { ...core.env, GOENV: goEnvFile }));
}
