/** What the engine needs of the world. */
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { KnownNetwork } from '../../shared/domain/network.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { GoState, Preferences, Problem } from '../../shared/domain/snapshot.ts';
import type { DrillReport, MachineFacts } from '../../shared/domain/timeline.ts';
import type { NetworkConditionsPorts, NetworkConditionsSettings } from '../conditions/network-conditions.ts';
import type { HistoryOpening } from '../history/history-store.ts';
import type { MonitorSettings } from '../monitor/monitor.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import type { GoPort } from '../profile/auto-switch.ts';
import type { LintFacts } from '../profile/lint-facts.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import type { GatewayRoute } from '../verdict/overview.ts';
import type { Listing } from '../verdict/sync-lag.ts';
import type { ViewOf } from '../verdict/walk.ts';

/** What the engine needs of the settings. */
export interface EngineSettings extends NetworkConditionsSettings {
  readonly monitor: MonitorSettings;
  readonly profiles: readonly Profile[];
  readonly preferences: Preferences;
  /** Dotted names of the settings that an organization manages. */
  readonly managed: readonly string[];
  /** Modules whose newest versions the mirrors are compared by. */
  readonly watchedModules: readonly string[];
  /** URLs of resolvers that only the doctor asks. */
  readonly doctorResolvers: readonly string[];
  /** Whether the doctor may read operators' status feeds. */
  readonly statusFeeds: boolean;
  /** The gateway of this computer. */
  readonly gateway: GatewayRoute;
  /** Base URLs of update servers; [] while updates are switched off. */
  readonly updateFeeds: readonly string[];
  /** Where metrics are sent; null = nowhere. */
  readonly metricsCollector: string | null;
  readonly demo: boolean;
  /** What is wrong with the settings file; null when nothing is. */
  readonly problem: Problem | null;
  /** The forward proxy that `go` uses for a URL in this environment, redacted; null = none. */
  readonly forwardProxyOfGo: (url: string) => string | null;
}

export interface SettingsPort {
  current(): EngineSettings;
  setPreferences(change: Partial<Preferences>): Promise<Outcome>;
  saveProfile(profile: Profile, at?: number): Promise<Outcome>;
  deleteProfile(profileId: string): Promise<Outcome>;
  orderProfiles(ids: readonly string[]): Promise<Outcome>;
  /** Lets a profile's GOAUTH run a program. */
  allowProgram(program: string): Promise<Outcome>;
  /** Saves a network's name and whether it is metered. */
  setNetwork(network: KnownNetwork): Promise<Outcome>;
  /** Calls back when the file was changed by an editor or another process. */
  watch(listener: (settings: EngineSettings) => void): Stop;
}

/** What lint looks at beside the profile. */
export type LintEnvironment = Pick<LintFacts, 'goflags' | 'proxies'>;

export interface EnginePorts {
  readonly clock: Clock;
  readonly pool: ProbePool;
  readonly history: HistoryOpening;
  readonly settings: SettingsPort;
  readonly go: GoPort;
  /** Problems with files of the data folder: calls back for each, those found before included. */
  readonly problems?: ((listener: (problem: Problem) => void) => Stop) | undefined;
  /** Whether the machine has a network path besides loopback. */
  readonly hasNetworkPath: () => boolean;
  /** Which network this is, and when that changes. */
  readonly network: NetworkConditionsPorts['network'];
  /** What the machine sends packets through. Never rejects. */
  readonly machineFacts: () => Promise<MachineFacts>;
  /** What this process has used since its start. */
  readonly costs: () => { readonly cpuMs: number; readonly residentBytes: number; readonly wakeups: number };
  readonly random: () => number;
  /** What one mirror shows of a module. Never rejects. */
  readonly listVersions: (endpoint: Endpoint, module: string, signal: AbortSignal) => Promise<Listing>;
  /** The truth table; passwords in its values are replaced. */
  readonly effective: (folder: string | null) => Promise<EffectiveTable>;
  /** A preflight over what has been measured. */
  readonly preflight: (folder: string, go: GoState, viewOf: ViewOf) => Promise<Outcome<Preflight>>;
  /** What lint needs of the environment: GOFLAGS, and forward proxies and whether something listens there. */
  readonly environment: () => Promise<LintEnvironment>;
  /** Tries a switch to a profile and its undo on copies of the person's files. */
  readonly selfTest: (profile: Profile | null) => Promise<DrillReport['selfTest']>;
  readonly log: Log;
}
