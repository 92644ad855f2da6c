/**
 * The settings file: one JSON object, written by hand or by the app. Every field is optional; unknown fields are kept,
 * so that a file written by a newer version of the same schema loses nothing.
 */
import * as v from 'valibot';
import { quietHoursSchema } from '../../shared/contract/inputs.ts';
import {
  CRITICALITIES,
  DEFAULT_LIMITS,
  ENDPOINT_KINDS,
  type Endpoint,
  type EndpointKind,
  type Limits,
  parseModuleVersion,
} from '../../shared/domain/endpoint.ts';
import { gitSettingProblem } from '../../shared/domain/git-setting.ts';
import { displayName } from '../../shared/domain/goproxy-list.ts';
import type { KnownNetwork } from '../../shared/domain/network.ts';
import { PROFILE_VARIABLES, type Profile } from '../../shared/domain/profile.ts';
import { DRILL_DAYS, LANGUAGES, type Preferences, REMINDER_HOURS } from '../../shared/domain/snapshot.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../../shared/domain/status.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../shared/domain/units.ts';

/** The version of the file's meaning; a file with a higher one is never written. */
export const SETTINGS_SCHEMA = 1;

/** A larger file is not a settings file: refused before it is parsed. */
export const MAX_SETTINGS_BYTES = 1024 * 1024;

/** As many as are judged within a minute while a quarter of them hang (monitor.test.ts). */
export const MAX_ENDPOINTS = 200;

/** An object that keeps unknown fields; lists, which valibot takes for objects as well, are refused. */
function object<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), 'an object'),
    v.looseObject(entries),
  );
}

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,100}$/, 'letters, digits and . _ : - only'));
const limitMs = v.pipe(v.number(), v.minValue(10), v.maxValue(5 * MINUTE_MS));
// Below a second is only useful in tests, which need it.
const intervalMs = v.pipe(v.number(), v.minValue(200), v.maxValue(DAY_MS));

const phaseLimits = object({
  dialMs: v.optional(limitMs),
  tlsMs: v.optional(limitMs),
  headerMs: v.optional(limitMs),
  totalMs: v.optional(limitMs),
});
const limits = object({ soft: v.optional(phaseLimits), hard: v.optional(phaseLimits) });

/** What a URL of each kind begins with. */
const SCHEMES: Readonly<Record<EndpointKind, RegExp>> = {
  goproxy: /^https?:\/\/[^\s/]+/,
  sumdb: /^https?:\/\/[^\s/]+/,
  vcs: /^https?:\/\/[^\s/]+/,
  dns: /^(?:udp|tcp|tls|https):\/\/[^\s/]+/,
  'forward-proxy': /^(?:https?|socks5h?):\/\/[^\s/]+/,
  module: /^module:\/\/[^\s@]+@[^\s@]+$/,
};

/** `ip:port` of a DNS server, or the URL of one over HTTPS (RFC 8484), without credentials. */
const RESOLVER = /^(?:\[?[0-9a-fA-F.:]+\]?:\d{1,5}|https:\/\/[^\s/?#@]+(?:\/[^\s#@]*)?)$/;

const endpoint = v.pipe(
  object({
    id: v.optional(id),
    kind: v.optional(v.picklist(ENDPOINT_KINDS)),
    name: v.optional(v.pipe(v.string(), v.maxLength(200))),
    url: v.string(),
    module: v.optional(object({ path: v.string(), version: v.string() })),
    /** sumdb: the verifier key. */
    key: v.optional(v.string()),
    /** dns: the name to resolve; forward-proxy: the URL to request through it. */
    target: v.optional(v.string()),
    criticality: v.optional(v.picklist(CRITICALITIES)),
    quietHours: v.optional(quietHoursSchema),
    limits: v.optional(limits),
  }),
  v.forward(
    v.check(({ kind = 'goproxy', url }) => SCHEMES[kind].test(url), 'a URL of its kind, such as https://goproxy.cn'),
    ['url'],
  ),
);

const byteLimit = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(100_000)));
const modulePath = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9./_~-]{0,250}$/, 'a module path'));

const bilingual = v.union([v.string(), object({ en: v.string(), 'zh-CN': v.string() })]);
const variable = v.pipe(v.string(), v.maxLength(4_000), v.regex(/^[^\r\n\0]*$/, 'one line'));

