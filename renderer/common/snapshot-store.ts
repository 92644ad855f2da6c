/**
 * What both windows share: a copy of the newest snapshot, the language, and requests whose refusal becomes a notice.
 * Plain zustand; the hooks stand in use-snapshot.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestInput, RequestName, RequestOutput } from '../../shared/contract/channels.ts';
import type { Language, Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Client } from './client.ts';

/** The result of the last command, shown until it is dismissed or replaced by the next one. */
export type Notice =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'undo'; readonly profileId: string }
  | { readonly kind: 'undone' };

export interface SnapshotState {
  readonly snapshot: Snapshot;
  readonly language: Language;
  readonly t: Translate;
  readonly notice: Notice | null;
  dismissNotice(): void;
  /** Sends a request. A refusal becomes the notice and is returned as well. */
  send<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  switchTo(profileId: string): Promise<void>;
  undo(): Promise<void>;
}

export type SnapshotStore = StoreApi<SnapshotState>;

/** Creates the store and follows the main process's broadcasts. */
export function createSnapshotStore(client: Client, first: Snapshot): SnapshotStore {
  const languageOf = (snapshot: Snapshot) => chooseLanguage(snapshot.preferences.language, client.systemLanguages);
  const store = createStore<SnapshotState>()((set, get) => ({
    snapshot: first,
    language: languageOf(first),
    t: translator(languageOf(first)),
    notice: null,
    dismissNotice: () => set({ notice: null }),
    async send(name, input) {
      const output = await client.request(name, input);
      if (isRefusal(output)) set({ notice: { kind: 'problem', problem: output.problem } });
      return output;
    },
    async switchTo(profileId) {
      set({ notice: null });
      const done = await get().send('profile.use', { profileId });
      if (done.ok) set({ notice: { kind: 'undo', profileId } });
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
    store.setState({ snapshot, language, t: language === before ? t : translator(language) });
  });
  return store;
}

function isRefusal(output: unknown): output is { ok: false; problem: Problem } {
  return typeof output === 'object' && output !== null && 'ok' in output && output.ok === false;
}
