/** Commands on saved profiles: use, undo, remove, reorder, and the fixes of lint. */
import { ownProfile } from './own-profile.ts';
import type { ProfileCommands, StoreParts } from './profiles-state.ts';

/** The actions over a store. */
export function profileCommands(parts: StoreParts): ProfileCommands {
  const { set, get, command } = parts;
  const settle = async (accepted: boolean, kind: 'switched' | 'undone') => {
    if (accepted) set({ feedback: { kind } });
    await get().refresh();
  };
  return {
    use: async (profileId) => settle(await command('profile.use', { profileId }), 'switched'),
    allow: async ({ params: { profile, program } }) =>
      settle(await command('profile.allow', { profileId: String(profile), program: String(program) }), 'switched'),
    undo: async (until) => settle(await command('profile.undo', until === undefined ? {} : { until }), 'undone'),
    async fix({ fix, rule, subject }) {
      if (fix === null) return;
      await settle(await command('lint.fix', { rule, subject }), 'switched');
    },
    ...listCommands(parts),
  };
}

function listCommands({ set, get, ids, command }: StoreParts): Omit<ProfileCommands, 'use' | 'allow' | 'undo' | 'fix'> {
  return {
    async remove(profile) {
      const at = ids().indexOf(profile.id);
      if (!(await command('profile.delete', { profileId: profile.id }))) return;
      set({ chosen: null, draft: null, feedback: { kind: 'deleted', profile, at } });
      await get().refresh();
    },
    async restore() {
      const { feedback } = get();
      if (feedback?.kind !== 'deleted') return;
      const { profile, at } = feedback;
      if (await command('profile.save', { profile: ownProfile(profile), at })) {
        set({ feedback: null, chosen: profile.id });
      }
    },
    async move(profileId, step) {
      const before = ids();
      const from = before.indexOf(profileId);
      const to = from + step;
      if (from < 0 || to < 0 || to >= before.length) return;
      const after = before.filter((id) => id !== profileId);
      after.splice(to, 0, profileId);
      await command('profile.order', { ids: after });
    },
    order: async (wanted) => void (await command('profile.order', { ids: wanted })),
  };
}
