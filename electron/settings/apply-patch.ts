/** A window's change of the settings: checked against the schema and against what a window may do. Pure. */
import * as v from 'valibot';
import { mistakeOf } from '../../shared/contract/mistake.ts';
import {
  type SettingsPatch,
  type SettingsSection,
  settingsPatchSchema,
} from '../../shared/contract/settings-change.ts';
import {
  type EndpointEntry,
  endpointEntrySchema,
  type SettingsFileContent,
} from '../../shared/contract/settings-schema.ts';
import { failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import { restoreSecrets } from '../../shared/domain/secrets.ts';
import { DEFAULT_ENTRIES, readEndpoint } from './effective-settings.ts';

/**
 * The content after a patch. Problems: setting-invalid (names the field), setting-secret-hidden, endpoint-twice,
 * setting-refused (a program or file that did not come from a picker).
 */
export function applyPatch(content: SettingsFileContent, patch: unknown): Outcome<SettingsFileContent> {
  const checked = v.safeParse(settingsPatchSchema, patch);
  if (!checked.success) {
    const [issue] = checked.issues;
    return failed('setting-invalid', { ...mistakeOf(issue) });
  }
  const refused = refusedField(content, checked.output);
  if (refused !== null) return failed('setting-refused', { field: refused });
  const { endpoints, ...others } = checked.output;
  const next: Record<string, unknown> = { ...content };
  for (const [section, value] of Object.entries(others)) {
    if (value === null || value === undefined) delete next[section];
    else next[section] = value;
  }
  const upstreams = others.gateway?.upstreams;
  if (upstreams !== undefined) {
    const known = content.gateway?.upstreams ?? [];
    const whole = upstreams.map((url) => restoreSecrets(url, known));
    const hidden = whole.indexOf(null);
    if (hidden >= 0) return failed('setting-secret-hidden', { name: upstreams[hidden] ?? '' });
    next.gateway = { ...others.gateway, upstreams: whole };
  }
  if (endpoints === undefined) return succeeded(next as SettingsFileContent);
  if (endpoints === null) {
    delete next.endpoints;
    return succeeded(next as SettingsFileContent);
  }
  const restored = restoreEndpoints(endpoints, content.endpoints ?? DEFAULT_ENTRIES);
  return restored.ok ? succeeded({ ...next, endpoints: [...restored.value] } as SettingsFileContent) : restored;
}

/** An endpoint as a window sends it. Problem: setting-invalid. */
export function checkEntry(entry: unknown): Outcome<EndpointEntry> {
  const checked = v.safeParse(endpointEntrySchema, entry);
  if (checked.success) return succeeded(checked.output);
  const [issue] = checked.issues;
  return failed('setting-invalid', { ...mistakeOf(issue) });
}

/** The sections of a patch whose values changed between two contents. */
export function changedSections(
  a: SettingsFileContent,
  b: SettingsFileContent,
  sections: readonly string[],
): readonly string[] {
  const of = (content: SettingsFileContent, section: string) =>
    JSON.stringify(content[section as SettingsSection] ?? null);
  return sections.filter((section) => of(a, section) !== of(b, section));
}

/** The first field that only a picker may set. */
function refusedField(content: SettingsFileContent, { go, git, trust }: SettingsPatch): string | null {
  if (go?.path !== undefined && go.path !== content.go?.path) return 'go.path';
  if (git?.path !== undefined && git.path !== content.git?.path) return 'git.path';
  const isNew = (known: readonly string[] | undefined) => (one: string) => known?.includes(one) !== true;
  if (go?.allowedPrograms?.some(isNew(content.go?.allowedPrograms))) return 'go.allowedPrograms';
  return trust?.extraCa?.some(isNew(content.trust?.extraCa)) ? 'trust.extraCa' : null;
}

/** Puts hidden passwords back, and refuses what is listed twice: history is keyed by the id. */
function restoreEndpoints(
  endpoints: readonly EndpointEntry[],
  before: readonly EndpointEntry[],
): Outcome<readonly EndpointEntry[]> {
  const known = before.flatMap(({ url, target }) => [url, ...(target === undefined ? [] : [target])]);
  const ids = new Set<string>();
  const restored: EndpointEntry[] = [];
  for (const entry of endpoints) {
    const url = restoreSecrets(entry.url, known);
    const target = entry.target === undefined ? undefined : restoreSecrets(entry.target, known);
    if (url === null || target === null) return failed('setting-secret-hidden', { name: entry.name ?? entry.url });
    const whole = { ...entry, url, ...(target === undefined ? {} : { target }) };
    const { id, name } = readEndpoint(whole);
    if (ids.has(id)) return failed('endpoint-twice', { name });
    ids.add(id);
    restored.push(whole);
  }
  return succeeded(restored);
}
