import { expect, it } from 'vitest';
import type { SettingsFileContent } from '../../shared/contract/settings-schema.ts';
import { layered, lockedKeys, managedFrom, overruledKeys, personsChange, sourceOf } from './managed.ts';

const PERSON: SettingsFileContent = {
  preferences: { theme: 'dark', notifications: false },
  endpoints: [{ url: 'https://own.test' }],
};
const MANAGED: SettingsFileContent = {
  preferences: { notifications: true },
  endpoints: [{ url: 'https://company.test' }],
  bytesPerDay: { metered: null },
};

it('puts managed over the person’s, field by field, and lists as a whole', () => {
  expect(layered(PERSON, MANAGED)).toEqual({
    preferences: { theme: 'dark', notifications: true },
    endpoints: [{ url: 'https://company.test' }],
    bytesPerDay: { metered: null },
  });
  expect(layered(PERSON, {})).toEqual(PERSON);
});

it.each([
  ['preferences.notifications', 'managed'],
  ['preferences.theme', 'person'],
  ['preferences.language', 'default'],
  ['preferences', 'managed'],
  ['endpoints.0.url', 'managed'],
  ['endpoints.7.url', 'managed'],
  ['bytesPerDay.metered', 'managed'],
  ['bytesPerDay.usual', 'default'],
  ['intervals', 'default'],
])('%s is %s', (key, source) => {
  expect(sourceOf(key.split('.'), PERSON, MANAGED)).toBe(source);
});

it('refuses another value in the place of a managed one: set, replaced or removed', () => {
  const change = (after: SettingsFileContent) => {
    const done = personsChange(PERSON, after, MANAGED);
    return done.ok ? done.value : done.problem.params.field;
  };
  const theme = { ...PERSON, preferences: { ...PERSON.preferences, theme: 'light' as const } };
  expect(change(theme)).toEqual(theme);
  expect(change({ ...PERSON, preferences: { theme: 'dark' } })).toBe('preferences.notifications');
  expect(change({ ...PERSON, endpoints: [] })).toBe('endpoints');
  expect(change({ ...PERSON, bytesPerDay: { metered: 1_000_000 } })).toBe('bytesPerDay.metered');
});

it('keeps managed values of a whole section out of the person’s file', () => {
  const after = { ...PERSON, bytesPerDay: { metered: null, usual: 5_000_000 } };
  expect(personsChange(PERSON, after, MANAGED)).toEqual({
    ok: true,
    value: { ...PERSON, bytesPerDay: { usual: 5_000_000 } },
  });
});

it('names what the person’s file sets in vain', () => {
  expect(overruledKeys(PERSON, MANAGED)).toEqual(['preferences.notifications', 'endpoints']);
  expect(overruledKeys(MANAGED, MANAGED)).toEqual([]);
});

it('takes known settings only, and none of a file with a mistake', () => {
  const read = (text: string) => managedFrom(Buffer.from(text), '/etc/gopherbar/managed.json');
  const { values, problem } = read('{"PayloadUUID":"x","demo":true,"preferences":{"theme":"light"}}');
  expect({ locked: lockedKeys(values), problem }).toEqual({ locked: ['preferences.theme'], problem: null });
  expect(read('{\n  "preferences": {\n    "theme": "pink"\n  }\n}')).toMatchObject({
    values: {},
    problem: { key: 'managed-invalid', params: { line: 3, field: 'preferences.theme', expected: 'one-of' } },
  });
  expect(read('{').problem).toMatchObject({ key: 'managed-invalid' });
});
