/** The popover's state: a copy of the newest snapshot, and where the person is. No React in here. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestInput, RequestName, RequestOutput } from '../../shared/contract/channels.ts';
import type { Language, Problem, Snapshot } from '../../shared/domain/snapshot.ts';
import { chooseLanguage, type Translate, translator } from '../../shared/messages/messages.ts';
import type { Client } from '../common/client.ts';

export type View =
  | { readonly name: 'overview' }
  | { readonly name: 'endpoint'; readonly endpointId: string }
  | { readonly name: 'settings' };

/** A word about what was just done, until it is dismissed or the next one comes. */
export type Notice =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'undo'; readonly profileId: string }
  | { readonly kind: 'undone' };

export interface PopoverState {
  readonly snapshot: Snapshot;
  readonly view: View;
  readonly language: Language;
  readonly t: Translate;
  readonly notice: Notice | null;
  /** Grows each time the remedy should take the focus. */
  readonly alertFocus: number;
  show(view: View): void;
  dismissNotice(): void;
  /** Sends a request; a refusal becomes the notice. */
  send<N extends RequestName>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>>;
  switchTo(profileId: string): Promise<void>;
  undo(): Promise<void>;
}

export type PopoverStore = StoreApi<PopoverState>;

/** Creates the store and follows the main process's broadcasts. */
export function createPopoverStore(client: Client, first: Snapshot): PopoverStore {
  const speak = (snapshot: Snapshot) => chooseLanguage(snapshot.preferences.language, client.systemLanguages);
  const store = createStore<PopoverState>()((set, get) => ({
    snapshot: first,
    view: { name: 'overview' },
    language: speak(first),
    t: translator(speak(first)),
    notice: null,
    alertFocus: 0,
    show: (view) => set({ view }),
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
    const language = speak(snapshot);
    const { language: before, t } = store.getState();
    store.setState({ snapshot, language, t: language === before ? t : translator(language) });
  });
  client.on('view.show', (wanted) => {
    if (wanted.view === 'endpoint') store.setState({ view: { name: 'endpoint', endpointId: wanted.endpointId } });
    else if (wanted.view === 'settings') store.setState({ view: { name: 'settings' } });
    else store.setState({ view: { name: 'overview' } });
    if (wanted.view === 'alert') store.setState({ alertFocus: store.getState().alertFocus + 1 });
  });
  return store;
}

function isRefusal(output: unknown): output is { ok: false; problem: Problem } {
  return typeof output === 'object' && output !== null && 'ok' in output && output.ok === false;
}
