/** React's access to the popover's own store. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { PopoverState, PopoverStore } from './popover-store.ts';

export const PopoverContext = createContext<PopoverStore | null>(null);

/** The store itself, for handlers that live longer than a render. */
export function usePopoverStore(): PopoverStore {
  const store = useContext(PopoverContext);
  if (store === null) throw new Error('usePopover needs a PopoverContext above it');
  return store;
}

/** Selects from the popover's state. */
export function usePopover<T>(select: (state: PopoverState) => T): T {
  return useStore(usePopoverStore(), select);
}
