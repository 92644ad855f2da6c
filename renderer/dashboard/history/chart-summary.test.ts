import { expect, it } from 'vitest';
import { chartOf } from '../../../e2e/gallery/past.ts';
import { healthy } from '../../../e2e/gallery/states/healthy.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { chartSummary } from './chart-summary.ts';

const NOW = Date.UTC(2026, 0, 2, 12);
const DAY = 86_400_000;
const t = translator('en');
const chart = chartOf(healthy(NOW), 'goproxy.cn', NOW - DAY, NOW);

it('names the range that ends now, or else the ends of the span', () => {
  expect(chartSummary(chart, 'Last 24 h', t, 'en')).toMatch(/^Last 24 h · /);
  expect(chartSummary(chart, null, t, 'en')).toMatch(/^Jan 1 \d\d:\d\d – \d\d:\d\d · /);
});

it('counts real outages only, and what was measured', () => {
  const text = chartSummary(chart, 'Last 24 h', t, 'en');
  expect(text).toContain('one outage, 12 min');
  expect(text).toMatch(/\d+(?:\.\d)?% of \d+ succeeded/);
});

it('says since when it was measured instead of a range that was not', () => {
  expect(chartSummary({ ...chart, since: chart.from }, 'Last 1 y', t, 'en')).toMatch(/^Since Jan 1 \d\d:\d\d · /);
});
