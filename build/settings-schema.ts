/** Writes docs/schemas/settings.schema.json from the schema that checks the settings file. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { settingsFileSchema } from '../shared/contract/settings-schema.ts';

/** Where it is kept. */
export const SCHEMA_FILE = join(import.meta.dirname, '..', 'docs', 'schemas', 'settings.schema.json');

/** The JSON schema; checks that JSON schema cannot express (a URL of its kind, hours) are left to the app. */
export function settingsJsonSchema(): object {
  const { $schema, ...rest } = toJsonSchema(settingsFileSchema, { errorMode: 'ignore', typeMode: 'output' });
  return {
    $schema,
    $id: 'https://gopherbar.dev/schemas/settings.schema.json',
    title: 'Gopherbar settings.json, schema 1',
    description: 'Every field is optional. Comments and trailing commas are accepted; unknown fields are kept.',
    ...rest,
  };
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(SCHEMA_FILE, JSON.stringify(settingsJsonSchema(), null, 2));
  execFileSync('npx', ['biome', 'format', '--write', SCHEMA_FILE], { stdio: 'inherit' });
}