const gitSetting = v.pipe(
  object({ key: v.string(), value: v.nullable(v.string()) }),
  v.check((one) => gitSettingProblem(one) === null, 'a git setting that a profile may hold, such as http.proxy'),
);
const networkId = v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/, 'a network’s id'));

const profile = object({
  id,
  name: bilingual,
  explanation: v.optional(bilingual),
  variables: v.strictObject(v.entriesFromList(PROFILE_VARIABLES, v.optional(variable))),
  git: v.optional(v.pipe(v.array(gitSetting), v.maxLength(100))),
  /** Ids of known networks. */
  networks: v.optional(v.pipe(v.array(networkId), v.maxLength(50))),
});

/** The schema of the file. */
export const settingsFileSchema = object({
  schema: v.optional(v.literal(SETTINGS_SCHEMA)),
  preferences: v.optional(
    object({
      language: v.optional(v.picklist(['system', ...LANGUAGES])),
      theme: v.optional(v.picklist(['system', 'light', 'dark'])),
      notifications: v.optional(v.boolean()),
      launchAtLogin: v.optional(v.boolean()),
      quietHours: v.optional(v.nullable(quietHoursSchema)),
      reminderHours: v.optional(v.picklist(REMINDER_HOURS)),
      drillEveryDays: v.optional(v.picklist(DRILL_DAYS)),
      failover: v.optional(v.boolean()),
      failoverProfiles: v.optional(v.pipe(v.array(id), v.maxLength(100))),
    }),
  ),
  endpoints: v.optional(v.pipe(v.array(endpoint), v.maxLength(MAX_ENDPOINTS, `at most ${MAX_ENDPOINTS} endpoints`))),
  /** Networks as the person named and marked them. */
  networks: v.optional(
    v.pipe(
      v.array(
        object({
          id: networkId,
          name: v.optional(v.pipe(v.string(), v.maxLength(60))),
          metered: v.optional(v.boolean()),
        }),
      ),
      v.maxLength(500),
    ),
  ),
  /** Bytes that probes may use per day; null = no limit. */
  bytesPerDay: v.optional(object({ usual: v.optional(byteLimit), metered: v.optional(byteLimit) })),
  /** Modules whose latest versions are compared across mirrors. */
  watchedModules: v.optional(v.pipe(v.array(modulePath), v.maxLength(20))),
  /** The user's own profiles, before the built-in ones. */
  profiles: v.optional(v.pipe(v.array(profile), v.maxLength(100))),
  builtInProfiles: v.optional(v.boolean()),
  /** Ids in the order in which profiles are listed; the others follow. */
  profileOrder: v.optional(v.pipe(v.array(id), v.maxLength(200))),
  intervals: v.optional(object({ visibleMs: v.optional(intervalMs), hiddenMs: v.optional(intervalMs) })),
  thresholds: v.optional(
    object({
      failuresToDown: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20))),
      successesToUp: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(20))),
    }),
  ),
  limits: v.optional(limits),
  network: v.optional(
    object({
      resolver: v.optional(v.pipe(v.string(), v.regex(RESOLVER, 'ADDRESS:PORT or https://…'))),
    }),
  ),
  /** Paths of PEM files, or PEM texts. */
  trust: v.optional(object({ extraCa: v.optional(v.array(v.string())) })),
  go: v.optional(object({ path: v.optional(v.string()), allowedPrograms: v.optional(v.array(v.string())) })),
  /** Resolvers that the doctor compares with the system's. */
  doctor: v.optional(
    object({
      resolvers: v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.regex(SCHEMES.dns, 'a resolver, such as udp://223.5.5.5'))),
          v.maxLength(10),
        ),
      ),
    }),
  ),
  demo: v.optional(v.boolean()),
});

export type SettingsFileContent = v.InferOutput<typeof settingsFileSchema>;

