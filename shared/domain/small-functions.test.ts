/** The small pure functions of the domain: quiet hours, incidents, networks, limits, module versions, commands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, type Endpoint, limitsOf, parseModuleVersion } from './endpoint.ts';
import { downtimeOf, type Incident } from './incident.ts';
import { networkState } from './network.ts';
import { parseQuietHours } from './quiet-hours.ts';
import { suggestedCommands } from './switch-plan.ts';

const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });

function clockText(at: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(at / 60))}:${two(at % 60)}`;
}

describe('quiet hours', () => {
  it('are read to the minute', () => {
    fc.assert(
      fc.property(minute, minute, (fromMinute, toMinute) => {
        const text = `${clockText(fromMinute)}-${clockText(toMinute)}`;
        expect(parseQuietHours(text)).toEqual({ fromMinute, toMinute });
      }),
    );
  });

  it.each(['', '22:00', '24:00-08:00', '22:60-08:00', '9:00-10:00', '22:00-08:00 ', '22:00–08:00'])(
    'are not read from %j',
    (text) => expect(parseQuietHours(text)).toBeNull(),
  );
});

const INCIDENT: Incident = {
  id: 'i',
  endpointId: 'e',
  severity: 'down',
  cause: null,
  verdict: null,
  profileIds: [],
  startedAt: 1_000,
  endedAt: null,
  unobservedMs: 0,
  drill: false,
  evidence: null,
};

describe('downtime of an incident', () => {
  it('lasts until now while it is open, and until its end afterwards', () => {
    expect(downtimeOf(INCIDENT, 4_000)).toBe(3_000);
    expect(downtimeOf({ ...INCIDENT, endedAt: 3_000 }, 4_000)).toBe(2_000);
  });

  it('excludes unobserved time, and is never negative', () => {
    expect(downtimeOf({ ...INCIDENT, unobservedMs: 500 }, 4_000)).toBe(2_500);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (now, unobservedMs) => {
        expect(downtimeOf({ ...INCIDENT, unobservedMs }, now)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('a network', () => {
  const hotspot = { id: 'n', description: 'en0', isHotspot: true };

  it('is metered when it is a hotspot, unless the settings say otherwise', () => {
    expect(networkState(hotspot, [])).toEqual({ ...hotspot, name: null, metered: true });
    expect(networkState(hotspot, [{ id: 'other', metered: false }]).metered).toBe(true);
    expect(networkState(hotspot, [{ id: 'n', metered: false }]).metered).toBe(false);
    expect(networkState({ ...hotspot, isHotspot: false }, [{ id: 'n', metered: true }]).metered).toBe(true);
  });

  it('has the name that the settings give it', () => {
    expect(networkState(hotspot, [{ id: 'n', name: 'phone' }])).toMatchObject({ name: 'phone', metered: true });
  });
});

it('overrides single limits of an endpoint', () => {
  const endpoint: Endpoint = { id: 'e', kind: 'goproxy', name: 'e', url: 'https://e.test' };
  expect(limitsOf(endpoint, DEFAULT_LIMITS)).toEqual(DEFAULT_LIMITS);
  expect(limitsOf({ ...endpoint, limits: { hard: { tlsMs: 7 } } }, DEFAULT_LIMITS)).toEqual({
    soft: DEFAULT_LIMITS.soft,
    hard: { ...DEFAULT_LIMITS.hard, tlsMs: 7 },
  });
});

describe('parseModuleVersion', () => {
  it('splits at the last @', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.stringMatching(/^[^@]+$/), (path, version) => {
        expect(parseModuleVersion(`${path}@${version}`)).toEqual({ path, version });
      }),
    );
  });

  it.each(['', '@', 'a.test/m', '@v1.0.0', 'a.test/m@'])('has nothing to split in %j', (text) =>
    expect(parseModuleVersion(text)).toBeNull(),
  );
});

describe('suggested commands', () => {
  const set = (value: string) => ({ tool: 'go', args: ['env', '-w', `GOPROXY=${value}`] }) as const;

  it('are the commands of the plan', () => {
    expect(suggestedCommands([set('https://a.test,direct')])).toEqual(['go env -w GOPROXY=https://a.test,direct']);
  });

  it('are left out altogether when one contains a password', () => {
    expect(suggestedCommands([set('direct'), set('https://u:secret@a.test')])).toEqual([]);
  });
});
