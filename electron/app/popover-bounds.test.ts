import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POPOVER_MAX_HEIGHT, POPOVER_WIDTH, popoverBounds } from './popover-bounds.ts';

const bounds = { x: 0, y: 0, width: 1440, height: 900 };
const workArea = { x: 0, y: 25, width: 1440, height: 875 };
const nowhere = { x: 0, y: 0, width: 0, height: 0 };

test('below an icon in the menu bar, centred on it', () => {
  const place = popoverBounds({ x: 800, y: 0, width: 24, height: 24 }, { bounds, workArea }, 500);
  expect(place).toEqual({ x: 812 - POPOVER_WIDTH / 2, y: 31, width: POPOVER_WIDTH, height: 500 });
});

test('above an icon in a bar at the bottom', () => {
  const area = { x: 0, y: 0, width: 1440, height: 860 };
  const place = popoverBounds({ x: 1300, y: 868, width: 24, height: 24 }, { bounds, workArea: area }, 500);
  expect(place.y + place.height).toBeLessThanOrEqual(860);
  expect(place.x + place.width).toBeLessThan(1440);
});

test('in the corner when the desktop does not report the position of the icon', () => {
  expect(popoverBounds(nowhere, { bounds, workArea }, 500)).toEqual({ x: 1054, y: 31, width: 380, height: 500 });
});

test('in the corner when macOS hides the icon and reports the line below the screen', () => {
  const hidden = { x: 0, y: 900, width: 24, height: 24 };
  expect(popoverBounds(hidden, { bounds, workArea }, 500)).toEqual(popoverBounds(nowhere, { bounds, workArea }, 500));
});

test('it never leaves the work area or exceeds its maximum height', () => {
  const icon = fc.record({
    x: fc.integer({ min: -100, max: 1600 }),
    y: fc.integer({ min: -100, max: 1000 }),
    width: fc.integer({ min: 0, max: 60 }),
    height: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(icon, fc.integer({ min: 120, max: 2_000 }), fc.integer({ min: 300, max: 875 }), (at, wanted, tall) => {
      const area = { ...workArea, height: tall };
      const place = popoverBounds(at, { bounds, workArea: area }, wanted);
      expect(place.height).toBeLessThanOrEqual(POPOVER_MAX_HEIGHT);
      expect(place.x).toBeGreaterThanOrEqual(area.x);
      expect(place.y).toBeGreaterThanOrEqual(area.y);
      expect(place.x + place.width).toBeLessThanOrEqual(area.x + area.width);
      expect(place.y + place.height).toBeLessThanOrEqual(area.y + area.height);
    }),
  );
});
