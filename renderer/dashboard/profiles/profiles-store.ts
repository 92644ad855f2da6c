/**
 * The profiles page: which profile is shown or edited, and what the main process answered about it. Plain zustand;
 * the actions stand by topic in profile-drafts.ts, profile-commands.ts and profile-transfer.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Snapshot } from '../../../shared/domain/snapshot.ts';
import type { Client } from '../../common/client.ts';
import { runCommand, runQuery } from '../../common/safe-requests.ts';
import { profileCommands } from './profile-commands.ts';
import { profileDrafts } from './profile-drafts.ts';
import { profileTransfer } from './profile-transfer.ts';
import type { ProfilesState, RouteQuestion, StoreParts } from './profiles-state.ts';

export type ProfilesStore = StoreApi<ProfilesState>;

/** Creates the store; `snapshot` returns the newest one. */
export function createProfilesStore(client: Client, snapshot: () => Snapshot): ProfilesStore {
  return createStore<ProfilesState>()((set, get) => {
    const ids = () => snapshot().profiles.map(({ profile }) => profile.id);
    const parts: StoreParts = { set, get, ids, command: commander(client, set) };
    const refresh = refresher(client, set, () => ({
      profileId: get().chosen ?? snapshot().profiles.find(({ active }) => active)?.profile.id ?? ids()[0] ?? null,
      question: get().question,
    }));
    return {
      chosen: null,
      draft: null,
      plan: null,
      routes: [],
      question: { modulePath: 'golang.org/x/text', kind: 'public' },
      findings: null,
      feedback: null,
      offered: null,
      choose(profileId) {
        set({ chosen: profileId, draft: null, plan: null });
        void refresh();
      },
      refresh,
      ask(question) {
        set({ question });
        void refresh();
      },
      dismiss: () => set({ feedback: null }),
      ...profileDrafts(parts),
      ...profileCommands(parts),
      ...profileTransfer(parts),
    };
  });
}

function commander(client: Client, set: StoreParts['set']): StoreParts['command'] {
  return async (name, input) => {
    const output = await runCommand(client, name, input);
    if (!output.ok) set({ feedback: { kind: 'problem', problem: output.problem } });
    return output.ok;
  };
}

interface Wanted {
  readonly profileId: string | null;
  readonly question: RouteQuestion;
}

/** Only the answers to the newest question are taken. */
function refresher(client: Client, set: StoreParts['set'], wanted: () => Wanted): () => Promise<void> {
  let latest = 0;
  return async () => {
    const turn = ++latest;
    const { profileId, question } = wanted();
    const [plan, routes, findings] = await Promise.all([
      profileId === null ? null : runCommand(client, 'profile.plan', { profileId }),
      runQuery(client, 'routes.get', question),
      runQuery(client, 'lint.get', null),
    ]);
    if (turn === latest) set({ plan, routes: routes ?? [], findings });
  };
}
