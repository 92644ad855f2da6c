import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { STATES } from '../../../e2e/gallery/states/index.ts';
import { snapshotSchema } from './snapshot.ts';

const NOW = 1_700_000_000_000;

describe('the schema of the snapshot', () => {
  it.each(Object.entries(STATES))('lets the state %s through unchanged', (_, make) => {
    const snapshot = make(NOW);
    expect(v.parse(snapshotSchema, snapshot)).toEqual(snapshot);
  });

  it.each([
    ['a status that does not exist', (endpoint: object) => ({ ...endpoint, status: 'fine' })],
    ['a cause that does not exist', (endpoint: object) => ({ ...endpoint, cause: 'bad-luck' })],
    ['a missing strip', (endpoint: object) => ({ ...endpoint, strip: undefined })],
  ])('refuses an endpoint with %s', (_, change) => {
    const snapshot = STATES.healthy?.(NOW);
    if (snapshot === undefined) throw new Error('no such state');
    const endpoints = snapshot.endpoints.map((one, i) => (i === 0 ? change(one) : one));
    expect(v.safeParse(snapshotSchema, { ...snapshot, endpoints }).success).toBe(false);
  });
});
