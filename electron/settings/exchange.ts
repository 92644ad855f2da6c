/**
 * Settings as a file to keep or to share, and what taking such a file over would do. A file from elsewhere is data: it
 * names no program, and gets no password that belongs to another address. Pure.
 */
import { SETTINGS_SECTIONS, type SettingChange } from '../../shared/contract/settings-change.ts';
import {
  SETTINGS_SCHEMA,
  SETTINGS_SCHEMA_URL,
  type SettingsFileContent,
} from '../../shared/contract/settings-schema.ts';
import { isGoauthData } from '../../shared/domain/goauth.ts';
import { HIDDEN, hideSecrets, isSecretName, restoreEntries } from '../../shared/domain/secrets.ts';
import { type ImportWeakening, weakeningsOf } from '../../shared/domain/weakenings.ts';
import { changedSections } from './apply-patch.ts';
import { settingsFrom } from './effective-settings.ts';
import { kept, lockedKeys, overruledKeys } from './managed.ts';
import { changedValues } from './setting-changes.ts';
import type { SettingValue } from './setting-path.ts';

/** Everything of the file that an export holds and an import takes over. */
const EXCHANGED = ['preferences', ...SETTINGS_SECTIONS, 'profiles', 'profileOrder'] as const;

const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g;

/** Changes beyond this number are not listed. */
const MAX_CHANGES = 500;

/** The text of a file with all settings; `hidden` names the fields whose secrets are left out. */
export function exportSettings(content: SettingsFileContent): {
  readonly text: string;
  readonly hidden: readonly string[];
} {
  const hidden: string[] = [];
  const set = EXCHANGED.flatMap((section) => (content[section] === undefined ? [] : [[section, content[section]]]));
  const values = mapTexts(Object.fromEntries(set), (text, path) => {
    const name = path.at(-1) ?? '';
    const clean = isSecretName(String(name)) && text !== '' ? HIDDEN : hideSecrets(text.replace(PRIVATE_KEY, HIDDEN));
    if (clean !== text) hidden.push(path.join('.'));
    return clean;
  });
  const file = { $schema: SETTINGS_SCHEMA_URL, schema: SETTINGS_SCHEMA, ...(values as SettingsFileContent) };
  return { text: `${JSON.stringify(file, null, 2)}\n`, hidden };
}

/** What taking a file over would do. */
export interface ImportOffer {
  /** The settings afterwards, in the form of the file. */
  readonly next: SettingsFileContent;
  /** Sections whose values differ. */
  readonly sections: readonly string[];
  readonly changes: readonly SettingChange[];
  readonly weakenings: readonly ImportWeakening[];
  /** Programs that the file names, as paths or `GOAUTH=…`. */
  readonly leftOut: readonly string[];
  /** Managed values that the file has another value for: left out, too. */
  readonly locked: readonly string[];
  /** Fields whose secrets are neither in the file nor known here. */
  readonly missing: readonly string[];
}

/**
 * Sections that the file does not name get their defaults again, as on the computer it came from. Values that an
 * organization manages stay.
 */
export function offerImport(
  present: SettingsFileContent,
  file: SettingsFileContent,
  managed: SettingsFileContent = {},
): ImportOffer {
  const programs = withoutPrograms(file, present);
  const { value, missing } = withSecrets(programs.next, present);
  const wished: SettingsFileContent = { ...present, ...pick(value, present) };
  const next = lockedKeys(managed).reduce(
    (content: SettingValue, key) => kept(present, content, key),
    wished,
  ) as SettingsFileContent;
  return {
    next,
    sections: changedSections(present, next, EXCHANGED),
    changes: changedValues(present, next).slice(0, MAX_CHANGES),
    weakenings: weakeningsIn(present, next),
    leftOut: programs.leftOut,
    locked: overruledKeys(wished, managed),
    missing,
  };
}

/** Programs are chosen on this computer: what a file from elsewhere names is left out. */
function withoutPrograms(file: SettingsFileContent, present: SettingsFileContent) {
  const known = [present.go?.path, present.git?.path, ...(present.go?.allowedPrograms ?? [])];
  const named = [file.go?.path, file.git?.path, ...(file.go?.allowedPrograms ?? [])];
  const leftOut = named.flatMap((one) => (one === undefined || known.includes(one) ? [] : [one]));
  const profiles = file.profiles?.map((profile) => {
    const { GOAUTH = '', ...others } = profile.variables;
    const same = present.profiles?.find(({ id }) => id === profile.id)?.variables.GOAUTH;
    if (isGoauthData(GOAUTH) || GOAUTH === same) return profile;
    leftOut.push(hideSecrets(`GOAUTH=${GOAUTH}`));
    return { ...profile, variables: others };
  });
  const next = { ...file, go: present.go, git: present.git, ...(profiles === undefined ? {} : { profiles }) };
  return { next, leftOut };
}

