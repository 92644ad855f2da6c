/** Where the person is in the popover: the view, and when the remedy should take the focus. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../common/client.ts';

export type View =
  | { readonly name: 'overview' }
  | { readonly name: 'endpoint'; readonly endpointId: string }
  | { readonly name: 'settings' };

export interface PopoverState {
  readonly view: View;
  /** Grows each time the remedy should take the focus. */
  readonly alertFocus: number;
  show(view: View): void;
}

export type PopoverStore = StoreApi<PopoverState>;

/** Creates the store and follows the main process's requests to show a view. */
export function createPopoverStore(client: Client): PopoverStore {
  const store = createStore<PopoverState>()((set) => ({
    view: { name: 'overview' },
    alertFocus: 0,
    show: (view) => set({ view }),
  }));
  client.on('view.show', (wanted) => {
    const { show, alertFocus } = store.getState();
    if (wanted.view === 'endpoint') show({ name: 'endpoint', endpointId: wanted.endpointId });
    else if (wanted.view === 'settings') show({ name: 'settings' });
    else show({ name: 'overview' });
    if (wanted.view === 'alert') store.setState({ alertFocus: alertFocus + 1 });
  });
  return store;
}
