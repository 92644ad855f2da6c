/** The profiles: which one `go` uses, and what each would do now. One line each; the active one opens as a chain. */

import { DriftCard } from '../common/drift-card.tsx';
import { useSnapshot } from '../common/use-snapshot.ts';
import { useLayoutGuard } from './layout-guard.ts';
import { CustomRow, ProfileRow } from './profile-row.tsx';

export function ProfileList() {
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  const t = useSnapshot((state) => state.t);
  const guard = useLayoutGuard();
  const anyActive = profiles.some(({ active }) => active);
  return (
    <section className="section">
      <h2>
        <span>{t('popover.profiles')}</span>
        <GoStateText />
        <EditProfilesLink />
      </h2>
      <div
        className="list"
        role="radiogroup"
        aria-label={t('popover.profiles')}
        ref={guard.ref}
        data-testid="profiles"
        data-settled={guard.settled}
      >
        {!anyActive && <CustomRow />}
        {profiles.map((state, i) => (
          <ProfileRow key={state.profile.id} state={state} index={i} allows={guard.allows} />
        ))}
      </div>
      <Overrides />
      <DriftCard />
    </section>
  );
}

function EditProfilesLink() {
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  return (
    <button
      type="button"
      className="link"
      data-testid="edit-profiles"
      onClick={() => void send('dashboard.open', { endpointId: null, page: 'profiles' })}
    >
      {t('popover.edit-profiles')}
    </button>
  );
}

/** Where the mark of the active profile comes from. */
function GoStateText() {
  const go = useSnapshot((state) => state.snapshot.go);
  const t = useSnapshot((state) => state.t);
  if (go.state === 'detecting') return <span className="clip">{t('popover.looking')}</span>;
  if (go.state !== 'found') return null;
  return <span className="clip">{t('popover.in-force')}</span>;
}

function Overrides() {
  const go = useSnapshot((state) => state.snapshot.go);
  const t = useSnapshot((state) => state.t);
  const send = useSnapshot((state) => state.send);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  if (go.state !== 'found') return null;
  // A variable that no profile sets gets in no profile's way.
  const relevant = go.overrides.filter(({ variable }) =>
    profiles.some(({ profile }) => profile.variables[variable] !== undefined),
  );
  if (relevant.length === 0) return null;
  return (
    <p className="note warn" data-testid="override">
      {t('popover.override', { variable: relevant.map(({ variable }) => variable).join(', ') })}{' '}
      <button
        type="button"
        className="link"
        data-testid="show-override"
        onClick={() => void send('dashboard.open', { endpointId: null, page: 'effective' })}
      >
        {t('popover.show-where')}
      </button>
    </p>
  );
}
