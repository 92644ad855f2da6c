/** What the doors (app, command line) may ask of a running engine: one service for each group of commands. */
import type { Announcement } from '../../shared/domain/announcement.ts';
import type { Contact } from '../../shared/domain/contact.ts';
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import type { LintFinding, LintFix } from '../../shared/domain/lint.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { EndpointDetail, Preferences, Snapshot } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Chart, Dashboard, Meter } from '../../shared/domain/timeline.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { ModuleKind, ProfileRoute } from '../../shared/domain/verdict.ts';
import type { OutageChanges } from '../../shared/domain/what-changed.ts';
import type { Power } from '../conditions/network-conditions.ts';
import type { Stop } from '../system/clock.ts';

export interface Engine {
  readonly probing: ProbingService;
  readonly profiles: ProfileService;
  readonly history: HistoryService;
  readonly drill: DrillService;
  readonly preferences: PreferencesService;
  readonly power: PowerService;
  /** The present state. */
  snapshot(): Snapshot;
  /** Calls back after every change with the new snapshot. */
  subscribe(listener: (snapshot: Snapshot) => void): Stop;
  /** Calls back for each notification to show; the snapshot it belongs to is published before. */
  onAnnouncement(listener: (announcement: Announcement) => void): Stop;
  /** Ends everything; when it resolves nothing of the engine runs or writes any more. */
  close(): Promise<void>;
}

export interface ProbingService {
  /** Probes one endpoint (or all, null) at full depth now; resolves when done. Problem: no-such-endpoint. */
  probeNow(endpointId: string | null): Promise<Outcome>;
  /** Compares which versions the mirrors list now; resolves when done. */
  compareMirrors(): Promise<Outcome>;
  /** Stops probing for a time, or until resumed when null. */
  pauseFor(duration: DurationMs | null): Outcome;
  resume(): Outcome;
  /** A window is visible: probe at the visible interval. */
  setVisible(visible: boolean): void;
}

export interface ProfileService {
  /** Applies a profile to the real `go`; while a drill runs, to copies only (problem `drill-practised`). */
  use(profileId: string): Promise<Outcome>;
  /**
   * Remembers that the profile's GOAUTH may run this program, and applies the profile. Problem `runs-program`, with the
   * program that it runs now, when that is another: a person allows what they have read, to the letter.
   */
  allow(profileId: string, program: string): Promise<Outcome>;
  /** What that would do; nothing is changed. */
  plan(profileId: string): Promise<Outcome<SwitchPlan>>;
  /** Undoes the last switch exactly; with `until`, all down to the one with that id. */
  undo(until?: string): Promise<Outcome>;
  /** Answers a change made outside of Gopherbar: revert it, accept it, or accept it as a new profile. */
  answerDrift(answer: 'revert' | 'accept' | 'adopt'): Promise<Outcome>;
  /** Lint findings about what is in force. */
  lint(): Promise<readonly LintFinding[]>;
  /** Applies the fix of a finding, which is computed again now; a switch like any other. Problem `fix-gone` if there is none. */
  fix(finding: Pick<LintFinding, 'rule' | 'subject'>): Promise<Outcome>;
  /** Applies settings that the doctor computed; a switch like any other. */
  apply(settings: LintFix): Promise<Outcome>;
  /** Saves a profile in the settings, in place of the one with its id; a new one at position `at`, or last. */
  save(profile: Profile, at?: number): Promise<Outcome>;
  /** Keeps what is in force as a profile; nothing is switched. Problem: no `go`. */
  keep(): Promise<Outcome>;
  delete(profileId: string): Promise<Outcome>;
  /** Sets the order in which profiles are listed. */
  order(ids: readonly string[]): Promise<Outcome>;
  /** Which value of each variable wins in shells, apps and for every `go`. */
  /** `folder` is the project's; null = none was chosen. */
  effective(folder: string | null): Promise<EffectiveTable>;
  /** What a build of the project in a folder would fetch, from where, and what would go wrong. */
  preflight(folder: string): Promise<Outcome<Preflight>>;
  /** The route of one module under each profile, now. */
  routes(modulePath: string, kind: ModuleKind): readonly ProfileRoute[];
}

/** Queries; those that read the history reject with HistoryError. */
export interface HistoryService {
  /** One endpoint in depth; null = no such endpoint. */
  detail(endpointId: string): Promise<EndpointDetail | null>;
  /** One endpoint over [from, to). */
  chart(endpointId: string, from: EpochMs, to: EpochMs): Promise<Chart>;
  /** The open outage that matters most, and what changed here before it; null when there is none. */
  since(): Promise<OutageChanges | null>;
  /** Everything else the dashboard shows. */
  dashboard(): Promise<Dashboard>;
  /** What Gopherbar itself uses: CPU, memory, bytes. */
  meter(): Meter;
  /** Every host that is contacted, and why. */
  contacts(): readonly Contact[];
}

export interface DrillService {
  /** Practises an outage of the proxy that `go` uses now. Problems: drill-running, drill-not-now. */
  start(): Outcome;
  cancel(): Outcome;
}

export interface PreferencesService {
  set(change: Partial<Preferences>): Promise<Outcome>;
  /** Runs a change of the settings file, takes the result over, and looks for `go` again. */
  apply(change: () => Promise<Outcome>): Promise<Outcome>;
  /** Names the present network or marks it as metered. Problem: no-network. */
  setNetwork(change: NetworkChange): Promise<Outcome>;
  /** Sends no notifications for a time; null = sends them again. */
  muteFor(duration: DurationMs | null): Outcome;
  /** Closes the alert card; the endpoint's status stays what it is. */
  dismissAlert(): Outcome;
  dismissNotices(): Outcome;
}

/** What a person may say about the present network. */
export interface NetworkChange {
  /** null = no name. */
  readonly name?: string | null | undefined;
  readonly metered?: boolean | undefined;
}

export interface PowerService {
  /** What the machine runs on has changed. */
  set(power: Power): void;
  /** The machine falls asleep: running probes are cancelled, nothing is judged. */
  suspend(): void;
  /** The machine woke: one round whose failures are not judged, then as usual. */
  wake(): void;
}
