/** Icons that macOS does not show, by the places that were measured on real Macs. */
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { isIconShown, watchIcon } from './icon-watch.ts';
import type { Rectangle } from './popover-bounds.ts';

const at = (x: number, y = 0): Rectangle => ({ x, y, width: 24, height: 24 });
const PLAIN = { bounds: { x: 0, y: 0, width: 1440, height: 900 }, workArea: { x: 0, y: 25, width: 1440, height: 875 } };
const NOTCHED = {
  bounds: { x: 0, y: 0, width: 1800, height: 1169 },
  workArea: { x: 0, y: 39, width: 1800, height: 1130 },
};
const LEFT = {
  bounds: { x: -1920, y: 0, width: 1920, height: 1080 },
  workArea: { x: -1920, y: 25, width: 1920, height: 1055 },
};

describe('an icon', () => {
  it('is shown anywhere in a bar without a notch, on any display', () => {
    expect(isIconShown(at(1200), [PLAIN])).toBe(true);
    expect(isIconShown(at(700), [PLAIN])).toBe(true);
    expect(isIconShown(at(-300), [PLAIN, LEFT])).toBe(true);
  });

  it('that is switched off lies below the display, or nowhere', () => {
    expect(isIconShown({ x: 0, y: 900, width: 24, height: 24 }, [PLAIN])).toBe(false);
    expect(isIconShown({ x: 0, y: 0, width: 0, height: 0 }, [PLAIN])).toBe(false);
    expect(isIconShown(at(-300), [PLAIN])).toBe(false);
  });

  it('beside a notch is shown only to the right of it', () => {
    // The notch was measured from 791 to 1012.
    expect(isIconShown(at(1020), [NOTCHED])).toBe(true);
    expect(isIconShown(at(900), [NOTCHED])).toBe(false);
    expect(isIconShown(at(760), [NOTCHED])).toBe(false);
  });
});

describe('the watch', () => {
  function start(place: { icon: Rectangle }) {
    const clock = new FakeClock();
    const events: string[] = [];
    let changed = () => {};
    const stop = watchIcon({
      clock,
      bounds: () => place.icon,
      displays: () => [PLAIN],
      onDisplaysChanged: (callback) => {
        changed = callback;
        return () => events.push('unfollowed');
      },
      onHidden: () => events.push('hidden'),
      onShown: () => events.push('shown'),
    });
    return { clock, events, stop, change: () => changed() };
  }

  it('reports an icon that two checks did not find, once', async () => {
    const place = { icon: at(0, 900) };
    const { clock, events, change, stop } = start(place);
    await clock.advance(10_000);
    expect(events).toEqual([]);
    await clock.advance(30_000);
    expect(events).toEqual(['hidden']);
    change();
    await clock.advance(60_000);
    expect(events).toEqual(['hidden']);
    place.icon = at(1200);
    change();
    await clock.advance(60_000);
    expect(events).toEqual(['hidden', 'shown', 'shown']);
    place.icon = at(0, 900);
    change();
    await clock.advance(60_000);
    expect(events.at(-1)).toBe('hidden');
    stop();
    expect(clock.pending).toBe(0);
    expect(events.at(-1)).toBe('unfollowed');
  });

  it('gives an icon that is placed late its time', async () => {
    const place = { icon: at(0, 900) };
    const { clock, events } = start(place);
    await clock.advance(6_000);
    place.icon = at(1200);
    await clock.advance(60_000);
    expect(events).toEqual(['shown']);
  });
});
