/** The dashboard's start: the same snapshot as the popover's, and queries about the past. */
import { createRoot } from 'react-dom/client';
import type { BroadcastPayload, GopherbarApi } from '../../shared/contract/channels.ts';
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
import './dashboard.css';
import './shell.css';
import './history/history.css';
import './profiles/profiles.css';
import './doctor/doctor.css';
import './policy/policy.css';
import './traffic/traffic.css';
import './settings/settings.css';
import './gateway/gateway.css';
import { createDashboardStore, type DashboardStore } from './dashboard-store.ts';
import { DashboardView } from './dashboard-view.tsx';
import { createDoctorStore } from './doctor/doctor-store.ts';
import { DoctorContext } from './doctor/use-doctor.ts';
import { pageMemory } from './page-memory.ts';
import { createProfilesStore } from './profiles/profiles-store.ts';
import { ProfilesContext } from './profiles/use-profiles.ts';
import { createSettingsStore } from './settings/settings-store.ts';
import { SettingsContext } from './settings/use-settings.ts';
import { createTrafficStore } from './traffic/traffic-store.ts';
import { TrafficContext } from './traffic/use-traffic.ts';
import { DashboardContext } from './use-dashboard.ts';

async function mount(container: HTMLElement, api: GopherbarApi): Promise<void> {
  const client = createClient(api);
  // A page may be requested before the snapshot has arrived.
  let wanted: BroadcastPayload<'dashboard.show'> | null = null;
  const stop = client.on('dashboard.show', (payload) => {
    wanted = payload;
  });
  const first = await client.request('snapshot.get', null);
  stop();
  const snapshots = createSnapshotStore(client, first);
  const dashboard = createDashboardStore(client, { first, now: Date.now(), memory: pageMemory(localStorage) });
  showWanted(dashboard, wanted);
  // A refusal speaks of the page it happened on.
  dashboard.subscribe(({ page }, before) => page !== before.page && snapshots.getState().dismissNotice());
  const profiles = createProfilesStore(client, () => snapshots.getState().snapshot);
  const doctor = createDoctorStore(client);
  const traffic = createTrafficStore(client);
  const gateway = createGatewayStore(client);
  const settings = createSettingsStore(client);
  createRoot(container).render(
    <SnapshotContext value={snapshots}>
      <DashboardContext value={dashboard}>
        <ProfilesContext value={profiles}>
          <DoctorContext value={doctor}>
            <TrafficContext value={traffic}>
              <GatewayContext value={gateway}>
                <SettingsContext value={settings}>
                  <ErrorBoundary page="dashboard">
                    <DashboardView />
                  </ErrorBoundary>
                </SettingsContext>
              </GatewayContext>
            </TrafficContext>
          </DoctorContext>
        </ProfilesContext>
      </DashboardContext>
    </SnapshotContext>,
  );
}

function showWanted(dashboard: DashboardStore, wanted: BroadcastPayload<'dashboard.show'> | null): void {
  if (wanted === null) return;
  const { goTo, choose, showSettings } = dashboard.getState();
  if (wanted.page !== null) goTo(wanted.page);
  if (wanted.section !== null) showSettings(wanted.section);
  if (wanted.endpointId !== null) choose(wanted.endpointId);
}

startPage('dashboard', mount);
