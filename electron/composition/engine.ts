/** The real adapters of the engine's ports, for the two roots that start one: main.ts and the command line's `watch`. */
import type { Profile } from '../../shared/domain/profile.ts';
import { selfTest } from '../drill/self-test.ts';
import type { EnginePorts } from '../engine/engine-ports.ts';
import { openWorkerHistory } from '../history/worker-history.ts';
import { listVersions } from '../probe/list-versions.ts';
import { TreeHeadPool } from '../probe/tree-head-pool.ts';
import { WorkerPool } from '../probe/worker-pool.ts';
import { effectiveTable, redactTable } from '../profile/effective/effective-table.ts';
import { GoControl } from '../profile/go-control.ts';
import { preflight } from '../profile/preflight/preflight.ts';
import { readLintEnvironment } from '../profile/read-lint-environment.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import { systemClock } from '../system/clock.ts';
import { CountingClock } from '../system/counting-clock.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';
import { networkFingerprint } from '../system/network.ts';
import { readNetworkIdentity } from '../system/network-identity.ts';
import { watchNetwork } from '../system/network-watch.ts';
import { SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { workerFile } from '../system/worker-files.ts';
import { lookUpIn, openHttpClient } from './http-client.ts';
import { goProbePool } from './probe-pools.ts';
import { dataPaths, engineSettings, goControl, settingsPort } from './settings.ts';

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
    pool: goProbePool(probes, clock, go, env),
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
    listVersions: async (endpoint, module, signal) => {
      const { limits, network } = engineSettings(file, env).monitor;
      const client = openHttpClient(network, limits, clock);
      const listing = await listVersions(endpoint, module, client, signal);
      await client.close();
      return listing;
    },
    environment: () => readLintEnvironment(go, env),
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
        lookUp: lookUpIn(engineSettings(file, env).monitor.network, clock),
        measure: async () => viewOf,
      }),
    selfTest: (profile) => drillSelfTest(profile, file, go, env),
    log,
  };
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
