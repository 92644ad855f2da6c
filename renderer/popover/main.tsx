/** The popover's start: asks for the snapshot, then paints once with it and follows. */
import { createRoot } from 'react-dom/client';
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import { createClient } from '../common/client.ts';
import { createSnapshotStore } from '../common/snapshot-store.ts';
import { SnapshotContext } from '../common/use-snapshot.ts';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/parts.css';
import './popover.css';
import './details.css';
import { App } from './app.tsx';
import { createPopoverStore } from './popover-store.ts';
import { PopoverContext } from './use-popover.ts';

/** Mounts the popover over an API; exported for the gallery, which mounts it over a fake one. */
export async function mount(container: HTMLElement, api: GopherbarApi): Promise<void> {
  const client = createClient(api);
  const snapshots = createSnapshotStore(client, await client.request('snapshot.get', null));
  const popover = createPopoverStore(client);
  createRoot(container).render(
    <SnapshotContext value={snapshots}>
      <PopoverContext value={popover}>
        <App />
      </PopoverContext>
    </SnapshotContext>,
  );
}

const root = document.getElementById('root');
if (root !== null && window.gopherbar !== undefined) void mount(root, window.gopherbar);
