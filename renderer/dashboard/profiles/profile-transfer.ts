/** Profiles out of and into the app: clipboard, export and import. */
import { exportProfiles, importProfiles } from '../../../shared/contract/profile-exchange.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import { freeId } from '../../../shared/domain/profile-templates.ts';
import { weakeningsOf } from '../../../shared/domain/weakenings.ts';
import { ownProfile } from './own-profile.ts';
import type { ProfileTransfer, StoreParts } from './profiles-state.ts';

/** The actions over a store. */
export function profileTransfer({ set, get, ids, command }: StoreParts): ProfileTransfer {
  const take = async (profiles: readonly Profile[]) => {
    const taken = ids();
    for (const profile of profiles) {
      const id = freeId(profile.id, taken);
      taken.push(id);
      if (!(await command('profile.save', { profile: ownProfile({ ...profile, id, networks: [] }) }))) return false;
    }
    set({ offered: null, feedback: { kind: 'imported', count: profiles.length } });
    return true;
  };
  return {
    async copy(text) {
      if (await command('clipboard.write', { text })) set({ feedback: { kind: 'copied' } });
    },
    exported: (profiles) => get().copy(exportProfiles(profiles)),
    async imported(text) {
      const read = importProfiles(text);
      if (!read.ok) {
        set({ feedback: { kind: 'problem', problem: { key: 'import-refused', params: { ...read.mistake } } } });
        return false;
      }
      const weakenings = read.profiles.flatMap((profile) => weakeningsOf(profile));
      if (weakenings.length === 0) return take(read.profiles);
      set({ offered: { profiles: read.profiles, weakenings }, feedback: null });
      return false;
    },
    async acceptOffered() {
      const { offered } = get();
      return offered !== null && take(offered.profiles);
    },
    refuseOffered: () => set({ offered: null }),
  };
}
