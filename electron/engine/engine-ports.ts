/** What an engine does, and what it needs of the world: the types between engine.ts and its doors and adapters. */

import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Contact } from '../../shared/domain/contact.ts';
import type { ArchivedConsultation, Consultation, ExplainedLine } from '../../shared/domain/doctor.ts';
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { LintFinding, LintFix } from '../../shared/domain/lint.ts';
import type { KnownNetwork } from '../../shared/domain/network.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { PolicyReading, PolicyUse } from '../../shared/domain/policy.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type {
  EndpointDetail,
  GoState,
  Language,
  Preferences,
  Problem,
  Snapshot,
} from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Chart, Dashboard, DrillReport, Meter } from '../../shared/domain/timeline.ts';
import type { RecordingPlan, Traffic } from '../../shared/domain/traffic.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { ModuleKind, ProfileRoute } from '../../shared/domain/verdict.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import type { NetworkConditionsPorts, NetworkConditionsSettings, Power } from '../conditions/network-conditions.ts';
import type { HistoryOpening } from '../history/history-store.ts';
import type { MonitorSettings } from '../monitor/monitor.ts';
import type { ProbePool } from '../probe/probe-pool.ts';
import type { GoPort } from '../profile/auto-switch.ts';
import type { LintFacts } from '../profile/lint-facts.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import type { Listing } from '../verdict/sync-lag.ts';
import type { ViewOf } from '../verdict/walk.ts';

export type { Announcement, GoPort, Power };

/** What a person may say of the present network. */
export interface NetworkChange {
  /** null = no name. */
  readonly name?: string | null | undefined;
  readonly metered?: boolean | undefined;
}

export interface Engine {
  snapshot(): Snapshot;
  /** Called after every change with the new snapshot. */
  subscribe(listener: (snapshot: Snapshot) => void): Stop;
  onAnnouncement(listener: (announcement: Announcement) => void): Stop;
  /** Probes one endpoint (or all) at full depth now; resolves when done. */
  probeNow(endpointId: string | null): Promise<Outcome>;
  /** Stops probing until an instant, or until resumed when null. */
  pause(until: EpochMs | null): Outcome;
  resume(): Outcome;
  /** Applies a profile to the real `go`. */
  useProfile(profileId: string): Promise<Outcome>;
  /** What that would do; nothing is changed. */
  planProfile(profileId: string): Promise<Outcome<SwitchPlan>>;
  /** Takes the last switch back exactly; with `until`, all down to the one with that id. */
  undo(until?: string): Promise<Outcome>;
  /** What somebody else changed: goes back, stays, or stays as a profile of its own. */
  answerDrift(answer: 'revert' | 'accept' | 'adopt'): Promise<Outcome>;
  /** Everything in force, linted. */
  lint(): Promise<readonly LintFinding[]>;
  /** Carries out the fix of a finding; a switch like any other. */
  fix(fix: LintFix): Promise<Outcome>;
  /** Keeps a profile in the settings, in place of the one with its id; at the end unless told. */
  saveProfile(profile: Profile, at?: number): Promise<Outcome>;
  deleteProfile(profileId: string): Promise<Outcome>;
  /** The order in which profiles are listed. */
  orderProfiles(ids: readonly string[]): Promise<Outcome>;
  /** Which value of each variable wins in shells, apps and for every go. */
  effective(): Promise<EffectiveTable>;
  /** What a build of the project in a folder would fetch, from where, and what would go wrong. */
  preflight(folder: string): Promise<Outcome<Preflight>>;
  /** The way of one module under each profile, now. */
  routes(modulePath: string, kind: ModuleKind): readonly ProfileRoute[];
  detail(endpointId: string): Promise<EndpointDetail | null>;
  /** One endpoint over [from, to). Rejects with HistoryError. */
  chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart>;
  /** Everything else the dashboard shows. Rejects with HistoryError. */
  dashboard(): Promise<Dashboard>;
  /** What Gopherbar itself costs. */
  meter(): Meter;
  /** Every host that is contacted, and why. */
  contacts(): readonly Contact[];
  /** Names or marks the network the machine is in. */
  setNetwork(change: NetworkChange): Promise<Outcome>;
  setPower(power: Power): void;
  /** Practises an outage of the proxy that `go` uses now. */
  startDrill(): Outcome;
  cancelDrill(): Outcome;
  setPreferences(change: Partial<Preferences>): Promise<Outcome>;
  /** No notifications until an instant; null = send them again. */
  mute(until: EpochMs | null): Outcome;
  /** Takes the alert card away (the endpoint stays what it is). */
  dismissAlert(): Outcome;
  dismissNotices(): Outcome;
  /** A window shows: probe at the visible interval. */
  setVisible(visible: boolean): void;
  /** The machine falls asleep: running probes are cancelled, nothing is judged. */
  suspend(): void;
  /** The machine woke or the network changed: one quiet round, then judge. */
  wake(): void;
  /** Ends everything; afterwards nothing of the engine runs. */
  close(): Promise<void>;
}

