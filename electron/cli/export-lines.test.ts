import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Incident } from '../../shared/domain/incident.ts';
import type { Sample } from '../../shared/domain/result.ts';
import { NOTHING_WRITTEN, newLines, type Stored } from './export-lines.ts';

const NONE: Stored = { samples: [], incidents: [], events: [], privileges: [] };

function sample(at: number, endpointId = 'a'): Sample {
  return { endpointId, at, outcome: 'ok', totalMs: 40, phases: {} };
}

function incident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    endpointId: 'a',
    severity: 'down',
    cause: 'connection-reset',
    verdict: null,
    profileIds: [],
    startedAt: 1_000,
    endedAt: null,
    unobservedMs: 0,
    drill: false,
    evidence: null,
    ...change,
  };
}

const types = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as { type: string }).type);

it('writes everything once, oldest first', () => {
  const stored: Stored = {
    samples: [sample(3_000), sample(500)],
    incidents: [incident()],
    events: [{ at: 2_000, kind: 'switched', detail: 'two' }],
    privileges: [{ at: 2_500, command: 'pfctl -sr', outcome: 'done' }],
  };
  const first = newLines(stored, NOTHING_WRITTEN);
  expect(types(first.lines)).toEqual(['result', 'incident', 'event', 'privilege', 'result']);
  expect(newLines(stored, first.written).lines).toEqual([]);
});

it('writes an incident again when it has ended', () => {
  const open = newLines({ ...NONE, incidents: [incident()] }, NOTHING_WRITTEN);
  const ended = newLines({ ...NONE, incidents: [incident({ endedAt: 9_000 })] }, open.written);
  expect(ended.lines.map((line) => (JSON.parse(line) as { endedAt: string | null }).endedAt)).toEqual([
    '1970-01-01T00:00:09.000Z',
  ]);
});

it('writes what is stored late, and equal samples of two endpoints', () => {
  const first = newLines({ ...NONE, samples: [sample(10_000)] }, NOTHING_WRITTEN);
  const late = newLines({ ...NONE, samples: [sample(9_000, 'b'), sample(10_000), sample(10_000, 'b')] }, first.written);
  expect(late.lines).toHaveLength(2);
});

it('misses nothing and repeats nothing, however the looks fall', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 50_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(times, fc.array(fc.integer({ min: 0, max: 50_000 }), { maxLength: 6 }), (all, looks) => {
      let written = NOTHING_WRITTEN;
      const out: string[] = [];
      for (const until of [...looks.sort((a, b) => a - b), 50_000]) {
        const found = newLines({ ...NONE, samples: all.filter((at) => at <= until).map((at) => sample(at)) }, written);
        out.push(...found.lines);
        written = found.written;
      }
      expect(out).toHaveLength(all.length);
      expect(new Set(out).size).toBe(all.length);
    }),
  );
});
