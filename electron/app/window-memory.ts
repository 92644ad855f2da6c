/**
 * What windows and icon were like: where the dashboard was when it was last moved or closed, and whether the person knows
 * that the icon is hidden. Kept in a small file of the data folder.
 */
import * as v from 'valibot';
import { JsonFile, type JsonFilePorts } from '../system/json-file.ts';
import type { Rectangle } from './popover-bounds.ts';

const coordinate = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const boundsSchema = v.object({ x: coordinate, y: coordinate, width: coordinate, height: coordinate });
const schema = v.object({ dashboard: v.nullable(boundsSchema), iconReported: v.optional(v.boolean(), false) });

type Document = v.InferOutput<typeof schema>;

export class WindowMemory {
  readonly #file: JsonFile<Document>;
  #bounds: Rectangle | null = null;
  #iconReported = false;

  constructor(path: string, ports: JsonFilePorts) {
    this.#file = new JsonFile<Document>({ ...ports, path, schema, empty: { dashboard: null, iconReported: false } });
  }

  /** Screen coordinates; null when the window was never moved, or before `load` ended. */
  get bounds(): Rectangle | null {
    return this.#bounds;
  }

  /** Reads the file; without one, nothing is remembered. */
  async load(): Promise<void> {
    const read = await this.#file.read();
    if (!read.ok) return;
    this.#bounds ??= read.value.dashboard;
    this.#iconReported ||= read.value.iconReported;
  }

  /** Keeps the bounds, here at once and in the file soon after. */
  remember(bounds: Rectangle): void {
    this.#bounds = bounds;
    this.#save();
  }

  /** Whether the hidden icon was already reported. */
  get iconReported(): boolean {
    return this.#iconReported;
  }

  /** Keeps whether it was reported. */
  setIconReported(reported: boolean): void {
    if (reported === this.#iconReported) return;
    this.#iconReported = reported;
    this.#save();
  }

  #save(): void {
    void this.#file.replace({ dashboard: this.#bounds, iconReported: this.#iconReported });
  }

  /** Resolves when the file is written. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/** Enough of a window to take hold of it, px. */
const VISIBLE_MARGIN = 80;

/**
 * The remembered bounds if the window can still be reached there: its title bar on one of the displays. Null otherwise
 * (a display was unplugged), so that the window opens where the system puts it.
 */
export function reachableBounds(
  bounds: Rectangle | null,
  workAreas: readonly Rectangle[],
  least: { readonly minWidth: number; readonly minHeight: number },
): Rectangle | null {
  if (bounds === null) return null;
  const { x, y, width, height } = bounds;
  const reachable = workAreas.some(
    (area) =>
      x + width >= area.x + VISIBLE_MARGIN &&
      x <= area.x + area.width - VISIBLE_MARGIN &&
      y >= area.y &&
      y <= area.y + area.height - VISIBLE_MARGIN,
  );
  if (!reachable) return null;
  return { x, y, width: Math.max(width, least.minWidth), height: Math.max(height, least.minHeight) };
}
