/**
 * The whole IPC between the main process and its windows, declared once. The preload, the main side, the renderer's
 * client and the test double are derived from this list; payloads are checked on both sides against these schemas.
 */
import * as v from 'valibot';
import { CONTACT_REASONS } from '../domain/contact.ts';
import { FIX_KEYS } from '../domain/doctor.ts';
import { SETTINGS_PAGES } from '../domain/settings-sections.ts';
import { DASHBOARD_PAGES } from '../domain/snapshot.ts';
import { MODULE_KINDS } from '../domain/verdict.ts';
import { preferencesChangeSchema } from './inputs.ts';
import { ownProfileSchema } from './profile-exchange.ts';
import { archivedConsultationSchema, consultationSchema, explainedSchema } from './schemas/doctor.ts';
import { effectiveTableSchema } from './schemas/effective.ts';
import { detailSchema } from './schemas/endpoint.ts';
import { gatewaySchema, readinessSchema } from './schemas/gateway.ts';
import { chartSchema, dashboardSchema, meterSchema, outageChangesSchema } from './schemas/history.ts';
import { doneSchema, outcomeOf } from './schemas/outcome.ts';
import { list, texts } from './schemas/parts.ts';
import { policyReadingSchema, policyUseSchema } from './schemas/policy.ts';
import { preflightOutcomeSchema } from './schemas/preflight.ts';
import { lintFindingSchema, lintRuleSchema, planOutcomeSchema } from './schemas/profile.ts';
import { snapshotSchema } from './schemas/snapshot.ts';
import { recordingPlanSchema, trafficSchema } from './schemas/traffic.ts';
import { updateSchema } from './schemas/update.ts';
import { routeSchema } from './schemas/verdict.ts';
import {
  importPreviewSchema,
  licencesSchema,
  mirrorTestSchema,
  SETTINGS_SECTIONS,
  settingsViewSchema,
  trialSchema,
} from './settings-change.ts';

const nothing = v.null();
const hosts = v.pipe(list(v.pipe(v.string(), v.minLength(1), v.maxLength(255))), v.minLength(1), v.maxLength(16));
const recording = v.strictObject({ hosts, seconds: v.picklist([10, 30, 60, 120]) });
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Characters of a pasted text; longer logs are for the command line. */
export const MAX_EXPLAINED = 4_000_000;

