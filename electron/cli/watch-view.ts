/** What a person looks at in `gopherbar watch`: the selected endpoint and whether its details are open. Pure. */
import type { Snapshot } from '../../shared/domain/snapshot.ts';

export interface WatchView {
  /** Id of the selected endpoint; null = none. */
  readonly selected: string | null;
  readonly open: boolean;
}

export const FIRST_VIEW: WatchView = { selected: null, open: false };

/** Keys as a terminal in raw mode sends them (ECMA-48 cursor keys; xterm also sends ESC O in application mode). */
const KEYS = {
  up: new Set(['\u001b[A', '\u001bOA', 'k']),
  down: new Set(['\u001b[B', '\u001bOB', 'j']),
  enter: new Set(['\r', '\n']),
  escape: new Set(['\u001b']),
};

/**
 * The view after a key; null when the key does nothing here. Enter without a selection opens the endpoint of the
 * alert, or else the first.
 */
export function viewAfter(key: string, view: WatchView, { endpoints, alert }: Snapshot): WatchView | null {
  const ids = endpoints.map(({ endpoint }) => endpoint.id);
  const at = view.selected === null ? -1 : ids.indexOf(view.selected);
  if (KEYS.up.has(key)) return { ...view, selected: ids[Math.max(0, at - 1)] ?? null };
  if (KEYS.down.has(key)) return { ...view, selected: ids[Math.min(ids.length - 1, at + 1)] ?? null };
  if (KEYS.escape.has(key)) return view.open ? { ...view, open: false } : FIRST_VIEW;
  if (!KEYS.enter.has(key)) return null;
  if (at >= 0) return { ...view, open: !view.open };
  const selected = alert?.endpointId ?? ids[0] ?? null;
  return { selected, open: selected !== null };
}
