/** What two readings of `go` differ in. */
import { expect, it } from 'vitest';
import type { GoState } from '../../shared/domain/snapshot.ts';
import { goChanges } from './go-changes.ts';

const FOUND = {
  state: 'found',
  path: '/usr/local/go/bin/go',
  version: 'go1.25.4',
  envFile: '/home/u/.config/go/env',
  overrides: [],
  checkedAt: 0,
  effective: { GOPROXY: 'https://user:secret@proxy.corp,direct', GOPRIVATE: 'corp.example' },
  set: ['GOPROXY'],
  unknown: [],
  git: [{ key: 'url.https://user:secret@git.corp/.insteadOf', value: 'https://git.corp/' }],
} as const satisfies GoState;
const BROKEN: GoState = { state: 'broken', problem: { key: 'go-broken', params: {} } };

it.each<[string, GoState, GoState, string[]]>([
  ['the same, read later', FOUND, { ...FOUND, checkedAt: 9 }, []],
  ['the first reading', { state: 'detecting' }, FOUND, []],
  ['another version', FOUND, { ...FOUND, version: 'go1.26.0' }, ['go-changed go1.25.4 → go1.26.0']],
  ['a go that broke', FOUND, BROKEN, ['go-changed go1.25.4 → broken']],
  ['a go that works again', BROKEN, FOUND, ['go-changed broken → go1.25.4']],
  [
    'another GOPROXY',
    FOUND,
    { ...FOUND, effective: { ...FOUND.effective, GOPROXY: 'off' } },
    ['go-settings-changed GOPROXY'],
  ],
  ['a git setting that is gone', FOUND, { ...FOUND, git: [] }, ['go-settings-changed git url.*.insteadOf']],
  [
    'several at once',
    FOUND,
    {
      ...FOUND,
      version: 'go1.26.0',
      effective: {},
      git: [{ key: 'http.proxy', value: 'http://127.0.0.1:7890' }, ...FOUND.git],
    },
    ['go-changed go1.25.4 → go1.26.0', 'go-settings-changed GOPROXY, GOPRIVATE, git http.proxy'],
  ],
])('%s', (_name, before, after, expected) => {
  expect(goChanges(before, after).map(({ kind, detail }) => `${kind} ${detail}`)).toEqual(expected);
});
