/** The page's start: asks for the snapshot, then paints once with it and follows. */
import { createRoot } from 'react-dom/client';
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import { createClient } from '../common/client.ts';
import { createPopoverStore } from './popover-store.ts';
import { StoreContext } from './use-popover.ts';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/popover.css';
import '../theme/details.css';
import '../theme/profiles.css';
import { App } from './app.tsx';

/** Mounts the popover over an API; exported for the gallery, which mounts it over a fake one. */
export async function mount(container: HTMLElement, api: GopherbarApi): Promise<void> {
  const client = createClient(api);
  const store = createPopoverStore(client, await client.request('snapshot.get', null));
  createRoot(container).render(
    <StoreContext value={store}>
      <App />
    </StoreContext>,
  );
}

declare global {
  interface Window {
    readonly gopherbar?: GopherbarApi;
  }
}

const root = document.getElementById('root');
if (root !== null && window.gopherbar !== undefined) void mount(root, window.gopherbar);
