/**
 * Draws every icon: the six states of the tray by shape alone (template images are black and transparent), the same
 * with a dark rim for Linux panels of any colour, and the app's own icon. Run after a change and commit the results:
 *
 *   node build/icons/make-icons.mjs
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { render } from './png.mjs';
import { box, disc, grown, line, placed, triangle, union, without } from './shapes.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

/** The tray's drawings are 16 units wide. */
const UNITS = 16;

/** A burrowing animal's head, seen from the front: ears, round cheeks. */
const head = union(disc(3.5, 3.7, 2), disc(12.5, 3.7, 2), box(1.6, 2, 14.4, 15, 5.6));
const eyes = union(disc(5.2, 6.9, 1.75), disc(10.8, 6.9, 1.75));
const pupils = union(disc(5.6, 7.1, 0.75), disc(10.4, 7.1, 0.75));
const teeth = box(6.9, 10.5, 9.1, 12.9, 0.3);
const smile = union(line(5.2, 10.2, 8, 10.9, 0.9), line(8, 10.9, 10.8, 10.2, 0.9));
const mouth = union(teeth, smile);
const face = union(without(head, eyes, mouth), pupils);

/** The outline of the head: for states in which nothing is known to work. */
const hollow = without(head, placed(head, 0.76, 1.92, 2.05));

/** Where a badge sits; the head keeps its distance from it. */
const [bx, by] = [11.6, 11.6];
const badge = (/** @type {import('./png.mjs').Shape} */ sign, /** @type {import('./png.mjs').Shape} */ body, gap = 1) =>
  union(without(body, grown(sign, gap)), sign);

const cross = union(line(bx - 2.6, by - 2.6, bx + 2.6, by + 2.6, 2), line(bx - 2.6, by + 2.6, bx + 2.6, by - 2.6, 2));
const warning = without(triangle(11.2, 7.9, 14.4, 3.7, 0.7), box(10.55, 9.5, 11.85, 12, 0.3), disc(11.2, 13.35, 0.75));
const warningGround = triangle(11.2, 7.9, 14.4, 3.7, 0.7);
const bars = union(box(5.2, 5.6, 7.1, 11.4, 0.4), box(8.9, 5.6, 10.8, 11.4, 0.4));
const slash = line(1.8, 14.2, 14.2, 1.8, 1.9);
const dots = union(disc(4.6, 8.8, 1.25), disc(8, 8.8, 1.25), disc(11.4, 8.8, 1.25));

/** @type {Record<string, import('./png.mjs').Shape>} */
const STATES = {
  healthy: face,
  degraded: union(without(face, grown(warningGround, 1)), warning),
  down: badge(cross, hollow),
  offline: badge(slash, hollow, 0.9),
  paused: union(hollow, bars),
  checking: union(hollow, dots),
};

const black = () => /** @type {const} */ ([0, 0, 0]);
const white = () => /** @type {const} */ ([255, 255, 255]);

for (const [state, shape] of Object.entries(STATES)) {
  write(`${state}Template.png`, render([{ shape, color: black }], 16, UNITS));
  write(`${state}Template@2x.png`, render([{ shape, color: black }], 32, UNITS));
  const small = placed(shape, 0.92, 0.64, 0.64);
  const rimmed = [
    { shape: grown(small, 0.6), color: black, alpha: 0.55 },
    { shape: small, color: white },
  ];
  write(`${state}.png`, render(rimmed, 24, UNITS));
  write(`${state}@2x.png`, render(rimmed, 48, UNITS));
}
write('app.png', render(appLayers(), 1024, 1024, 2));
write('app.icns', icns());

/** Apple's container: a big-endian length after each four-letter type; these types hold a PNG of the given width. */
function icns() {
  const entries = /** @type {const} */ ([
    ['ic11', 32],
    ['ic12', 64],
    ['ic07', 128],
    ['ic08', 256],
    ['ic09', 512],
    ['ic10', 1024],
  ]).map(([type, pixels]) => block(type, render(appLayers(), pixels, 1024, pixels < 512 ? 4 : 2)));
  return block('icns', Buffer.concat(entries));
}

/**
 * @param {string} type
 * @param {Buffer} body
 */
function block(type, body) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(body.length + 8, 4);
  return Buffer.concat([head, body]);
}

/** The app's icon in Apple's grid: an 824 square in 1024, on it the head, and the light that the app is about. */
function appLayers() {
  const scale = 41;
  const at = /** @type {const} */ ([scale, 512 - 8 * scale, 512 - 8.5 * scale]);
  const mix = (/** @type {number} */ y) => (y - 100) / 824;
  return [
    {
      shape: box(100, 100, 924, 924, 185),
      color: (/** @type {number} */ _x, /** @type {number} */ y) =>
        /** @type {const} */ ([20 + 40 * (1 - mix(y)), 110 + 80 * (1 - mix(y)), 150 + 70 * (1 - mix(y))]),
    },
    { shape: placed(head, ...at), color: () => /** @type {const} */ ([246, 250, 252]) },
    { shape: placed(grown(eyes, 0.35), ...at), color: () => /** @type {const} */ ([18, 52, 70]) },
    { shape: placed(eyes, ...at), color: white },
    { shape: placed(pupils, ...at), color: () => /** @type {const} */ ([18, 52, 70]) },
    { shape: placed(union(smile, grown(teeth, 0.3)), ...at), color: () => /** @type {const} */ ([18, 52, 70]) },
    { shape: placed(without(teeth, box(7.88, 10, 8.12, 14, 0)), ...at), color: white },
    { shape: disc(776, 776, 124), color: () => /** @type {const} */ ([16, 84, 115]) },
    { shape: disc(776, 776, 90), color: () => /** @type {const} */ ([64, 205, 120]) },
  ];
}

function write(/** @type {string} */ name, /** @type {Buffer} */ picture) {
  writeFileSync(join(folder, name), picture);
}
