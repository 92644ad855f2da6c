/** A chart in words: for those who cannot see it, and for a quick look. Pure. */
import { downtimeOf } from '../../../shared/domain/incident.ts';
import type { Language } from '../../../shared/domain/snapshot.ts';
import type { Chart } from '../../../shared/domain/timeline.ts';
import { formatClock, formatDuration, formatLatency, formatPercent } from '../../../shared/messages/format.ts';
import type { Translate } from '../../../shared/messages/messages.ts';
import { chartSince } from './measured-since.ts';

/**
 * `range` names the span that ends now, such as “Last 24 h”; null = a span that was zoomed into, named by its ends. A chart
 * that begins with the first measurement says since when instead.
 */
export function chartSummary(chart: Chart, range: string | null, t: Translate, language: Language): string {
  const { columns, incidents, changePoints, to } = chart;
  const n = columns.reduce((sum, one) => sum + one.n, 0);
  const failed = columns.reduce((sum, one) => sum + one.failed, 0);
  const medians = columns.flatMap(({ p50 }) => (p50 === null ? [] : [p50])).sort((a, b) => a - b);
  const median = medians[medians.length >> 1];
  const worst = columns.reduce<number>((most, { p95 }) => Math.max(most, p95 ?? 0), 0);
  const outages = incidents.filter(({ severity, drill }) => severity === 'down' && !drill);
  const downMs = outages.reduce((sum, one) => sum + downtimeOf(one, to), 0);
  const parts = [
    spanOf(chart, range, t, language),
    t('dashboard.summary-success', { share: formatPercent(n === 0 ? 1 : (n - failed) / n), n }),
    ...(median === undefined
      ? []
      : [t('dashboard.summary-latency', { median: formatLatency(median), worst: formatLatency(worst) })]),
    t('dashboard.summary-outages', { count: outages.length, span: formatDuration(downMs, t) }),
    ...changePoints.slice(-1).map(({ at, beforeMs, afterMs }) =>
      t('dashboard.summary-change', {
        when: formatClock(at, to, language),
        before: formatLatency(beforeMs),
        after: formatLatency(afterMs),
      }),
    ),
  ];
  return parts.join(' · ');
}

function spanOf(chart: Chart, range: string | null, t: Translate, language: Language): string {
  const { from, to } = chart;
  if (range === null) return `${formatClock(from, to, language)} – ${formatClock(to, to, language)}`;
  const since = chartSince(chart);
  return since === null ? range : t('dashboard.since', { when: formatClock(since, to, language) });
}
