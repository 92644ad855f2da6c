/** What is drawn behind and over the lines: gaps hatched, outages as bands, changes of level as dashed lines. */
import type uPlot from 'uplot';
import type { Chart } from '../../../shared/domain/timeline.ts';

/** Reads a custom property of the page. */
export type Color = (name: string) => string;

/** Between two hatch lines, CSS px. */
const HATCH_STEP = 7;

interface Box {
  readonly left: number;
  readonly width: number;
}

/** Behind everything, full height. An outage of a drill is outlined with dashes instead of filled. */
export function drawBands(plot: uPlot, { gaps, incidents, to }: Chart, color: Color): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const gap of gaps) hatch(plot, boxOf(plot, gap.from, gap.to), color('--gap-fill'));
  for (const { severity, startedAt, endedAt, drill } of incidents) {
    const { left, width } = boxOf(plot, startedAt, endedAt ?? to);
    if (width <= 0) continue;
    ctx.fillStyle = color(severity === 'down' ? '--bad-fill' : '--warn-fill');
    ctx.strokeStyle = ctx.fillStyle;
    ctx.globalAlpha = drill ? 0.08 : 0.22;
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.globalAlpha = 1;
    ctx.setLineDash(drill ? [3 * devicePixelRatio, 3 * devicePixelRatio] : []);
    if (drill) ctx.strokeRect(left, bbox.top, width, bbox.height);
    // The cap: an outage is also seen where the line would cover it.
    else ctx.fillRect(left, bbox.top - 3 * devicePixelRatio, width, 3 * devicePixelRatio);
  }
  ctx.restore();
}

/** Dashed lines where the level changed for good. */
export function drawLevels({ ctx, bbox, valToPos }: uPlot, { changePoints }: Chart, color: Color): void {
  ctx.save();
  ctx.strokeStyle = color('--accent');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of changePoints) {
    const x = valToPos(at / 1_000, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

/** Canvas px, within the plot; an outage of seconds in a year is still to be seen. */
function boxOf({ bbox, valToPos }: uPlot, from: number, to: number): Box {
  const left = Math.max(bbox.left, valToPos(from / 1_000, 'x', true));
  const right = Math.min(bbox.left + bbox.width, valToPos(to / 1_000, 'x', true));
  if (right < bbox.left || left > bbox.left + bbox.width) return { left, width: 0 };
  return { left, width: Math.max(2 * devicePixelRatio, right - left) };
}

function hatch({ ctx, bbox }: uPlot, { left, width }: Box, stroke: string): void {
  if (width <= 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, width, bbox.height);
  ctx.clip();
  ctx.strokeStyle = stroke;
  ctx.beginPath();
  const step = HATCH_STEP * devicePixelRatio;
  // Lines of all gaps lie on one grid, so that neighbours look alike.
  const first = Math.floor((left - bbox.height) / step) * step;
  for (let x = first; x < left + width; x += step) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}
