import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, it } from 'vitest';
import { SCHEMA_FILE, settingsJsonSchema } from './settings-schema.ts';

const written = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as object;

it('is as the code has it (otherwise: npm run settings:schema)', () => {
  expect(written).toEqual(JSON.parse(JSON.stringify(settingsJsonSchema())));
});

it('accepts a usual file and names a wrong field', () => {
  const validate = new Ajv({ allErrors: true }).compile(written);
  expect(validate({ schema: 1, endpoints: [{ url: 'https://goproxy.cn' }], later: true })).toBe(true);
  expect(validate({ intervals: { visibleMs: 'soon' } })).toBe(false);
  expect(validate.errors?.[0]?.instancePath).toBe('/intervals/visibleMs');
});