/** Consultations as the app holds them: one at a time, archived when they have ended. */
export interface Doctor {
  /** Begins one; Problem `bad-target` for what is neither a host nor a module. One that runs is cancelled. */
  start(target: string, incidentId: string | null): Outcome;
  cancel(): Outcome;
  /** The running or last one. */
  current(): Consultation | null;
  archived(): readonly ArchivedConsultation[];
  /** Shows an archived one again. */
  reopen(startedAt: EpochMs): Outcome;
  /** The current one without anything private; null when there is none. */
  report(format: 'md' | 'json', t: Translate, language: Language): Promise<string | null>;
  /** A configuration profile for DNS over HTTPS; null when the settings name no such resolver. */
  dohProfile(): string | null;
  /** What an output of `go` or `git` says. */
  explain(text: string): readonly ExplainedLine[];
  onChange(listener: (consultation: Consultation) => void): Stop;
  close(): Promise<void>;
}

/** Traces and captures as the app makes and reads them: one at a time. */
export interface TrafficService {
  /** Problem `bad-module` for what is none. What runs is cancelled. */
  trace(module: string, frames: boolean): Outcome;
  /** A saved trace or a capture. */
  open(file: string): Outcome;
  /** What would be recorded, and how, before anybody is asked for a password. */
  plan(hosts: readonly string[], seconds: number): Promise<RecordingPlan>;
  record(hosts: readonly string[], seconds: number): Promise<Outcome>;
  cancel(): Outcome;
  /** Rejects with the system's error. */
  save(file: string): Promise<void>;
  current(): Traffic | null;
  onChange(listener: (traffic: Traffic) => void): Stop;
  close(): Promise<void>;
}

/** macOS's own policies as the app reads them. */
export interface Policy {
  /** The last reading; null before the first. */
  last(): Promise<PolicyReading | null>;
  /** `privileged`: macOS asks for an administrator's password, once. */
  read(privileged: boolean): Promise<PolicyReading>;
  /** Forgets one decision of one app; Problem `reset-refused` for a service or an app that may not be named. */
  reset(service: string, bundleId: string): Promise<Outcome>;
  /** Forgets looked-up names. */
  flushDns(): Promise<Outcome>;
  /** Newest first. */
  uses(): Promise<readonly PolicyUse[]>;
}

/** What the engine needs of the settings, whoever keeps them. */
export interface EngineSettings extends NetworkConditionsSettings {
  readonly monitor: MonitorSettings;
  readonly profiles: readonly Profile[];
  readonly preferences: Preferences;
  /** Modules whose newest versions the mirrors are compared by. */
  readonly watchedModules: readonly string[];
  /** URLs of resolvers that only the doctor asks. */
  readonly doctorResolvers: readonly string[];
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
  /** Keeps what the person says of a network. */
  setNetwork(network: KnownNetwork): Promise<Outcome>;
  /** Called when the file was changed by hand (or by another process). */
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
  /** Whether the machine has any network path but loopback. */
  readonly hasNetworkPath: () => boolean;
  /** Which network this is, and when that changes. */
  readonly network: NetworkConditionsPorts['network'];
  /** What this process has used since its start. */
  readonly costs: () => { readonly cpuMs: number; readonly residentBytes: number; readonly wakeups: number };
  readonly random: () => number;
  /** What one mirror shows of a module. Never rejects. */
  readonly listVersions: (endpoint: Endpoint, module: string, signal: AbortSignal) => Promise<Listing>;
  /** The truth table; passwords in its values are replaced. */
  readonly effective: () => Promise<EffectiveTable>;
  /** A preflight over what is measured already. */
  readonly preflight: (folder: string, go: GoState, viewOf: ViewOf) => Promise<Outcome<Preflight>>;
  /** What lint needs of the environment: GOFLAGS, and forward proxies with whether anybody listens there. */
  readonly environment: () => Promise<LintEnvironment>;
  /** Tries a switch to a profile and its undo on copies of the person's files. */
  readonly selfTest: (profile: Profile | null) => Promise<DrillReport['selfTest']>;
  readonly log: Log;
}
