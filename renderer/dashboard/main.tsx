/** The dashboard's start: the same snapshot as the popover's, and queries about the past. */
import { createRoot } from 'react-dom/client';
import type { GopherbarApi } from '../../shared/contract/channels.ts';
import { createClient } from '../common/client.ts';
import { createPopoverStore } from '../popover/popover-store.ts';
import { StoreContext } from '../popover/use-popover.ts';
import { createDoctorStore, DoctorContext } from './doctor/doctor-store.ts';
import { createProfilesStore, ProfilesContext } from './profiles/profiles-store.ts';
import '../theme/tokens.css';
import '../theme/base.css';
import '../theme/popover.css';
import '../theme/details.css';
import '../theme/dashboard.css';
import '../theme/profiles.css';
import '../theme/doctor.css';
import '../theme/policy.css';
import '../theme/traffic.css';
import { DashboardContext } from './context.ts';
import { createDashboardStore } from './dashboard-store.ts';
import { DashboardView } from './dashboard-view.tsx';
import { createTrafficStore, TrafficContext } from './traffic/traffic-store.ts';

/** Mounts the dashboard over an API; exported for the gallery, which mounts it over a fake one. */
export async function mountDashboard(container: HTMLElement, api: GopherbarApi): Promise<void> {
  const client = createClient(api);
  const first = await client.request('snapshot.get', null);
  const store = createDashboardStore(client, first, Date.now());
  const snapshots = createPopoverStore(client, first);
  const profiles = createProfilesStore(client, () => snapshots.getState().snapshot);
  const doctor = createDoctorStore(client);
  const traffic = createTrafficStore(client);
  createRoot(container).render(
    <StoreContext value={snapshots}>
      <DashboardContext value={store}>
        <ProfilesContext value={profiles}>
          <DoctorContext value={doctor}>
            <TrafficContext value={traffic}>
              <DashboardView />
            </TrafficContext>
          </DoctorContext>
        </ProfilesContext>
      </DashboardContext>
    </StoreContext>,
  );
}

const root = document.getElementById('dashboard');
if (root !== null && window.gopherbar !== undefined) void mountDashboard(root, window.gopherbar);
