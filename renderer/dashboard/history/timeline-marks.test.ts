import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../e2e/gallery/past.ts';
import { healthy } from '../../../e2e/gallery/states/healthy.ts';
import type { Incident } from '../../../shared/domain/incident.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/units.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { type MarkWords, markAt, marksOf, markText } from './timeline-marks.ts';

const NOW = new Date(2026, 0, 2, 12).getTime();
const words: MarkWords = { t: translator('en'), language: 'en', profileName: (id) => `“${id}”` };
const empty: Chart = {
  ...chartOf(healthy(NOW), 'goproxy.cn', NOW - 10 * HOUR_MS, NOW),
  incidents: [],
  gaps: [],
  events: [],
  changePoints: [],
};
const outage: Incident = {
  id: 'a',
  endpointId: 'goproxy.cn',
  severity: 'down',
  cause: 'connection-reset',
  verdict: 'sni-blocked',
  profileIds: [],
  startedAt: NOW - 3 * HOUR_MS,
  endedAt: NOW - 3 * HOUR_MS + 12 * MINUTE_MS,
  unobservedMs: 0,
  drill: false,
  evidence: null,
};

function texts(change: Partial<Chart>, language: 'en' | 'zh-CN' = 'en') {
  return marksOf({ ...empty, ...change }, { ...words, t: translator(language), language }).map(markText);
}

describe('the marks of a chart', () => {
  it('say of an outage its cause, span, length and blame, in both languages', () => {
    expect(texts({ incidents: [outage] })).toEqual(['Connection reset · 09:00 – 09:12 · 12 min · blocked by name']);
    expect(texts({ incidents: [outage] }, 'zh-CN')).toEqual(['连接被重置 · 09:00 – 09:12 · 12 分 · 按域名阻断']);
  });

  it('say that an outage lasts, that it was a drill, and name one without a cause by its severity', () => {
    expect(texts({ incidents: [{ ...outage, endedAt: null }] })[0]).toContain('09:00 – ongoing · 3 h');
    expect(texts({ incidents: [{ ...outage, drill: true }] })[0]).toMatch(/^Drill: Connection reset/);
    expect(texts({ incidents: [{ ...outage, cause: null, severity: 'degraded', verdict: null }] })).toEqual([
      'slow · 09:00 – 09:12 · 12 min',
    ]);
  });

  it('say of a gap why nothing was measured', () => {
    const gap = { from: NOW - 6 * HOUR_MS, to: NOW - 4 * HOUR_MS };
    expect(texts({ gaps: [{ ...gap, reason: 'asleep' }] })).toEqual(['Computer asleep · 06:00 – 08:00 · 2 h']);
    expect(texts({ gaps: [{ ...gap, reason: 'not-running' }] })[0]).toMatch(/^Gopherbar not running/);
  });

  it('name events with their profile, and leave out those that only begin or end a gap', () => {
    const events = [
      { at: NOW - 6 * HOUR_MS, kind: 'slept', detail: '' },
      { at: NOW - 4 * HOUR_MS, kind: 'woke', detail: '' },
      { at: NOW - HOUR_MS, kind: 'switched', detail: 'official' },
    ] as const;
    const gap = { from: NOW - 6 * HOUR_MS, to: NOW - 4 * HOUR_MS, reason: 'asleep' } as const;
    expect(texts({ events })).toHaveLength(3);
    expect(texts({ events, gaps: [gap] }).slice(1)).toEqual(['Switched to “official” · 11:00']);
  });

  it('stand in the order of time', () => {
    const chart = chartOf(healthy(NOW), 'goproxy.cn', NOW - 7 * 24 * HOUR_MS, NOW);
    const starts = marksOf(chart, words).map(({ from }) => from);
    expect(starts.length).toBeGreaterThan(8);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('are found under the pointer: an outage before a gap, one of seconds within the slack, events never', () => {
    const gap = { from: NOW - 4 * HOUR_MS, to: NOW - 2 * HOUR_MS, reason: 'asleep' } as const;
    const events = [{ at: NOW - HOUR_MS, kind: 'undone', detail: '' }] as const;
    const marks = marksOf({ ...empty, incidents: [outage], gaps: [gap], events }, words);
    expect(markAt(marks, outage.startedAt, 0)?.lane).toBe('outage');
    expect(markAt(marks, gap.from, 0)?.lane).toBe('gap');
    expect(markAt(marks, gap.to + MINUTE_MS, 0)).toBeNull();
    expect(markAt(marks, gap.to + MINUTE_MS, 2 * MINUTE_MS)?.lane).toBe('gap');
    expect(markAt(marks, NOW - HOUR_MS, MINUTE_MS)).toBeNull();
  });
});
