/** Published schemas (docs/schemas) as assertions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'schemas');
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const compiled = new Map<string, ValidateFunction>();

/** Fails unless a value follows docs/schemas/NAME.schema.json. */
export function expectSchema(name: string, value: unknown): void {
  const isValid =
    compiled.get(name) ?? ajv.compile(JSON.parse(readFileSync(join(FOLDER, `${name}.schema.json`), 'utf8')));
  compiled.set(name, isValid);
  expect(isValid(value), `${name}: ${ajv.errorsText(isValid.errors)}`).toBe(true);
}
