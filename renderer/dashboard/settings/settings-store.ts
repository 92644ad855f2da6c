/** The settings page: the file as it was read last, and changes of it. Plain zustand. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestOutput } from '../../../shared/contract/channels.ts';
import type { ImportPreview, SettingsPatch, SettingsView } from '../../../shared/contract/settings-change.ts';
import type { Problem } from '../../../shared/domain/snapshot.ts';
import type { UpdateState } from '../../../shared/domain/update.ts';
import type { Client } from '../../common/client.ts';
import { runCommand, runQuery } from '../../common/safe-requests.ts';

/** What is said after a change: it can be undone, or it was refused. */
export type SettingsNotice =
  | { readonly kind: 'removed'; readonly name: string }
  | { readonly kind: 'exported'; readonly hidden: readonly string[] }
  | { readonly kind: 'imported' | 'reset' | 'undone' }
  | { readonly kind: 'problem'; readonly problem: Problem };

type Done = RequestOutput<'settings.change'>;
type PlainCommand =
  | 'settings.reset'
  | 'settings.folder'
  | 'settings.diagnostics'
  | 'settings.open'
  | 'updates.check'
  | 'updates.install';

export interface SettingsState {
  /** null before the first answer. */
  readonly view: SettingsView | null;
  /** null before the first answer. */
  readonly updates: UpdateState | null;
  /** The settings could not be read. */
  readonly failed: boolean;
  readonly notice: SettingsNotice | null;
  /** A file that was chosen and waits for a yes. */
  readonly offered: ImportPreview | null;
  load(): Promise<void>;
  /** Sends new values of sections; the notice is shown on success. */
  change(patch: SettingsPatch, notice?: SettingsNotice): Promise<Done>;
  undo(): Promise<void>;
  run(command: PlainCommand, notice?: SettingsNotice): Promise<void>;
  /** Lets the person choose a program or a certificate. */
  choose(what: 'go' | 'git' | 'ca'): Promise<void>;
  /** Lets the person choose where to write all settings. */
  exportAll(): Promise<void>;
  chooseImport(): Promise<void>;
  acceptImport(): Promise<void>;
  refuseImport(): void;
  dismiss(): void;
}

export type SettingsStore = StoreApi<SettingsState>;

/** Creates the store; nothing is asked before `load`. */
export function createSettingsStore(client: Client): SettingsStore {
  const store = createStore<SettingsState>()((set, get) => {
    /** Shows what came of a command, and the settings as they are now. */
    const finish = async (done: Done, notice: SettingsNotice | null = null): Promise<Done> => {
      set({ notice: done.ok ? notice : { kind: 'problem', problem: done.problem } });
      await get().load();
      return done;
    };
    return {
      view: null,
      updates: null,
      failed: false,
      notice: null,
      offered: null,
      async load() {
        const [view, updates] = await Promise.all([
          runQuery(client, 'settings.get', null),
          runQuery(client, 'updates.get', null),
        ]);
        set(view === null ? { failed: true } : { view, updates: updates ?? get().updates, failed: false });
      },
      async change(patch, notice) {
        const { revision = '' } = get().view ?? {};
        return finish(await runCommand(client, 'settings.change', { revision, patch }), notice ?? null);
      },
      async undo() {
        await finish(await runCommand(client, 'settings.undo', null), { kind: 'undone' });
      },
      async run(command, notice) {
        await finish(await runCommand(client, command, null), notice ?? null);
      },
      async choose(what) {
        await finish(await runCommand(client, 'settings.choose', { what }));
      },
      async exportAll() {
        const done = await runCommand(client, 'settings.export', null);
        if (!done.ok) set({ notice: { kind: 'problem', problem: done.problem } });
        else if (done.value !== null) set({ notice: { kind: 'exported', hidden: done.value } });
      },
      async chooseImport() {
        const chosen = await runCommand(client, 'settings.import-choose', null);
        if (!chosen.ok) await finish(chosen);
        else set({ offered: chosen.value, notice: null });
      },
      async acceptImport() {
        set({ offered: null });
        await finish(await runCommand(client, 'settings.import', null), { kind: 'imported' });
      },
      refuseImport: () => set({ offered: null }),
      dismiss: () => set({ notice: null }),
    };
  });
  client.on('updates.changed', (updates) => store.setState({ updates }));
  return store;
}
