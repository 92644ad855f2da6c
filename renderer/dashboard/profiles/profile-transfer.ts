/** Profiles out of and into the app: clipboard, export and import. */
import { exportProfiles, importProfiles } from '../../../shared/contract/profile-exchange.ts';
import { freeId } from '../../../shared/domain/profile-templates.ts';
import { ownProfile } from './own-profile.ts';
import type { ProfileTransfer, StoreParts } from './profiles-state.ts';

/** The actions over a store. */
export function profileTransfer({ set, get, ids, command }: StoreParts): ProfileTransfer {
  return {
    async copy(text) {
      if (await command('clipboard.write', { text })) set({ feedback: { kind: 'copied' } });
    },
    exported: (profiles) => get().copy(exportProfiles(profiles)),
    async imported(text) {
      const read = importProfiles(text);
      if (!read.ok) {
        set({ feedback: { kind: 'problem', problem: { key: 'import-refused', params: { detail: read.detail } } } });
        return false;
      }
      const taken = ids();
      for (const profile of read.profiles) {
        const id = freeId(profile.id, taken);
        taken.push(id);
        if (!(await command('profile.save', { profile: ownProfile({ ...profile, id, networks: [] }) }))) return false;
      }
      set({ feedback: { kind: 'imported', count: read.profiles.length } });
      return true;
    },
  };
}
