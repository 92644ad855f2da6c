import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Listing, newestOf, syncLag } from './sync-lag.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const listing = (
  endpointId: string,
  versions: readonly string[] | null,
  latest: Listing['latest'] = null,
): Listing => ({
  endpointId,
  versions,
  latest,
});

describe('newestOf', () => {
  it('is the newest release, else the newest pre-release', () => {
    expect(newestOf(['v1.9.0', 'v1.10.0', 'v2.0.0-rc.1'])).toBe('v1.10.0');
    expect(newestOf(['v0.0.0-20240102030405-0123456789ab', 'v1.0.0-beta.2', 'v1.0.0-beta.10'])).toBe('v1.0.0-beta.10');
    expect(newestOf(['nonsense', ''])).toBeNull();
    expect(newestOf(['v2.0.0+incompatible', 'v1.0.0'])).toBe('v2.0.0+incompatible');
  });
});

describe('syncLag', () => {
  it('counts versions and hours behind the newest that anybody shows', () => {
    const at = Date.parse('2026-11-23T06:00:00Z');
    const lags = syncLag(
      [
        listing('fresh', ['v1.0.0', 'v1.1.0'], { version: 'v1.2.0', at }),
        listing('stale', ['v1.0.0', 'v1.1.0']),
        listing('older', ['v1.0.0']),
        listing('gone', null),
        listing('empty', []),
      ],
      NOW,
    );
    expect(lags).toEqual([
      { endpointId: 'fresh', newest: 'v1.2.0', versionsBehind: 0, hoursBehind: 0 },
      { endpointId: 'stale', newest: 'v1.1.0', versionsBehind: 1, hoursBehind: 6 },
      { endpointId: 'older', newest: 'v1.0.0', versionsBehind: 2, hoursBehind: 6 },
      { endpointId: 'gone', newest: null, versionsBehind: null, hoursBehind: null },
      { endpointId: 'empty', newest: null, versionsBehind: null, hoursBehind: null },
    ]);
  });

  it('does not count a missing pre-release as lag', () => {
    const lags = syncLag([listing('a', ['v1.0.0', 'v1.1.0-rc.1']), listing('b', ['v1.0.0'])], NOW);
    expect(lags.map(({ versionsBehind }) => versionsBehind)).toEqual([0, 0]);
  });

  it('always has one mirror that is up to date, whatever is listed', () => {
    const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).map((parts) => `v${parts.join('.')}`);
    fc.assert(
      fc.property(fc.array(fc.array(version), { minLength: 1, maxLength: 5 }), (lists) => {
        const lags = syncLag(
          lists.map((versions, i) => listing(String(i), versions)),
          NOW,
        );
        const known = lags.filter(({ versionsBehind }) => versionsBehind !== null);
        expect(known.length === 0 || known.some(({ versionsBehind }) => versionsBehind === 0)).toBe(true);
      }),
    );
  });
});
