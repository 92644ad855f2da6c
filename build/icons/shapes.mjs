/** The few shapes the icons are made of. A shape says whether a point is inside. */

/** @typedef {import('./png.mjs').Shape} Shape */

/** @type {(cx: number, cy: number, r: number) => Shape} */
export const disc = (cx, cy, r) => (x, y) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r;

/** A rectangle with round corners. @type {(x0: number, y0: number, x1: number, y1: number, r: number) => Shape} */
export const box = (x0, y0, x1, y1, r) => (x, y) => {
  const dx = Math.max(x0 + r - x, x - (x1 - r), 0);
  const dy = Math.max(y0 + r - y, y - (y1 - r), 0);
  return dx * dx + dy * dy <= r * r && x >= x0 && x <= x1 && y >= y0 && y <= y1;
};

/** A stroke with round ends. @type {(x0: number, y0: number, x1: number, y1: number, width: number) => Shape} */
export const line = (x0, y0, x1, y1, width) => (x, y) => {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return (x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2 <= (width / 2) ** 2;
};

/** An upright triangle with round corners: the points within `r` of it. @type {(cx: number, top: number, bottom: number, half: number, r: number) => Shape} */
export const triangle = (cx, top, bottom, half, r) => {
  const edges = union(
    line(cx, top, cx + half, bottom, 2 * r),
    line(cx, top, cx - half, bottom, 2 * r),
    line(cx - half, bottom, cx + half, bottom, 2 * r),
  );
  const inside = (/** @type {number} */ x, /** @type {number} */ y) =>
    y >= top && y <= bottom && Math.abs(x - cx) <= (half * (y - top)) / (bottom - top);
  return union(edges, inside);
};

/** @type {(...shapes: Shape[]) => Shape} */
export const union =
  (...shapes) =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));

/** @type {(from: Shape, ...cuts: Shape[]) => Shape} */
export const without =
  (from, ...cuts) =>
  (x, y) =>
    from(x, y) && !cuts.some((cut) => cut(x, y));

/** The shape grown by a distance, by looking around each point. @type {(shape: Shape, by: number) => Shape} */
export const grown = (shape, by) => {
  const around = Array.from({ length: 16 }, (_, i) => [
    Math.cos((i * Math.PI) / 8) * by,
    Math.sin((i * Math.PI) / 8) * by,
  ]);
  return (x, y) => shape(x, y) || around.some(([dx = 0, dy = 0]) => shape(x + dx, y + dy));
};

/** @type {(shape: Shape, scale: number, dx: number, dy: number) => Shape} */
export const placed = (shape, scale, dx, dy) => (x, y) => shape((x - dx) / scale, (y - dy) / scale);