/** Requests: a window asks, the main process answers. */
export const REQUESTS = {
  'snapshot.get': { input: nothing, output: snapshotSchema },
  'probe.now': { input: v.object({ endpointId: v.nullable(id) }), output: doneSchema },
  /** `minutes` null = until resumed. */
  'monitor.pause': {
    input: v.object({ minutes: v.nullable(v.pipe(v.number(), v.minValue(1), v.maxValue(1440))) }),
    output: doneSchema,
  },
  'monitor.resume': { input: nothing, output: doneSchema },
  'profile.use': { input: v.object({ profileId: id }), output: doneSchema },
  /** Lets the profile run exactly this program from now on, as a person has read it, and switches to it. */
  'profile.allow': {
    input: v.strictObject({ profileId: id, program: v.pipe(v.string(), v.maxLength(4_000)) }),
    output: doneSchema,
  },
  /** With `until`, all switches down to the one with that id. */
  'profile.undo': { input: v.strictObject({ until: v.optional(id) }), output: doneSchema },
  /** What a switch to it would do. */
  'profile.plan': { input: v.object({ profileId: id }), output: planOutcomeSchema },
  'profile.save': {
    input: v.strictObject({
      profile: ownProfileSchema,
      at: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
    }),
    output: doneSchema,
  },
  'profile.delete': { input: v.object({ profileId: id }), output: doneSchema },
  'profile.order': { input: v.object({ ids: v.pipe(list(id), v.maxLength(200)) }), output: doneSchema },
  /** A change made outside: reverted, kept, or kept as a profile. */
  'drift.answer': { input: v.object({ answer: v.picklist(['revert', 'accept', 'adopt']) }), output: doneSchema },
  'lint.get': { input: nothing, output: list(lintFindingSchema) },
  /** Names a finding; the main process applies the fix that it computes itself. */
  'lint.fix': { input: v.strictObject({ rule: lintRuleSchema, subject: v.string() }), output: doneSchema },
  /** How one module resolves under each profile. */
  'routes.get': {
    input: v.object({ modulePath: v.pipe(v.string(), v.maxLength(500)), kind: v.picklist(MODULE_KINDS) }),
    output: list(routeSchema),
  },
  'effective.get': { input: nothing, output: effectiveTableSchema },
  /** Of the folder that was chosen last. */
  'preflight.get': { input: nothing, output: preflightOutcomeSchema },
  /** Starts a diagnosis of a host, a module, or what `go` uses (''); for an outage, if one is given. */
  'doctor.start': {
    input: v.strictObject({ target: v.pipe(v.string(), v.maxLength(500)), incidentId: v.nullable(id) }),
    output: doneSchema,
  },
  /** Applies the settings of a fix of the current diagnosis, by its key. */
  'doctor.fix': { input: v.strictObject({ key: v.picklist(FIX_KEYS) }), output: doneSchema },
  'doctor.cancel': { input: nothing, output: doneSchema },
  /** The running or last diagnosis, and the archived ones, newest first. */
  'doctor.get': {
    input: nothing,
    output: v.object({ current: v.nullable(consultationSchema), archived: list(archivedConsultationSchema) }),
  },
  /** Shows an archived one again. */
  'doctor.reopen': { input: v.object({ startedAt: v.number() }), output: doneSchema },
  /** The current one as a report without private data; null when there is none. */
  'doctor.report': { input: v.object({ format: v.picklist(['md', 'json']) }), output: v.nullable(v.string()) },
  /** Writes a configuration profile for DNS over HTTPS to a path the user chooses. */
  'doctor.doh': { input: nothing, output: doneSchema },
  /** Explains a pasted output of `go` or `git`. */
  'explain.text': {
    input: v.object({ text: v.pipe(v.string(), v.maxLength(MAX_EXPLAINED)) }),
    output: list(explainedSchema),
  },
  /** Downloads a module into an empty cache, traced. */
  'traffic.trace': {
    input: v.strictObject({ module: v.pipe(v.string(), v.maxLength(500)), frames: v.boolean() }),
    output: doneSchema,
  },
  /** Asks the user for a saved trace or a capture, and reads it. */
  'traffic.open': { input: nothing, output: doneSchema },
  /** The plan of a packet recording, shown before macOS asks for a password. */
  'traffic.plan': { input: recording, output: recordingPlanSchema },
  'traffic.record': { input: recording, output: doneSchema },
  'traffic.cancel': { input: nothing, output: doneSchema },
  /** Saves a trace or recording made here to a file the user chooses. */
  'traffic.save': { input: nothing, output: doneSchema },
  'traffic.get': { input: nothing, output: v.nullable(trafficSchema) },
  /** The last reading of macOS's policies, and every use of a password. */
  'policy.get': {
    input: nothing,
    output: v.object({ last: v.nullable(policyReadingSchema), uses: list(policyUseSchema) }),
  },
  /** Reads again; with a password after the user has seen the reason. */
  'policy.read': { input: v.strictObject({ privileged: v.boolean() }), output: policyReadingSchema },
  'policy.reset': {
    input: v.strictObject({
      service: v.pipe(v.string(), v.maxLength(100)),
      bundleId: v.pipe(v.string(), v.maxLength(300)),
    }),
    output: doneSchema,
  },
  /** Opens a pane of System Settings. */
  'policy.settings': {
    input: v.object({ pane: v.picklist(['full-disk-access', 'local-network']) }),
    output: doneSchema,
  },
  'policy.flush-dns': { input: nothing, output: doneSchema },
  /** Asks the user for a folder; null = none was chosen. */
  'folder.choose': { input: nothing, output: v.nullable(v.string()) },
  'endpoint.detail': { input: v.object({ endpointId: id }), output: v.nullable(detailSchema) },
  /** `from` and `to`: epoch ms, at most two years apart. */
  'chart.get': {
    input: v.pipe(
      v.object({ endpointId: id, from: v.number(), to: v.number() }),
      v.check(({ from, to }) => to - from >= 60_000 && to - from <= 800 * 86_400_000, 'a minute to two years'),
    ),
    output: chartSchema,
  },
  /** The open outage that matters most, and what changed here before it; null when there is none. */
  'since.get': { input: nothing, output: v.nullable(outageChangesSchema) },
  'dashboard.get': { input: nothing, output: dashboardSchema },
  /** Compares the mirrors now; answers when it is done. */
  'lag.compare': { input: nothing, output: doneSchema },
  /** Opens the dashboard window, on an endpoint, a page or a section of the settings if one is named. */
  'dashboard.open': {
    input: v.object({
      endpointId: v.nullable(id),
      page: v.optional(v.picklist(DASHBOARD_PAGES)),
      section: v.optional(v.picklist(SETTINGS_PAGES)),
    }),
    output: doneSchema,
  },
  'meter.get': { input: nothing, output: meterSchema },
  /** Every host that is contacted, and why. */
  'contacts.get': {
    input: nothing,
    output: list(v.object({ host: v.string(), reason: v.picklist(CONTACT_REASONS) })),
  },
  /** The name of the current network, and whether it is metered. */
  'network.set': {
    input: v.strictObject({
      name: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(60)))),
      metered: v.optional(v.boolean()),
    }),
    output: doneSchema,
  },
  'drill.start': { input: nothing, output: doneSchema },
  'drill.cancel': { input: nothing, output: doneSchema },
  'preferences.set': { input: preferencesChangeSchema, output: doneSchema },
  /** Mutes notifications for this long; 0 = unmute. */
  'alert.mute': { input: v.object({ minutes: v.picklist([0, 60]) }), output: doneSchema },
  'alert.dismiss': { input: nothing, output: doneSchema },
  'notices.dismiss': { input: nothing, output: doneSchema },
  'notification.test': { input: nothing, output: doneSchema },
  'clipboard.write': { input: v.object({ text: v.pipe(v.string(), v.maxLength(100_000)) }), output: doneSchema },
  'gateway.get': { input: nothing, output: gatewaySchema },
  /** Turns the gateway on or off, in the settings. */
  'gateway.enable': { input: v.strictObject({ enabled: v.boolean() }), output: doneSchema },
  /** Uses the free port that was offered in place of a taken one. */
  'gateway.use-other-port': { input: nothing, output: doneSchema },
  /** Empties the gateway's cache. */
  'gateway.clear': { input: nothing, output: doneSchema },
  /** Whether the chosen folder's project builds from the gateway's cache alone. */
  'prefetch.get': { input: nothing, output: outcomeOf(readinessSchema) },
  /** Fetches what is missing; answers when it has ended. */
  'prefetch.start': { input: nothing, output: outcomeOf(readinessSchema) },
  'prefetch.cancel': { input: nothing, output: doneSchema },
  /** Opens the folder of the cache. */
  'gateway.folder': { input: nothing, output: doneSchema },
  /** All of the settings file, passwords hidden. */
  'settings.get': { input: nothing, output: settingsViewSchema },
  /** Replaces sections of the settings; `revision` is that of the state the change was made on. */
  'settings.change': {
    input: v.strictObject({ revision: v.string(), patch: v.record(v.picklist(SETTINGS_SECTIONS), v.unknown()) }),
    output: doneSchema,
  },
  /** Takes the last change, import or reset back. */
  'settings.undo': { input: nothing, output: doneSchema },
  'settings.reset': { input: nothing, output: doneSchema },
  /** Asks the person for a program or a certificate, and uses it. */
  'settings.choose': { input: v.strictObject({ what: v.picklist(['go', 'git', 'ca']) }), output: doneSchema },
  /** Probes an endpoint that is not saved. */
  'settings.try': { input: v.strictObject({ endpoint: v.unknown() }), output: outcomeOf(trialSchema) },
  /** The git in use; null = none. */
  'settings.git': { input: nothing, output: v.nullable(v.string()) },
  /** Measures the first proxy of each profile: its speed, and whether its copy of a module is the right one. */
  'mirrors.test': { input: nothing, output: mirrorTestSchema },
  /** Keeps what go uses now as a profile. */
  'profile.keep': { input: nothing, output: doneSchema },
  /** Writes all settings to a path the person chooses; the fields whose secrets are left out, null = none was chosen. */
  'settings.export': { input: nothing, output: outcomeOf(v.nullable(texts)) },
  /** Asks the person for a file; null = none was chosen. Nothing is changed. */
  'settings.import-choose': { input: nothing, output: outcomeOf(v.nullable(importPreviewSchema)) },
  /** Takes the file over that was previewed last. */
  'settings.import': { input: nothing, output: doneSchema },
  /** Opens the data folder. */
  'settings.folder': { input: nothing, output: doneSchema },
  /** Writes what a bug report needs, without passwords and names, to a path the person chooses. */
  'settings.diagnostics': { input: nothing, output: doneSchema },
  /** Opens the settings file in the person's editor. */
  'settings.open': { input: nothing, output: doneSchema },
  /** The libraries in the app, with the texts of their licences. */
  'licences.get': { input: nothing, output: licencesSchema },
  'updates.get': { input: nothing, output: updateSchema },
  /** Asks the update servers now. */
  'updates.check': { input: nothing, output: doneSchema },
  /** Ends the app and starts the staged version. */
  'updates.install': { input: nothing, output: doneSchema },
  /** The height the popover's content wants, CSS px. */
  'popover.resize': {
    input: v.object({ height: v.pipe(v.number(), v.minValue(120), v.maxValue(720)) }),
    output: doneSchema,
  },
  'popover.hide': { input: nothing, output: doneSchema },
  'app.quit': { input: nothing, output: doneSchema },
} as const;

