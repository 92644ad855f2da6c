/** The profile that is looked at: the chosen one, else the active one, else the first. */
import type { ProfileState } from '../../../shared/domain/snapshot.ts';
import { usePopover } from '../../popover/use-popover.ts';
import { useProfiles } from './profiles-store.ts';

/** null when there are no profiles at all. */
export function useLooked(): ProfileState | null {
  const chosen = useProfiles((state) => state.chosen);
  const profiles = usePopover((state) => state.snapshot.profiles);
  return (
    profiles.find(({ profile }) => profile.id === chosen) ??
    profiles.find(({ active }) => active) ??
    profiles[0] ??
    null
  );
}
