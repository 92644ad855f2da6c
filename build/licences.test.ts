import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { bundledLicences, LICENCES_FILE } from './licences.ts';

it('lists what is in the app (otherwise: npm run licences)', () => {
  const written: unknown = JSON.parse(readFileSync(LICENCES_FILE, 'utf8'));
  expect(written).toEqual(bundledLicences());
  expect(bundledLicences().map(({ name }) => name)).toEqual(expect.arrayContaining(['react', 'undici', 'electron']));
});