export type RequestName = keyof typeof REQUESTS;
export type RequestInput<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['input']>;
export type RequestOutput<N extends RequestName> = v.InferOutput<(typeof REQUESTS)[N]['output']>;

/** Requests that return an Outcome: it can carry a problem. */
export type CommandName = {
  [N in RequestName]: RequestOutput<N> extends { readonly ok: boolean } ? N : never;
}[RequestName];

/** Requests that return data only. */
export type QueryName = Exclude<RequestName, CommandName>;

/** Broadcasts from the main process to every window. */
export const BROADCASTS = {
  'snapshot.changed': snapshotSchema,
  /** Progress of a diagnosis. */
  'doctor.changed': consultationSchema,
  /** Progress of a trace or a capture. */
  'traffic.changed': trafficSchema,
  /** Of the gateway: at most twice a second. */
  'gateway.changed': gatewaySchema,
  'updates.changed': updateSchema,
  /** The dashboard shows this endpoint, page and section of the settings; null = the one it shows already. */
  'dashboard.show': v.object({
    endpointId: v.nullable(id),
    page: v.nullable(v.picklist(DASHBOARD_PAGES)),
    section: v.nullable(v.picklist(SETTINGS_PAGES)),
  }),
  /** Shows a view and puts the focus there: the alert card's remedy, an endpoint, or the settings. */
  'view.show': v.variant('view', [
    v.object({ view: v.literal('overview') }),
    v.object({ view: v.literal('alert') }),
    v.object({ view: v.literal('endpoint'), endpointId: id }),
    v.object({ view: v.literal('settings') }),
  ]),
} as const;

export type BroadcastName = keyof typeof BROADCASTS;
export type BroadcastPayload<N extends BroadcastName> = v.InferOutput<(typeof BROADCASTS)[N]>;

/** What the preload puts on `window.gopherbar`, and nothing more. */
export interface GopherbarApi {
  request<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  /** Returns a function that ends the subscription. */
  on<N extends BroadcastName>(name: N, listener: (payload: BroadcastPayload<N>) => void): () => void;
  /** The system's languages, best first, for the preference `system`. */
  readonly systemLanguages: readonly string[];
  readonly platform: string;
}
