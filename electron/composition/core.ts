/**
 * What every service shares, opened exactly once: settings, the real `go` and git, processes, time, the audit trail, the
 * history, the pool of probes and the small files of the data folder. Services (engine.ts, doctor.ts, policy.ts,
 * traffic.ts) and the command line are built from it and open none of these themselves, so that a change of one is seen
 * by all. What costs time or a thread is opened at its first use.
 */
import type { PolicyReading } from '../../shared/domain/policy.ts';
import type { EngineSettings } from '../engine/engine-ports.ts';
import type { HistoryOpening } from '../history/history-store.ts';
import { AuditTrail } from '../macos/audit-trail.ts';
import { lastReading, openPolicyFile, type PolicyFile } from '../macos/policy-file.ts';
import type { CanaryTools } from '../probe/canary.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import { GoControl } from '../profile/go-control.ts';
import type { ManagedSource, SettingsFile } from '../settings/settings-file.ts';
import { type Clock, type Stop, systemClock } from '../system/clock.ts';
import { CountingClock } from '../system/counting-clock.ts';
import type { Env } from '../system/files.ts';
import type { JsonFilePorts } from '../system/json-file.ts';
import type { Log } from '../system/log.ts';
import { type ProcessRunner, SystemProcessRunner } from '../system/process-runner.ts';
import { toolRoot } from '../system/tool-root.ts';
import { eitherSignal } from '../system/web.ts';
import { workerFile } from '../system/worker-files.ts';
import { dataPaths } from './data-paths.ts';
import { openSettingsFile } from './open-settings-file.ts';
import { ProblemFeed } from './problem-feed.ts';
import { engineSettings, type GatewayPart } from './settings.ts';

export interface CoreOptions {
  /** The system's clock unless given. */
  readonly clock?: Clock;
  /**
   * For a command that runs once and ends: probes and history run in this thread, and the settings file is not watched.
   */
  readonly oneShot?: boolean;
  /**
   * Ends every tool that runs, those of a switch included, which then takes itself back: for a command at Ctrl-C. The app
   * carries a switch to its end instead.
   */
  readonly signal?: AbortSignal;
  /** Where an organization's settings come from; this computer's unless given. */
  readonly managed?: ManagedSource;
}

/**
 * Opens the data folder; only the settings are read at once. Close it last, after the services built from it. Rejects
 * with ForeignFolderError when the folder belongs to another user.
 */
export async function openCore(folder: string, env: Env, log: Log, options: CoreOptions = {}): Promise<Core> {
  const clock = new CountingClock(options.clock ?? systemClock);
  const file = await openSettingsFile(folder, env, {
    log,
    clock,
    managed: options.managed,
    owned: options.oneShot !== true,
  });
  return new Core(folder, env, log, clock, file, options);
}

export class Core {
  readonly folder: string;
  readonly env: Env;
  readonly log: Log;
  readonly clock: CountingClock;
  readonly runner: ProcessRunner;
  readonly paths: ReturnType<typeof dataPaths>;
  readonly file: SettingsFile;
  readonly go: GoControl;
  readonly audit: AuditTrail;
  readonly policyFile: PolicyFile;
  readonly problems = new ProblemFeed();
  /** What the app's gateway gives to the engine; null while there is none. */
  gateway: GatewayPart | null = null;
  readonly #oneShot: boolean;
  readonly #stopWatching: Stop;
  #history: Promise<HistoryOpening> | null = null;
  #pool: Promise<ProbePool> | null = null;

  constructor(
    folder: string,
    env: Env,
    log: Log,
    clock: CountingClock,
    file: SettingsFile,
    { oneShot = false, signal }: CoreOptions,
  ) {
    this.folder = folder;
    this.env = env;
    this.log = log;
    this.clock = clock;
    this.file = file;
    this.paths = dataPaths(folder);
    this.runner = endedBy(signal, new SystemProcessRunner(clock));
    this.#oneShot = oneShot;
    this.go = this.goOver(this.paths.profile, env);
    this.audit = new AuditTrail(this.paths.audit, this.filePorts);
    this.policyFile = openPolicyFile(this.paths.policy, this.filePorts);
    // Without a listener of its own: watching alone keeps `settings()` up to date for every service.
    this.#stopWatching = oneShot ? () => {} : file.watch(() => {});
  }

