/** The app's services beside the engine: doctor, traces and captures, macOS policies. */
import type { ImportPreview, MirrorTest, SettingsView, Trial } from '../../shared/contract/settings-change.ts';
import type { ArchivedConsultation, Consultation, ExplainedLine } from '../../shared/domain/doctor.ts';
import type { GatewayState, OfflineReadiness } from '../../shared/domain/gateway.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { PolicyReading, PolicyUse } from '../../shared/domain/policy.ts';
import type { Language } from '../../shared/domain/snapshot.ts';
import type { RecordingPlan, Traffic } from '../../shared/domain/traffic.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { UpdateState } from '../../shared/domain/update.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import type { Stop } from '../system/clock.ts';

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
  explain(text: string): Promise<readonly ExplainedLine[]>;
  onChange(listener: (consultation: Consultation) => void): Stop;
  close(): Promise<void>;
}

/** Traces and captures as the app makes and reads them: one at a time. */
export interface TrafficService {
  /** Problem `bad-module` for a text that is not a module. A running one is cancelled. */
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

/** The local GOPROXY as the app runs it: a process of its own. */
export interface GatewayService {
  state(): GatewayState;
  onChange(listener: (state: GatewayState) => void): Stop;
  /** Turns it on or off, in the settings. */
  enable(enabled: boolean): Promise<Outcome>;
  /** Uses the free port that is offered in place of a taken one, in the settings. Problem: gateway-port-gone. */
  useOtherPort(): Promise<Outcome>;
  /** Whether the project in a folder builds from the cache alone. Problems: those of reading a project. */
  readiness(folder: string): Promise<Outcome<OfflineReadiness>>;
  /** Fetches what is missing, as far as it can be had. Problems: as above, gateway-not-running. */
  prefetch(folder: string): Promise<Outcome<OfflineReadiness>>;
  cancelPrefetch(): Outcome;
  /** Empties its cache. Problem: gateway-not-running. */
  clear(): Outcome;
  /** Resolves when its process has ended. */
  close(): Promise<void>;
}

/** Updates of the app. */
export interface UpdateService {
  state(): UpdateState;
  onChange(listener: (state: UpdateState) => void): Stop;
  /** Begins a check, if none runs. Problems: update-unsupported, update-off. */
  check(): Outcome;
  /** Ends the app and starts the staged version. Problem: update-none. */
  install(): Outcome;
  /** Resolves when nothing is read or downloaded any more. */
  close(): Promise<void>;
}

/** The settings file as the settings window reads and changes it. */
export interface SettingsService {
  readonly folder: string;
  view(): Promise<Omit<SettingsView, 'startsAtLogin' | 'version' | 'commit'>>;
  /** All settings as a file without secrets, and the fields whose secrets are left out. */
  exported(): { readonly text: string; readonly hidden: readonly string[] };
  /** Problems: settings-changed (another writer changed these sections meanwhile), and those of applyPatch. */
  change(revision: string, patch: unknown): Promise<Outcome>;
  undo(): Promise<Outcome>;
  /** The settings of a first start. */
  reset(): Promise<Outcome>;
  /** Uses a file that the person chose. */
  useFile(what: 'go' | 'git' | 'ca', file: string): Promise<Outcome>;
  /** Probes an endpoint that is not saved, once. */
  tryEndpoint(entry: unknown): Promise<Outcome<Trial>>;
  /** The git in use; null = none. */
  findGit(): Promise<string | null>;
  /** The first proxy of each profile, measured at once within five seconds. */
  testMirrors(): Promise<MirrorTest>;
  /** What taking a file over would change; it is remembered for acceptImport. */
  previewImport(file: string): Promise<Outcome<ImportPreview>>;
  acceptImport(): Promise<Outcome>;
  /** For a bug report, as JSON, without passwords and private names. */
  diagnostics(version: string): Promise<string>;
  /** Ends what is being tried. */
  close(): Promise<void>;
}
