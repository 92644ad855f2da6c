import { expect, test } from 'vitest';
import { isManaged } from './managed-fields.ts';

test('a setting is managed when it, a part of it, or what it is a part of is', () => {
  const managed = ['preferences.theme', 'endpoints', 'gateway.port'];
  expect(
    ['preferences.theme', 'endpoints', 'endpoints.0.url', 'gateway'].map((one) => isManaged(one, managed)),
  ).toEqual([true, true, true, true]);
  expect(
    ['preferences.themes', 'preferences.language', 'gateway.portal', 'go'].filter((one) => isManaged(one, managed)),
  ).toEqual([]);
  expect(isManaged('preferences.theme', [])).toBe(false);
});
