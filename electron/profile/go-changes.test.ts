/** What two readings of `go` differ in. */
import { expect, it } from 'vitest';
import type { Drift, GoState } from '../../shared/domain/snapshot.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import { goChanges, unrecordedDrift } from './go-changes.ts';

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

const DRIFT: Drift = {
  variables: [{ name: 'GOPROXY', from: 'https://a', to: 'https://user:secret@b' }],
  git: [
    { key: 'url.https://user:secret@git.corp/.insteadOf', from: [], to: ['https://git.corp/'] },
    { key: 'http.proxy', from: [], to: ['http://127.0.0.1:7890'] },
  ],
};
const event = (kind: HistoryEvent['kind'], detail = ''): HistoryEvent => ({ at: 1, kind, detail });

it.each<[string, readonly HistoryEvent[], readonly string[]]>([
  ['nothing recorded', [], ['GOPROXY', 'git url.*.insteadOf', 'git http.proxy']],
  [
    'a part recorded',
    [event('woke'), event('go-settings-changed', 'GOPROXY, git http.proxy')],
    ['git url.*.insteadOf'],
  ],
  [
    'all recorded, in several events',
    [event('go-settings-changed', 'GOPROXY'), event('go-settings-changed', 'git url.*.insteadOf, git http.proxy')],
    [],
  ],
  [
    'recorded only before Gopherbar’s own last change',
    [event('switched', 'two'), event('go-settings-changed', 'GOPROXY, git url.*.insteadOf, git http.proxy')],
    ['GOPROXY', 'git url.*.insteadOf', 'git http.proxy'],
  ],
])('a change made while no app was running, %s', (_name, events, expected) => {
  expect(unrecordedDrift(DRIFT, events)).toEqual(expected);
});
