/** Where the person is in the popover: the view, and when the remedy should take the focus. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../common/client.ts';

export type View =
  | { readonly name: 'overview' }
  | { readonly name: 'endpoint'; readonly endpointId: string }
  | { readonly name: 'settings' };

export interface PopoverState {
  readonly view: View;
  /** The view before this one, when it was left by a key or button of the popover; null otherwise. */
  readonly cameFrom: View | null;
  /** Grows each time the remedy should take the focus. */
  readonly alertFocus: number;
  show(view: View): void;
}

export type PopoverStore = StoreApi<PopoverState>;

/** Creates the store and follows the main process's requests to show a view. */
export function createPopoverStore(client: Client): PopoverStore {
  const store = createStore<PopoverState>()((set, get) => ({
    view: { name: 'overview' },
    cameFrom: null,
    alertFocus: 0,
    show: (view) => set({ view, cameFrom: get().view }),
  }));
  client.on('view.show', (wanted) => {
    const { alertFocus } = store.getState();
    store.setState({ view: viewOf(wanted), cameFrom: null });
    if (wanted.view === 'alert') store.setState({ alertFocus: alertFocus + 1 });
  });
  return store;
}

function viewOf(wanted: { readonly view: string; readonly endpointId?: string | undefined }): View {
  if (wanted.view === 'endpoint' && wanted.endpointId !== undefined) {
    return { name: 'endpoint', endpointId: wanted.endpointId };
  }
  return wanted.view === 'settings' ? { name: 'settings' } : { name: 'overview' };
}