  /** For the small files that a service keeps in the data folder. */
  get filePorts(): JsonFilePorts {
    return { clock: this.clock, log: this.log, onProblem: this.problems.report };
  }

  /** `/`, or a test's own folder of macOS's tools. */
  get toolRoot(): string {
    return toolRoot(this.env);
  }

  /** The settings as they are now. */
  settings(): EngineSettings {
    return engineSettings(this.file, this.env, this.gateway);
  }

  /** What canaries and credentials need of the machine. */
  get canaryTools(): CanaryTools {
    return { runner: this.runner, env: this.env, findGo: () => this.go.locate() };
  }

  /** A `go` control over another folder and environment, with the path that the settings choose: for drills. */
  goOver(folder: string, env: Env): GoControl {
    const { runner, clock, log, file } = this;
    const { report: onProblem } = this.problems;
    const chosenPath = () => file.settings.goPath;
    const chosenGit = () => file.settings.gitPath;
    const allowedPrograms = () => file.settings.allowedPrograms;
    return new GoControl({ runner, clock, env, folder, log, onProblem, chosenPath, chosenGit, allowedPrograms });
  }

  /** The history, opened by the first call. For a one-shot command it rejects with HistoryError when it cannot be used. */
  history(): Promise<HistoryOpening> {
    this.#history ??= this.#openHistory();
    return this.#history;
  }

  /** Probes endpoints of every kind, signing in as `go` would; in a worker thread that the first probe starts. */
  pool(): Promise<ProbePool> {
    this.#pool ??= this.#openPool();
    return this.#pool;
  }

  /** The last reading of macOS's policies; null when there is none. */
  lastPolicy(): Promise<PolicyReading | null> {
    return lastReading(this.policyFile);
  }

  /** Resolves when nothing of the core runs or writes any more. */
  async close(): Promise<void> {
    this.#stopWatching();
    await (await this.#pool)?.close();
    await Promise.all([this.file.close(), this.go.close(), this.audit.close(), this.policyFile.close()]);
    // Who asked for a history that cannot be opened has got the error.
    const history = await this.#history?.catch(() => null);
    await history?.store.close();
  }

  // Loaded when they are needed: most commands measure nothing and read no history.
  async #openHistory(): Promise<HistoryOpening> {
    const options = { file: this.paths.history, clock: this.clock };
    if (this.#oneShot) return (await import('../history/open-history.ts')).openHistory(options);
    const { openWorkerHistory } = await import('../history/worker-history.ts');
    const { openOrStandBy } = await import('../history/standby-history.ts');
    const onReplaced = () => this.problems.report({ key: 'history-replaced', params: { file: this.paths.history } });
    const open = (file: string) =>
      openWorkerHistory({ ...options, file, workerFile: workerFile('history'), log: this.log, onReplaced });
    return openOrStandBy({ ...options, open });
  }

  async #openPool(): Promise<ProbePool> {
    const { CanaryPool } = await import('../probe/canary-pool.ts');
    const { CredentialPool } = await import('../probe/credential-pool.ts');
    const { clock, canaryTools } = this;
    return new CanaryPool(new CredentialPool(await this.#openProbes(), clock, canaryTools), clock, canaryTools);
  }

  async #openProbes(): Promise<ProbePool> {
    if (this.#oneShot) {
      const { InlinePool } = await import('../probe/inline-pool.ts');
      const { LimitedPool } = await import('../probe/limited-pool.ts');
      const { httpsLookUp } = await import('./http-client.ts');
      return new LimitedPool(new InlinePool(this.clock, httpsLookUp(this.clock)), this.clock);
    }
    const { TreeHeadPool } = await import('../probe/tree-head-pool.ts');
    const { WorkerPool } = await import('../probe/worker-pool.ts');
    return new TreeHeadPool(
      new WorkerPool(workerFile('probe'), this.clock, this.log),
      this.paths.treeHeads,
      this.filePorts,
    );
  }
}

function endedBy(signal: AbortSignal | undefined, runner: ProcessRunner): ProcessRunner {
  if (signal === undefined) return runner;
  return {
    run: (command) => {
      const either = command.signal === undefined ? signal : eitherSignal(signal, command.signal);
      return runner.run({ ...command, signal: either });
    },
  };
}
