import { expect, it } from 'vitest';
import { bundledLicences, licencesText } from './licences.ts';

const licences = bundledLicences();

it('lists what is in the app, what that needs in turn, and nothing that only builds or tests it', () => {
  const names = licences.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['react', 'undici', 'electron', 'electron-updater', 'js-yaml']));
  expect(names).not.toContain('vitest');
  expect(names).not.toContain('@electron/get');
});

it('has a licence and its whole text for each, by a rights holder', () => {
  for (const { name, licence, text } of licences) {
    expect(licence, name).toMatch(/^[A-Za-z0-9.-]+$/);
    expect(text.length, name).toBeGreaterThan(400);
  }
  // Names MIT in its package.json, and brings no text.
  expect(licences.find(({ name }) => name === 'lazy-val')?.text).toContain('Copyright (c) Vladimir Krivosheev');
});

it('gives all of them as one text', () => {
  const text = licencesText(licences);
  for (const { name, version } of licences) expect(text).toContain(`${name} ${version} (`);
});
