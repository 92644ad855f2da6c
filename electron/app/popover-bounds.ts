/** Where the popover goes: under the tray icon, above it when the bar is at the bottom, else in the corner. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** CSS pixels. */
export const POPOVER_WIDTH = 380;
export const POPOVER_MAX_HEIGHT = 720;
/** Until the page reports the height of its content. */
export const POPOVER_FIRST_HEIGHT = 520;

/** Distance kept from the icon and from the edges of the screen. */
const GAP = 6;

/**
 * Bounds of a popover of the wanted height on a display.
 * `icon` is what the tray reports; it counts only when it is on the display: Linux reports zeros, and macOS 26 reports
 * the line below the screen for an icon it does not show.
 */
export function popoverBounds(
  icon: Rectangle,
  display: { readonly bounds: Rectangle; readonly workArea: Rectangle },
  wantedHeight: number,
): Rectangle {
  const area = display.workArea;
  const width = POPOVER_WIDTH;
  const height = Math.round(Math.min(wantedHeight, POPOVER_MAX_HEIGHT, area.height - 2 * GAP));
  const right = area.x + area.width - width - GAP;
  if (!liesOn(icon, display.bounds)) return { x: right, y: area.y + GAP, width, height };

  const x = Math.round(Math.max(area.x + GAP, Math.min(right, icon.x + icon.width / 2 - width / 2)));
  const barIsOnTop = icon.y + icon.height / 2 < display.bounds.y + display.bounds.height / 2;
  const y = barIsOnTop ? Math.max(area.y, icon.y + icon.height) + GAP : icon.y - height - GAP;
  return { x, y: Math.round(Math.max(area.y, Math.min(y, area.y + area.height - height))), width, height };
}

/** Whether an icon is on a display. */
export function liesOn(icon: Rectangle, bounds: Rectangle): boolean {
  if (icon.width <= 0 || icon.height <= 0) return false;
  return (
    icon.x >= bounds.x &&
    icon.y >= bounds.y &&
    icon.x < bounds.x + bounds.width &&
    icon.y + icon.height <= bounds.y + bounds.height
  );
}
