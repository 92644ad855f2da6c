/**
 * The settings file: one JSON object, written by hand or by the app. Every field is optional; unknown fields are kept,
 * so that a file written by a newer version of the same schema loses nothing.
 */
import * as v from 'valibot';
import { CRITICALITIES, ENDPOINT_KINDS, type EndpointKind } from '../domain/endpoint.ts';
import type { Expected } from '../domain/expected.ts';
import { MAX_COOLDOWN_DAYS } from '../domain/gateway.ts';
import { gitSettingProblem } from '../domain/git-setting.ts';
import { isModuleGlob } from '../domain/module-patterns.ts';
import { PROFILE_VARIABLES } from '../domain/profile.ts';
import { DRILL_DAYS, LANGUAGES, REMINDER_HOURS, TRAY_TEXTS } from '../domain/snapshot.ts';
import { DAY_MS, MINUTE_MS } from '../domain/units.ts';
import { quietHoursSchema, shortcutSchema } from './inputs.ts';

/** The version of the file's meaning; a file with a higher one is never written. */
export const SETTINGS_SCHEMA = 1;

/** Where editors find what the file may hold. */
export const SETTINGS_SCHEMA_URL = 'https://gopherbar.dev/schemas/settings.schema.json';

/** A larger file is not a settings file: refused before it is parsed. */
export const MAX_SETTINGS_BYTES = 1024 * 1024;

/** As many as are judged within a minute while a quarter of them hang (monitor.test.ts). */
export const MAX_ENDPOINTS = 200;

/** A smaller cache of the gateway could not hold one toolchain. */
const MIN_CACHE_BYTES = 100_000_000;

/** An object that keeps unknown fields; lists, which valibot takes for objects as well, are refused. */
function object<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(
    v.unknown(),
    v.check((value) => !Array.isArray(value), 'object' satisfies Expected),
    v.looseObject(entries),
  );
}

const id = v.pipe(v.string(), v.regex(/^[A-Za-z0-9._:-]{1,100}$/, 'id' satisfies Expected));
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

/** An address that OTLP can be sent to: HTTP, without a password, query or fragment. */
export const COLLECTOR = /^https?:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/i;

/** What an update server's URL begins with: plain HTTP is for this computer only. */
export const UPDATE_FEED =
  /^https:\/\/[^\s/?#]+(?:\/[^\s?#]*)?$|^http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost)(?::\d+)?(?:\/[^\s?#]*)?$/;

/** `ip:port` of a DNS server, or the URL of one over HTTPS (RFC 8484), without credentials. */
const RESOLVER = /^(?:\[?[0-9a-fA-F.:]+\]?:\d{1,5}|https:\/\/[^\s/?#@]+(?:\/[^\s#@]*)?)$/;

/** One endpoint of the file. */
export const endpointEntrySchema = v.pipe(
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
    v.check(({ kind = 'goproxy', url }) => SCHEMES[kind].test(url), 'url-of-kind' satisfies Expected),
    ['url'],
  ),
);

const byteLimit = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(100_000)));
const modulePath = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9./_~-]{0,250}$/, 'module-path' satisfies Expected),
);

const bilingual = v.union([v.string(), object({ en: v.string(), 'zh-CN': v.string() })]);
const variable = v.pipe(v.string(), v.maxLength(4_000), v.regex(/^[^\r\n\0]*$/, 'one-line' satisfies Expected));

const gitSetting = v.pipe(
  object({ key: v.string(), value: v.nullable(v.string()) }),
  v.check((one) => gitSettingProblem(one) === null, 'git-setting' satisfies Expected),
);
const networkId = v.pipe(v.string(), v.regex(/^[0-9a-f]{12}$/, 'network-id' satisfies Expected));

const profile = object({
  id,
  name: bilingual,
  explanation: v.optional(bilingual),
  variables: v.strictObject(v.entriesFromList(PROFILE_VARIABLES, v.optional(variable))),
  git: v.optional(v.pipe(v.array(gitSetting), v.maxLength(100))),
  /** Ids of known networks. */
  networks: v.optional(v.pipe(v.array(networkId), v.maxLength(50))),
});

