import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeApi } from '../../e2e/doubles/fake-api.ts';
import { SAMPLE_AT, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { RequestInput } from '../../shared/contract/channels.ts';
import type { Chart, Dashboard } from '../../shared/domain/timeline.ts';
import { createClient } from '../common/client.ts';
import { createDashboardStore, type DashboardStore } from './dashboard-store.ts';
import { pageMemory } from './page-memory.ts';

const HOUR = 3_600_000;
const EMPTY: Dashboard = { at: SAMPLE_AT, uptime: [], incidents: [], events: [], lag: [], mirrors: [], drills: [] };

let api: FakeApi;
let stored: Map<string, string>;
const storage = {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => void stored.set(key, value),
};

function chart({ endpointId, from, to }: RequestInput<'chart.get'>): Chart {
  const nothing = { columns: [], gaps: [], incidents: [], events: [], changePoints: [] };
  return { endpointId, from, to, since: null, ...nothing };
}

beforeEach(() => {
  api = new FakeApi();
  stored = new Map();
  api.answer('dashboard.get', () => EMPTY);
  api.answer('chart.get', chart);
});

async function opened(snapshot = sampleSnapshot()): Promise<DashboardStore> {
  const store = createDashboardStore(createClient(api), {
    first: snapshot,
    now: SAMPLE_AT,
    memory: pageMemory(storage),
  });
  await vi.waitFor(() => expect(store.getState().dashboard).not.toBeNull());
  return store;
}

describe('the dashboard store', () => {
  it('opens on the endpoint that the verdict is about, over the last 24 hours', async () => {
    const { verdict } = sampleSnapshot();
    const store = await opened(sampleSnapshot({ verdict: { ...verdict, endpointId: 'second' } }));
    expect(store.getState().chart).toMatchObject({ endpointId: 'second', from: SAMPLE_AT - 24 * HOUR, to: SAMPLE_AT });
  });

  it('asks for no chart when there is no endpoint', async () => {
    const store = await opened(sampleSnapshot({ endpoints: [] }));
    expect(api.names()).toEqual(['dashboard.get']);
    expect(store.getState().chart).toBeNull();
  });

  it('shows the requested page and endpoint', async () => {
    const store = await opened();
    api.broadcast('dashboard.show', { endpointId: 'second', page: 'doctor', section: null });
    expect(store.getState().page).toBe('doctor');
    await vi.waitFor(() => expect(store.getState().chart?.endpointId).toBe('second'));
    api.broadcast('dashboard.show', { endpointId: null, page: 'policy', section: null });
    expect(store.getState()).toMatchObject({ page: 'policy', endpointId: 'second' });
    api.broadcast('dashboard.show', { endpointId: null, page: null, section: 'endpoints' });
    expect(store.getState()).toMatchObject({ page: 'settings', section: 'endpoints', endpointId: 'second' });
  });

  it('opens on the page that was shown last', async () => {
    (await opened()).getState().goTo('traffic');
    const again = await opened();
    expect(again.getState().page).toBe('traffic');
    api.broadcast('dashboard.show', { endpointId: null, page: null, section: null });
    expect(again.getState().page).toBe('traffic');
    stored.set('dashboard-page', 'gone');
    expect((await opened()).getState().page).toBe('history');
  });

  it('keeps the answer to the newest question when an older one comes later', async () => {
    const store = await opened();
    let release = () => {};
    api.answer('chart.get', async (input) => {
      if (input.endpointId === 'first') await new Promise<void>((resolve) => (release = resolve));
      return chart(input);
    });
    store.getState().choose('first');
    store.getState().choose('second');
    await vi.waitFor(() => expect(store.getState().chart?.endpointId).toBe('second'));
    release();
    await api.settled();
    expect(store.getState().chart?.endpointId).toBe('second');
  });

  it('zooms no further than a minute, and a new range ends the zoom', async () => {
    const store = await opened();
    store.getState().setZoom({ from: 0, to: 59_000 });
    expect(store.getState().zoom).toBeNull();
    store.getState().setZoom({ from: 0, to: HOUR });
    await vi.waitFor(() => expect(store.getState().chart).toMatchObject({ from: 0, to: HOUR }));
    store.getState().setRange('7d');
    expect(store.getState()).toMatchObject({ zoom: null, range: '7d' });
  });

  it('says that the history could not be read, and recovers', async () => {
    const store = await opened();
    api.answer('dashboard.get', () => Promise.reject(new Error('disk')));
    await store.getState().refresh(SAMPLE_AT);
    expect(store.getState()).toMatchObject({ failed: true, dashboard: EMPTY });
    api.answer('dashboard.get', () => EMPTY);
    await store.getState().refresh(SAMPLE_AT);
    expect(store.getState().failed).toBe(false);
  });
});