/** The effective settings: the file's values over the defaults. */
export interface Settings {
  readonly preferences: Preferences;
  readonly endpoints: readonly Endpoint[];
  readonly networks: readonly KnownNetwork[];
  readonly bytesPerDay: { readonly usual: number | null; readonly metered: number | null };
  readonly watchedModules: readonly string[];
  readonly profiles: readonly Profile[];
  readonly builtInProfiles: boolean;
  readonly profileOrder: readonly string[];
  readonly intervals: { readonly visibleMs: number; readonly hiddenMs: number };
  readonly thresholds: Thresholds;
  readonly limits: Limits;
  readonly resolver: string | undefined;
  readonly extraCa: readonly string[];
  readonly goPath: string | undefined;
  /** Programs that GOAUTH of a profile may make `go` run: confirmed once each. */
  readonly allowedPrograms: readonly string[];
  /** URLs of resolvers that only the doctor queries. */
  readonly doctorResolvers: readonly string[];
  readonly demo: boolean;
}

const DEFAULT_ENDPOINTS = ['https://goproxy.cn', 'https://proxy.golang.org', 'https://goproxy.io'];

/** In and outside of mainland China, over UDP, TLS and HTTPS; by address, because names may not resolve. */
const DEFAULT_RESOLVERS = [
  'udp://8.8.8.8',
  'udp://223.5.5.5',
  'tls://223.5.5.5',
  'https://223.5.5.5/dns-query',
  'https://1.1.1.1/dns-query',
];

/** Released often, and widely used. */
const DEFAULT_WATCHED = ['golang.org/x/net', 'golang.org/x/tools'];

/** Fills in the defaults. */
export function settingsFrom(content: SettingsFileContent): Settings {
  return {
    preferences: {
      language: 'system',
      theme: 'system',
      notifications: true,
      launchAtLogin: false,
      quietHours: null,
      reminderHours: 0,
      drillEveryDays: 0,
      failover: false,
      failoverProfiles: [],
      ...content.preferences,
    },
    endpoints: unique((content.endpoints ?? DEFAULT_ENDPOINTS.map((url) => ({ url }))).map(readEndpoint)),
    networks: content.networks ?? [],
    // Ten endpoints every half minute need about 170 MB, mostly certificates.
    bytesPerDay: { usual: 300_000_000, metered: 20_000_000, ...content.bytesPerDay },
    watchedModules: content.watchedModules ?? DEFAULT_WATCHED,
    profiles: (content.profiles ?? []).map((one) => ({
      explanation: '',
      git: [],
      networks: [],
      ...one,
      builtIn: false,
    })),
    builtInProfiles: content.builtInProfiles ?? true,
    profileOrder: content.profileOrder ?? [],
    intervals: { visibleMs: 15 * SECOND_MS, hiddenMs: 30 * SECOND_MS, ...content.intervals },
    thresholds: { ...DEFAULT_THRESHOLDS, ...content.thresholds },
    limits: {
      soft: { ...DEFAULT_LIMITS.soft, ...content.limits?.soft },
      hard: { ...DEFAULT_LIMITS.hard, ...content.limits?.hard },
    },
    resolver: content.network?.resolver,
    extraCa: content.trust?.extraCa ?? [],
    goPath: content.go?.path,
    allowedPrograms: content.go?.allowedPrograms ?? [],
    doctorResolvers: content.doctor?.resolvers ?? DEFAULT_RESOLVERS,
    demo: content.demo ?? false,
  };
}

function readEndpoint(entry: v.InferOutput<typeof endpoint>): Endpoint {
  const url = entry.url.replace(/(?<!\/)\/+$/, '');
  const kind = entry.kind ?? 'goproxy';
  const isModule = kind === 'module';
  const name = isModule ? url.slice('module://'.length) : displayName(url);
  const module = isModule ? parseModuleVersion(name) : entry.module;
  const { key, target, criticality, quietHours, limits } = entry;
  // The same host may be listed as several kinds.
  const ownId = kind === 'goproxy' ? name : `${kind}:${name}`;
  return {
    id: entry.id ?? ownId.replace(/[^A-Za-z0-9._:-]/g, '-').slice(0, 100),
    kind,
    name: entry.name ?? name,
    url,
    ...(module === null || module === undefined ? {} : { module: { path: module.path, version: module.version } }),
    ...(key === undefined ? {} : { key }),
    ...(target === undefined ? {} : { target }),
    ...(criticality === undefined ? {} : { criticality }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(limits === undefined ? {} : { limits }),
  };
}

/** The first of each id wins: history is keyed by it. */
function unique(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const seen = new Set<string>();
  return endpoints.filter(({ id }) => !seen.has(id) && seen.add(id));
}
