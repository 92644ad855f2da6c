/**
 * What both windows share: a copy of the newest snapshot, the language, and requests whose refusal becomes a notice.
 * Plain zustand; the hooks stand in use-snapshot.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandName, QueryName, RequestInput, RequestOutput } from '../../shared/contract/channels.ts';
import type { Language, Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Client } from './client.ts';
import { INTERNAL_PROBLEM, runCommand, runQuery } from './safe-requests.ts';

/** The result of the last command, shown until it is dismissed or replaced by the next one. */
export type Notice = { readonly kind: 'problem'; readonly problem: Problem } | { readonly kind: 'undone' };

export interface SnapshotState {
  readonly snapshot: Snapshot;
  readonly language: Language;
  readonly t: Translate;
  readonly notice: Notice | null;
  dismissNotice(): void;
  /** Sends a command. Never rejects: a refusal or a failure becomes the notice and is returned as well. */
  send<N extends CommandName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  /** Asks for data. Never rejects: null when it could not be had, and then there is a notice. */
  query<N extends QueryName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N> | null>;
  switchTo(profileId: string): Promise<void>;
  /** Answers the problem `runs-program`: lets the profile run what the problem names, and switches. */
  allowProgram(problem: Problem): Promise<void>;
  undo(): Promise<void>;
}

export type SnapshotStore = StoreApi<SnapshotState>;

/** Creates the store and follows the main process's broadcasts. */
export function createSnapshotStore(client: Client, first: Snapshot): SnapshotStore {
  const languageOf = (snapshot: Snapshot) => chooseLanguage(snapshot.preferences.language, client.systemLanguages);
  const store = createStore<SnapshotState>()((set, get) => ({
    snapshot: first,
    language: languageOf(first),
    t: translator(languageOf(first), reportMessage),
    notice: null,
    dismissNotice: () => set({ notice: null }),
    async send(name, input) {
      const output = await runCommand(client, name, input);
      if (!output.ok) set({ notice: { kind: 'problem', problem: output.problem } });
      return output;
    },
    query: (name, input) =>
      runQuery(client, name, input, () => set({ notice: { kind: 'problem', problem: INTERNAL_PROBLEM } })),
    async switchTo(profileId) {
      set({ notice: null });
      await get().send('profile.use', { profileId });
    },
    async allowProgram({ params }) {
      set({ notice: null });
      await get().send('profile.allow', { profileId: String(params.profile), program: String(params.program) });
    },
    async undo() {
      set({ notice: null });
      const done = await get().send('profile.undo', {});
      if (done.ok) set({ notice: { kind: 'undone' } });
    },
  }));
  client.on('snapshot.changed', (snapshot) => {
    const language = languageOf(snapshot);
    const { language: before, t } = store.getState();
    store.setState({ snapshot, language, t: language === before ? t : translator(language, reportMessage) });
  });
  return store;
}

function reportMessage(key: string, error: unknown): void {
  console.error(`the message ${key} could not be formatted`, error);
}
