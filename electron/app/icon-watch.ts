/**
 * Notices that macOS does not show the icon: switched off in System Settings › Menu Bar (macOS 26 and later), or drawn
 * under the notch. Neither Electron nor AppKit says so, and a window's `isVisible` is true in both cases, so the place of
 * the icon is judged.
 */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { liesOn, type Rectangle } from './popover-bounds.ts';

export interface DisplayArea {
  readonly bounds: Rectangle;
  readonly workArea: Rectangle;
}

/** The bar of a display with a notch is higher than the 24 pt of the others. */
const NOTCHED_BAR_HEIGHT = 30;

/** Half of a notch's width, as a share of the display's: 221 of 1,800 pt on the widest that was measured. */
const HALF_NOTCH = 0.062;

/**
 * Whether an icon at these bounds can be seen. An icon that is switched off is placed below the display (macOS 26.5); the
 * items beside the notch fill up from the right, so what lies left of its right edge has no room.
 */
export function isIconShown(icon: Rectangle, displays: readonly DisplayArea[]): boolean {
  const display = displays.find(({ bounds }) => liesOn(icon, bounds));
  if (display === undefined) return false;
  const { bounds, workArea } = display;
  if (workArea.y - bounds.y <= NOTCHED_BAR_HEIGHT) return true;
  return icon.x + icon.width >= bounds.x + bounds.width * (0.5 + HALF_NOTCH);
}

/** The icon is placed a moment after it is made, and moves while other apps start. */
const CHECK_AFTER_MS: readonly DurationMs[] = [5_000, 30_000];

export interface IconWatchOptions {
  readonly clock: Clock;
  readonly bounds: () => Rectangle;
  readonly displays: () => readonly DisplayArea[];
  /** Calls back when displays or their bars have changed; returns what ends it. */
  readonly onDisplaysChanged: (callback: () => void) => Stop;
  /** Two checks in a row did not find it. At most once until it is seen again. */
  readonly onHidden: () => void;
  readonly onShown: () => void;
}

/** Checks after the start and after each change of displays. The returned function ends it. */
export function watchIcon(options: IconWatchOptions): Stop {
  const { clock, bounds, displays, onDisplaysChanged, onHidden, onShown } = options;
  let misses = 0;
  let stops: Stop[] = [];
  const check = () => {
    if (isIconShown(bounds(), displays())) {
      misses = 0;
      onShown();
      return;
    }
    misses += 1;
    if (misses === CHECK_AFTER_MS.length) onHidden();
  };
  const schedule = () => {
    for (const stop of stops) stop();
    // What has been reported is not reported again before the icon was seen.
    if (misses < CHECK_AFTER_MS.length) misses = 0;
    stops = CHECK_AFTER_MS.map((ms) => clock.after(ms, check));
  };
  schedule();
  const stopFollowing = onDisplaysChanged(schedule);
  return () => {
    stopFollowing();
    for (const stop of stops) stop();
  };
}