/** The fields of the file. */
export const SETTINGS_ENTRIES = {
  /** Where editors find this schema. */
  $schema: v.optional(v.string()),
  schema: v.optional(v.literal(SETTINGS_SCHEMA)),
  preferences: v.optional(
    object({
      language: v.optional(v.picklist(['system', ...LANGUAGES])),
      theme: v.optional(v.picklist(['system', 'light', 'dark'])),
      notifications: v.optional(v.boolean()),
      launchAtLogin: v.optional(v.boolean()),
      shortcut: v.optional(v.nullable(shortcutSchema)),
      quietHours: v.optional(v.nullable(quietHoursSchema)),
      reminderHours: v.optional(v.picklist(REMINDER_HOURS)),
      /** False until the welcome was finished or skipped; absent in files from before there was one. */
      welcomed: v.optional(v.boolean()),
      drillEveryDays: v.optional(v.picklist(DRILL_DAYS)),
      trayText: v.optional(v.picklist(TRAY_TEXTS)),
      failover: v.optional(v.boolean()),
      failoverProfiles: v.optional(v.pipe(v.array(id), v.maxLength(100))),
    }),
  ),
  endpoints: v.optional(v.pipe(v.array(endpointEntrySchema), v.maxLength(MAX_ENDPOINTS))),
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
      resolver: v.optional(v.pipe(v.string(), v.regex(RESOLVER, 'resolver' satisfies Expected))),
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
          v.array(v.pipe(v.string(), v.regex(SCHEMES.dns, 'doctor-resolver' satisfies Expected))),
          v.maxLength(10),
        ),
      ),
      /** During an outage of a public host, read its operator's status feed. */
      statusFeeds: v.optional(v.boolean()),
    }),
  ),
  /** The git to use; found as a terminal would when absent. */
  git: v.optional(object({ path: v.optional(v.string()) })),
  /** The local GOPROXY of the app and of `gopherbar gateway`. */
  gateway: v.optional(
    object({
      enabled: v.optional(v.boolean()),
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65_535))),
      /** Base URLs in the order of preference; the module proxies among the endpoints when absent. */
      upstreams: v.optional(
        v.pipe(v.array(v.pipe(v.string(), v.regex(SCHEMES.goproxy, 'proxy-url' satisfies Expected))), v.maxLength(20)),
      ),
      cacheBytes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(MIN_CACHE_BYTES))),
      containers: v.optional(v.boolean()),
      allowUnverified: v.optional(v.boolean()),
      /** Versions younger than this are held back; 0 or absent = none are. */
      cooldownDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_COOLDOWN_DAYS))),
      /** Globs of modules that the cooldown lets through, as in GOPRIVATE. */
      cooldownExcept: v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.maxLength(200), v.check(isModuleGlob, 'module-pattern' satisfies Expected))),
          v.maxLength(200),
        ),
      ),
    }),
  ),
  metrics: v.optional(
    object({
      /** Metrics for Prometheus on 127.0.0.1; off while there is no port. */
      port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65_535))),
      /** An OpenTelemetry collector that takes OTLP over HTTP; nothing is sent while there is none. */
      collector: v.optional(
        v.pipe(v.string(), v.maxLength(500), v.regex(COLLECTOR, 'collector-url' satisfies Expected)),
      ),
    }),
  ),
  /** Updates of the app. */
  updates: v.optional(
    object({
      enabled: v.optional(v.boolean()),
      /** Base URLs of update servers, in the order in which they are tried. */
      feeds: v.optional(
        v.pipe(
          v.array(v.pipe(v.string(), v.maxLength(500), v.regex(UPDATE_FEED, 'update-url' satisfies Expected))),
          v.maxLength(5),
        ),
      ),
    }),
  ),
  demo: v.optional(v.boolean()),
};

/** The schema of the file. */
export const settingsFileSchema = object(SETTINGS_ENTRIES);

/** The file as it is written: every field may be absent. */
export type SettingsFileContent = v.InferOutput<typeof settingsFileSchema>;

export type EndpointEntry = v.InferOutput<typeof endpointEntrySchema>;

/** The fields of an endpoint that cannot be right, each once; [] = it is valid. */
export function endpointFaults(entry: unknown): readonly string[] {
  const checked = v.safeParse(endpointEntrySchema, entry);
  if (checked.success) return [];
  return [...new Set(checked.issues.map((issue) => v.getDotPath(issue)?.split('.')[0] ?? 'url'))];
}
