/**
 * Guards against a click that lands on another row because the list moved under the pointer: for a moment after a change
 * of the layout, clicks by pointer on rows are ignored. Keys act on the focused row and are never ignored.
 */
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Longer than a double click and than the aim of a hand that is already on its way. */
export const GUARD_MS = 600;

export interface LayoutGuard {
  /** Put on the list; its rows carry `data-row`. */
  readonly ref: RefObject<HTMLDivElement | null>;
  /** The list has not moved for a while. */
  readonly settled: boolean;
  /** Whether a click may act. */
  allows(event: { readonly detail: number }): boolean;
}

/** Watches the places of the rows; `detail` of a click by key is 0. */
export function useLayoutGuard(): LayoutGuard {
  const ref = useRef<HTMLDivElement>(null);
  const places = useRef<string | null>(null);
  const [settled, setSettled] = useState(true);
  const movedAt = useRef(Number.NEGATIVE_INFINITY);
  useLayoutEffect(() => {
    const now = placesOf(ref.current);
    const before = places.current;
    places.current = now;
    if (before === null || before === now) return;
    movedAt.current = performance.now();
    setSettled(false);
  });
  useEffect(() => {
    if (settled) return;
    const left = GUARD_MS - (performance.now() - movedAt.current);
    const timer = setTimeout(() => setSettled(true), Math.max(0, left));
    return () => clearTimeout(timer);
  });
  return {
    ref,
    settled,
    allows: ({ detail }) => detail === 0 || performance.now() - movedAt.current >= GUARD_MS,
  };
}

/** Top and height of each row, relative to the page: scrolling is the person's own doing and does not count. */
function placesOf(list: HTMLElement | null): string {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const scroll = list?.closest('.scroll')?.scrollTop ?? 0;
  return rows
    .map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return `${Math.round(top + scroll)}+${Math.round(height)}`;
    })
    .join(' ');
}
