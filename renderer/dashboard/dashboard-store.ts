/** What the dashboard looks at: an endpoint, a span, and what was answered about them. No React in here. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SettingsPageName } from '../../shared/domain/settings-sections.ts';
import type { DashboardPage, Snapshot } from '../../shared/domain/snapshot.ts';
import { type Chart, type Dashboard, RANGES, type Range } from '../../shared/domain/timeline.ts';
import type { Client } from '../common/client.ts';

/** A span that was zoomed into; null = the range, which moves with the time. */
export type Zoom = { readonly from: number; readonly to: number } | null;

export interface DashboardState {
  readonly page: DashboardPage;
  /** Of the settings page. */
  readonly section: SettingsPageName;
  /** The dialog of a new endpoint was asked for from elsewhere; the section opens it once. */
  readonly addingEndpoint: boolean;
  /** The welcome was asked for again. */
  readonly welcome: boolean;
  readonly endpointId: string | null;
  readonly range: Range;
  readonly zoom: Zoom;
  /** Of what was asked for last; null while the first is on its way. */
  readonly chart: Chart | null;
  readonly dashboard: Dashboard | null;
  /** The last query failed: the history could not be read. */
  readonly failed: boolean;
  goTo(page: DashboardPage): void;
  /** Shows a section of the settings. */
  showSettings(section: SettingsPageName): void;
  /** Shows the endpoints of the settings, with the dialog of a new one. */
  addEndpoint(): void;
  /** The dialog has opened. */
  endpointDialogOpened(): void;
  showWelcome(shown: boolean): void;
  choose(endpointId: string): void;
  setRange(range: Range): void;
  setZoom(zoom: Zoom): void;
  /** Queries again, as of an instant. */
  refresh(now: number): Promise<void>;
}

export type DashboardStore = StoreApi<DashboardState>;

/** Two probes at the usual pace: there is nothing to see in less. */
const LEAST_ZOOM_MS = 60_000;

/** Remembers the page from one opening of the window to the next. */
export interface PageMemory {
  read(): DashboardPage | null;
  write(page: DashboardPage): void;
}

export interface DashboardStart {
  readonly first: Snapshot;
  /** Epoch ms. */
  readonly now: number;
  readonly memory: PageMemory;
}

/** Creates the store, on the remembered page and the endpoint the verdict is about. */
export function createDashboardStore(client: Client, { first, now, memory }: DashboardStart): DashboardStore {
  const store = createStore<DashboardState>()((set, get) => {
    let asked = 0;
    const ask = async (at: number) => {
      const turn = ++asked;
      const { endpointId, range, zoom } = get();
      try {
        const [dashboard, chart] = await Promise.all([
          client.request('dashboard.get', null),
          endpointId === null
            ? null
            : client.request('chart.get', { endpointId, ...(zoom ?? { from: at - RANGES[range], to: at }) }),
        ]);
        // A slower answer to an older question is out of date.
        if (turn === asked) set({ dashboard, chart, failed: false });
      } catch {
        if (turn === asked) set({ failed: true });
      }
    };
    return {
      page: memory.read() ?? 'history',
      section: 'general',
      addingEndpoint: false,
      endpointId: first.verdict.endpointId ?? first.endpoints[0]?.endpoint.id ?? null,
      range: '24h',
      zoom: null,
      chart: null,
      dashboard: null,
      failed: false,
      welcome: false,
      goTo: (page) => set({ page }),
      showSettings: (section) => set({ page: 'settings', section }),
      addEndpoint: () => set({ page: 'settings', section: 'endpoints', addingEndpoint: true }),
      endpointDialogOpened: () => set({ addingEndpoint: false }),
      showWelcome: (welcome) => set({ welcome }),
      choose(endpointId) {
        set({ endpointId });
        void ask(Date.now());
      },
      setRange(range) {
        set({ range, zoom: null });
        void ask(Date.now());
      },
      setZoom(zoom) {
        if (zoom !== null && zoom.to - zoom.from < LEAST_ZOOM_MS) return;
        set({ zoom });
        void ask(Date.now());
      },
      refresh: ask,
    };
  });
  client.on('dashboard.show', ({ endpointId, page, section }) => {
    if (page !== null) store.setState({ page });
    if (section !== null) store.getState().showSettings(section);
    if (endpointId !== null) store.getState().choose(endpointId);
  });
  store.subscribe(({ page }, before) => page !== before.page && memory.write(page));
  void store.getState().refresh(now);
  return store;
}
