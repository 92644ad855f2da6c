/** 24 hours of an endpoint: height is latency, colour and height are failures, a dotted floor is a gap. */
import { memo } from 'react';
import type { EndpointState, StripCell } from '../../shared/domain/snapshot.ts';
import { formatPercent } from '../../shared/messages/format.ts';
import type { Translate } from '../../shared/messages/messages.ts';
import { stripHeights } from './strip-scale.ts';

const HEIGHT = 22;
const STEP = 2;
const FILL = {
  up: 'var(--good-fill)',
  slow: 'var(--warn-fill)',
  failed: 'var(--bad-fill)',
  gap: 'var(--gap-fill)',
} as const;

/** A strip in words. */
export function stripSummary({ endpoint, strip, uptime24h }: EndpointState, t: Translate): string {
  if (uptime24h === null) return t('popover.strip-empty', { name: endpoint.name });
  const failed = strip.filter(({ outcome }) => outcome === 'failed').length;
  return t('popover.strip', { name: endpoint.name, uptime: formatPercent(uptime24h), failed });
}

export const Strip = memo(function Strip({
  cells,
  summary,
}: {
  readonly cells: readonly StripCell[];
  readonly summary: string;
}) {
  const heights = stripHeights(cells);
  const width = cells.length * STEP;
  return (
    <svg
      className="strip"
      width={width}
      height={HEIGHT}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={summary}
    >
      {cells.map(({ outcome }, i) => {
        const height = heights[i];
        const tall = height === null || height === undefined ? 1.5 : Math.max(2, height * HEIGHT);
        // biome-ignore lint/suspicious/noArrayIndexKey: the place in the strip is what a cell is
        return <rect key={i} x={i * STEP} y={HEIGHT - tall} width={1.5} height={tall} rx={0.7} fill={FILL[outcome]} />;
      })}
    </svg>
  );
});