/** Puts the secrets back that an export left out, for addresses that are the same here; the other marks are removed. */
function withSecrets(file: SettingsFileContent, present: SettingsFileContent) {
  const known: string[] = [];
  mapTexts(present, (text) => {
    known.push(text);
    return text;
  });
  const missing: string[] = [];
  const value = mapTexts(file, (text, path) => {
    const restored = restoreEntries(text, known);
    if (!restored.includes(HIDDEN)) return restored;
    missing.push(path.join('.'));
    return restored.replaceAll(`:${HIDDEN}@`, '@').replaceAll(`${HIDDEN}@`, '').replaceAll(HIDDEN, '');
  });
  return { value: value as SettingsFileContent, missing };
}

function pick(next: SettingsFileContent, present: SettingsFileContent): Partial<SettingsFileContent> {
  const picked: Record<string, unknown> = {};
  for (const section of EXCHANGED)
    if (next[section] !== undefined || present[section] !== undefined) picked[section] = next[section];
  return picked;
}

/** What `next` checks less, or trusts more, than the present settings. */
function weakeningsIn(present: SettingsFileContent, next: SettingsFileContent): readonly ImportWeakening[] {
  const known = new Set((present.profiles ?? []).map((one) => JSON.stringify(one)));
  const profiles = settingsFrom({ profiles: next.profiles?.filter((one) => !known.has(JSON.stringify(one))) }).profiles;
  const roots = added(next.trust?.extraCa, present.trust?.extraCa);
  const urls = [
    ...added(
      next.endpoints?.map(({ url }) => url),
      present.endpoints?.map(({ url }) => url),
    ),
    ...added(next.gateway?.upstreams, present.gateway?.upstreams),
  ];
  const { resolver } = next.network ?? {};
  const turnedOn = (name: 'allowUnverified' | 'containers') =>
    next.gateway?.[name] === true && present.gateway?.[name] !== true;
  return [
    ...profiles.flatMap(weakeningsOf),
    ...urls.flatMap((GOPROXY) => weakeningsOf({ variables: { GOPROXY }, git: [] })),
    ...roots.map((value) => ({ key: 'extra-ca' as const, value: value.slice(0, 200) })),
    ...(resolver === undefined || resolver === present.network?.resolver
      ? []
      : [{ key: 'resolver' as const, value: resolver }]),
    ...(turnedOn('allowUnverified') ? [{ key: 'gateway-unverified' as const, value: 'gateway.allowUnverified' }] : []),
    ...(turnedOn('containers') ? [{ key: 'gateway-containers' as const, value: 'gateway.containers' }] : []),
    ...cooldown(present.gateway, next.gateway).map((value) => ({ key: 'gateway-cooldown' as const, value })),
    ...added(next.updates?.feeds, present.updates?.feeds).map((value) => ({ key: 'update-server' as const, value })),
    ...added(collectorOf(next), collectorOf(present)).map((value) => ({ key: 'metrics-collector' as const, value })),
  ];
}

const collectorOf = ({ metrics }: SettingsFileContent): readonly string[] =>
  metrics?.collector === undefined ? [] : [metrics.collector];

/** What lets young versions through sooner than the present settings. */
function cooldown(present: SettingsFileContent['gateway'], next: SettingsFileContent['gateway']): readonly string[] {
  const isShorter = (next?.cooldownDays ?? 0) < (present?.cooldownDays ?? 0);
  return [
    ...(isShorter ? [`gateway.cooldownDays ${next?.cooldownDays ?? 0}`] : []),
    ...added(next?.cooldownExcept, present?.cooldownExcept),
  ];
}

function added(next: readonly string[] | undefined, present: readonly string[] | undefined): readonly string[] {
  return (next ?? []).filter((one) => present?.includes(one) !== true);
}

/** A copy of a value with other texts in it; names of fields stay. */
function mapTexts(
  value: unknown,
  map: (text: string, path: readonly (string | number)[]) => string,
  path: readonly (string | number)[] = [],
): unknown {
  if (typeof value === 'string') return map(value, path);
  if (Array.isArray(value)) return value.map((one, i) => mapTexts(one, map, [...path, i]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapTexts(one, map, [...path, name])]));
}
