/** What is drawn under and over the lines: outages as bands, events and changes of level as marks. */
import type uPlot from 'uplot';
import type { Chart } from '../../../shared/domain/timeline.ts';

/** Reads a custom property of the page. */
export type Color = (name: string) => string;

/** Outages behind everything, full height; drills hatched by being pale. */
export function drawBands({ ctx, bbox, valToPos }: uPlot, { incidents, to }: Chart, color: Color): void {
  ctx.save();
  for (const { severity, startedAt, endedAt, drill } of incidents) {
    const left = Math.max(bbox.left, valToPos(startedAt / 1_000, 'x', true));
    const right = Math.min(bbox.left + bbox.width, valToPos((endedAt ?? to) / 1_000, 'x', true));
    if (right < bbox.left || left > bbox.left + bbox.width) continue;
    ctx.fillStyle = color(severity === 'down' ? '--bad-fill' : '--warn-fill');
    ctx.globalAlpha = drill ? 0.1 : severity === 'down' ? 0.3 : 0.2;
    // An outage of seconds in a year is still to be seen.
    ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, right - left), bbox.height);
  }
  ctx.restore();
}

/** Small triangles below for what people and the machine did; dashed lines where the level changed. */
export function drawMarks({ ctx, bbox, valToPos }: uPlot, { events, changePoints }: Chart, color: Color): void {
  const size = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = color('--ink-3');
  const bottom = bbox.top + bbox.height;
  for (const { at } of events) {
    const x = valToPos(at / 1_000, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x - size, bottom);
    ctx.lineTo(x + size, bottom);
    ctx.lineTo(x, bottom - size * 1.6);
    ctx.fill();
  }
  ctx.strokeStyle = color('--accent');
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio]);
  for (const { at } of changePoints) {
    const x = valToPos(at / 1_000, 'x', true);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
  }
  ctx.restore();
}
