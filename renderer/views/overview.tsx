/** The first thing seen: the sentence (or the alert in its place), the profiles, the endpoints. */
import { AlertCard } from '../components/alert-card.tsx';
import { DriftCard } from '../components/drift-card.tsx';
import { EndpointList } from '../components/endpoint-list.tsx';
import { Head } from '../components/head.tsx';
import { Notices } from '../components/notices.tsx';
import { ProfileList } from '../components/profile-list.tsx';
import { usePopover } from '../store/use-popover.ts';

export function Overview() {
  const alert = usePopover((state) => state.snapshot.alert);
  const demo = usePopover((state) => state.snapshot.demo);
  const t = usePopover((state) => state.t);
  return (
    <>
      {demo && (
        <span className="demo" data-testid="demo">
          {t('popover.demo')}
        </span>
      )}
      {alert === null ? <Head /> : <AlertCard alert={alert} />}
      <Notices />
      <DriftCard />
      <ProfileList />
      <EndpointList />
    </>
  );
}
