/** Editing a profile: a draft is begun, changed and saved. */
import { freeId, fromTemplate } from '../../../shared/domain/profile-templates.ts';
import { ownProfile } from './own-profile.ts';
import type { ProfileDrafts, StoreParts } from './profiles-state.ts';

/** The actions over a store. */
export function profileDrafts({ set, get, ids, command }: StoreParts): ProfileDrafts {
  return {
    edit: (profile) => set({ draft: { ...profile, builtIn: false } }),
    begin: (template) => set({ draft: fromTemplate(template, {}, freeId(template.id, ids())) }),
    duplicate(profile) {
      set({ draft: { ...profile, id: freeId(`${profile.id}-2`, ids()), builtIn: false, networks: [] } });
    },
    change(part) {
      const { draft } = get();
      if (draft !== null) set({ draft: { ...draft, ...part } });
    },
    cancel: () => set({ draft: null }),
    async save() {
      const { draft } = get();
      if (draft === null || !(await command('profile.save', { profile: ownProfile(draft) }))) return;
      set({ draft: null, chosen: draft.id });
      await get().refresh();
    },
  };
}
