/** The thin hook over the store, and the clock that makes ages tick while somebody looks. */
import { createContext, useContext, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { PopoverState, PopoverStore } from './popover-store.ts';

export const StoreContext = createContext<PopoverStore | null>(null);

/** The store itself: for what outlives a render. */
export function usePopoverStore(): PopoverStore {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('the popover needs a StoreContext above it');
  return store;
}

/** Selects from the popover's state. */
export function usePopover<T>(select: (state: PopoverState) => T): T {
  return useStore(usePopoverStore(), select);
}

/** The present instant, once a second, only while the page shows. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    let timer: number | undefined;
    const follow = () => {
      clearInterval(timer);
      if (document.hidden) return;
      setNow(Date.now());
      timer = setInterval(() => setNow(Date.now()), 1_000) as unknown as number;
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', follow);
    };
  }, []);
  return now;
}
