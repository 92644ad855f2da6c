import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Profile } from '../domain/profile.ts';
import { problemText, translator } from '../messages/messages.ts';
import { exportProfiles, importProfiles } from './profile-exchange.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schemas/profiles.schema.json'), 'utf8'));
const isValid = new Ajv({ strict: false }).compile(schema);

const line = fc.stringMatching(/^[ -~]{0,30}$/);
const profile = fc.record({
  id: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
  name: fc.oneof(line, fc.record({ en: line, 'zh-CN': line })),
  explanation: line,
  variables: fc.record({ GOPROXY: line, GOPRIVATE: line }, { requiredKeys: [] }),
  git: fc.array(fc.record({ key: fc.constant('http.proxy'), value: fc.option(fc.constantFrom('http://a.test', '')) }), {
    maxLength: 2,
  }),
});

it('imports what it exported, and the published schema agrees', () => {
  fc.assert(
    fc.property(fc.array(profile, { minLength: 1, maxLength: 4 }), (some) => {
      const profiles: Profile[] = some.map((one) => ({ ...one, builtIn: false, networks: [] }));
      const text = exportProfiles(profiles);
      expect(importProfiles(text)).toEqual({ ok: true, profiles });
      expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    }),
  );
});

it.each([
  ['', /JSON|end of/i],
  ['[]', /schema/],
  ['{"schema":2,"profiles":[]}', /schema/],
  ['{"schema":1,"profiles":[{"id":"a","name":"a","variables":{"GOPROXX":"x"}}]}', /profiles\.0\.variables\.GOPROXX/],
  ['{"schema":1,"profiles":[{"id":"a","name":"a","variables":{"GOAUTH":"/tmp/x.sh"}}]}', /GOAUTH/],
  ['{"schema":1,"profiles":[{"id":"a","name":"a","variables":{"GOAUTH":"netrc;sh -c id"}}]}', /GOAUTH/],
  [
    '{"schema":1,"profiles":[{"id":"a","name":"a","variables":{},"git":[{"key":"core.sshCommand","value":"x"}]}]}',
    /profiles\.0\.git\.0/,
  ],
])('refuses %j, naming the place', (text, place) => {
  const read = importProfiles(text);
  const words = read.ok ? '' : problemText(translator('en'), { key: 'import-refused', params: { ...read.mistake } });
  expect(words).toMatch(place);
  expect(words).not.toMatch(/Invalid|Expected|received/);
});

it('the schema refuses what the app refuses', () => {
  expect(isValid({ schema: 1, profiles: [{ id: 'a', name: 'a', variables: { GOPROXX: 'x' } }] })).toBe(false);
  expect(isValid({ schema: 1, profiles: [] })).toBe(false);
});
