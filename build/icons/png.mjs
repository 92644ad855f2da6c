/** Draws shapes into PNG files without any image library: supersampled coverage, RGBA, zlib. */
import { crc32, deflateSync } from 'node:zlib';

/**
 * @typedef {(x: number, y: number) => boolean} Shape whether a point is inside, in the drawing's own units
 * @typedef {{ shape: Shape, color: (x: number, y: number) => readonly [number, number, number], alpha?: number }} Layer
 */

/**
 * Renders layers, later ones over earlier ones.
 * @param {readonly Layer[]} layers
 * @param {number} pixels edge of the square image
 * @param {number} units edge of the drawing
 * @param {number} samples per pixel and direction; few do for a large image
 */
export function render(layers, pixels, units, samples = 8) {
  const rgba = Buffer.alloc(pixels * pixels * 4);
  const step = units / (pixels * samples);
  for (let py = 0; py < pixels; py++) {
    for (let px = 0; px < pixels; px++) {
      let [r, g, b, a] = [0, 0, 0, 0];
      for (let sy = 0; sy < samples; sy++) {
        for (let sx = 0; sx < samples; sx++) {
          const x = (px * samples + sx + 0.5) * step;
          const y = (py * samples + sy + 0.5) * step;
          let [red, green, blue, cover] = [0, 0, 0, 0];
          for (const { shape, color, alpha = 1 } of layers) {
            if (!shape(x, y)) continue;
            const [layerRed, layerGreen, layerBlue] = color(x, y);
            const kept = 1 - alpha;
            red = layerRed * alpha + red * kept;
            green = layerGreen * alpha + green * kept;
            blue = layerBlue * alpha + blue * kept;
            cover = alpha + cover * kept;
          }
          [r, g, b, a] = [r + red, g + green, b + blue, a + cover];
        }
      }
      const at = (py * pixels + px) * 4;
      const total = samples * samples;
      // Colours were gathered premultiplied; PNG wants them straight.
      if (a > 0) rgba.set([Math.round(r / a), Math.round(g / a), Math.round(b / a), Math.round((a / total) * 255)], at);
    }
  }
  return encode(rgba, pixels);
}

/**
 * PNG specification: signature, IHDR (8 bits, RGBA), IDAT (rows without filter), IEND.
 * @param {Buffer} rgba
 * @param {number} pixels
 */
function encode(rgba, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(pixels * (pixels * 4 + 1));
  for (let y = 0; y < pixels; y++) rgba.copy(rows, y * (pixels * 4 + 1) + 1, y * pixels * 4, (y + 1) * pixels * 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * @param {string} type
 * @param {Buffer} body
 */
function chunk(type, body) {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
