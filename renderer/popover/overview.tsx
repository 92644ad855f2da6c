/** The first thing seen: the sentence (or the alert in its place), the profiles, the endpoints. */

import { DriftCard } from '../common/drift-card.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { AlertCard } from './alert-card.tsx';
import { EndpointList } from './endpoint-list.tsx';
import { Notices } from './notices.tsx';
import { ProfileList } from './profile-list.tsx';
import { ViewHeader } from './view-header.tsx';

export function Overview() {
  const alert = useSnapshot((state) => state.snapshot.alert);
  const demo = useSnapshot((state) => state.snapshot.demo);
  const t = useSnapshot((state) => state.t);
  return (
    <>
      {demo && (
        <span className="demo" data-testid="demo">
          {t('popover.demo')}
        </span>
      )}
      {alert === null ? <ViewHeader /> : <AlertCard alert={alert} />}
      <Notices />
      <DriftCard />
      <ProfileList />
      <EndpointList />
    </>
  );
}
