import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../../shared/domain/units.ts';
import { captionWidth, placesOf, zoomOnto } from './mark-places.ts';
import type { TimelineMark } from './timeline-marks.ts';

/** Ten hours on 600 px: a minute is a pixel. */
const chart = { from: 0, to: 10 * HOUR_MS };

function mark(lane: TimelineMark['lane'], minute: number, to = minute): TimelineMark {
  const span = { from: minute * MINUTE_MS, to: to * MINUTE_MS };
  return { key: `${lane}-${minute}`, lane, ...span, glyph: 'gap', drill: false, title: '', detail: '' };
}

function places(...marks: readonly TimelineMark[]) {
  return placesOf(marks, chart, 600);
}

describe('the places of marks', () => {
  it('are the beginning of an outage or event, and the middle of a gap', () => {
    const found = places(mark('outage', 30, 90), mark('gap', 100, 200), mark('event', 300));
    expect(found.map(({ x, width }) => [x, width])).toEqual([
      [30, 0],
      [150, 100],
      [300, 0],
    ]);
  });

  it('are shared by marks that would cover one another, in the same lane only', () => {
    const found = places(mark('event', 10), mark('outage', 15, 16), mark('event', 20), mark('event', 60));
    expect(found.map(({ key, marks }) => [key, marks.length])).toEqual([
      ['event-10', 2],
      ['outage-15', 1],
      ['event-60', 1],
    ]);
  });

  it('stay inside the plot when an outage began before it', () => {
    expect(places(mark('outage', -500, 30))[0]?.x).toBe(0);
  });
});

describe('a closer look', () => {
  it('shows what is marked with its own length around it, within the chart', () => {
    const [place] = places(mark('outage', 60, 120));
    expect(place && zoomOnto(place, chart)).toEqual({ from: 0, to: 180 * MINUTE_MS });
  });

  it('shows half an hour around a moment, or a quarter of a chart that shows little more', () => {
    const [place] = places(mark('event', 300));
    expect(place && zoomOnto(place, chart)).toEqual({ from: 285 * MINUTE_MS, to: 315 * MINUTE_MS });
    const hour = { from: 270 * MINUTE_MS, to: 330 * MINUTE_MS };
    expect(place && zoomOnto(place, hour)).toEqual({ from: 292.5 * MINUTE_MS, to: 307.5 * MINUTE_MS });
  });

  it('is moved into the chart at its edge, and as long as anywhere else', () => {
    const [place] = places(mark('event', 598));
    expect(place && zoomOnto(place, chart)).toEqual({ from: 570 * MINUTE_MS, to: 600 * MINUTE_MS });
  });

  it('is none at what fills the chart', () => {
    const [place] = places(mark('outage', 0, 600));
    expect(place && zoomOnto(place, chart)).toBeNull();
  });
});

it('counts a Chinese character as wide as it is high', () => {
  expect(captionWidth('Nov 26 18:29 – Nov 27 00:29 · 6 h')).toBeGreaterThan(200);
  expect(captionWidth('18:29 – 00:29 · 6 h')).toBeLessThan(130);
  expect(captionWidth('睡眠')).toBe(30);
});
