/** The popover's start: asks for the snapshot, then paints once with it and follows. */
import { createRoot } from 'react-dom/client';
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import { createClient } from '../common/client.ts';
import { ErrorBoundary } from '../common/error-boundary.tsx';
import { createGatewayStore } from '../common/gateway-store.ts';
import { createSnapshotStore } from '../common/snapshot-store.ts';
import { startPage } from '../common/start-page.ts';
import { GatewayContext } from '../common/use-gateway.ts';
import { SnapshotContext } from '../common/use-snapshot.ts';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/parts.css';
import './popover.css';
import './details.css';
import { App } from './app.tsx';
import { createPopoverStore } from './popover-store.ts';
import { PopoverContext } from './use-popover.ts';

async function mount(container: HTMLElement, api: GopherbarApi): Promise<void> {
  const client = createClient(api);
  const snapshots = createSnapshotStore(client, await client.request('snapshot.get', null));
  const popover = createPopoverStore(client);
  const gateway = createGatewayStore(client);
  createRoot(container).render(
    <SnapshotContext value={snapshots}>
      <PopoverContext value={popover}>
        <GatewayContext value={gateway}>
          <ErrorBoundary page="popover">
            <App />
          </ErrorBoundary>
        </GatewayContext>
      </PopoverContext>
    </SnapshotContext>,
  );
}

startPage('root', mount);
