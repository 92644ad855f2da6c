/** The profile that is looked at: the chosen one, else the active one, else the first. */
import type { ProfileState } from '../../../shared/domain/snapshot.ts';
import { useSnapshot } from '../../common/use-snapshot.ts';
import { useProfiles } from './use-profiles.ts';

/** null when there are no profiles at all. */
export function useShownProfile(): ProfileState | null {
  const chosen = useProfiles((state) => state.chosen);
  const profiles = useSnapshot((state) => state.snapshot.profiles);
  return (
    profiles.find(({ profile }) => profile.id === chosen) ??
    profiles.find(({ active }) => active) ??
    profiles[0] ??
    null
  );
}
