import { beforeEach, describe, expect, it } from 'vitest';
import { FakeApi } from '../../e2e/doubles/fake-api.ts';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Preferences, Snapshot } from '../../shared/domain/snapshot.ts';
import { createClient } from './client.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

let api: FakeApi;
let store: SnapshotStore;

beforeEach(() => {
  api = new FakeApi(['zh-Hans-CN']);
  store = createSnapshotStore(createClient(api), sampleSnapshot());
});

function speaking(language: Preferences['language']): Snapshot {
  const sample = sampleSnapshot();
  return { ...sample, preferences: { ...sample.preferences, language } };
}

describe('the snapshot store', () => {
  it('follows the broadcasts', () => {
    api.broadcast('snapshot.changed', sampleSnapshot({ at: 5 }));
    expect(store.getState().snapshot.at).toBe(5);
  });

  it('ignores a broadcast that breaks the contract', () => {
    api.broadcast('snapshot.changed', { ...sampleSnapshot(), at: 'now' } as never);
    expect(store.getState().snapshot).toEqual(sampleSnapshot());
  });

  it('speaks the preferred language, and the system language when none is preferred', () => {
    const { t } = store.getState();
    expect(store.getState().language).toBe('en');
    api.broadcast('snapshot.changed', sampleSnapshot({ at: 5 }));
    expect(store.getState().t).toBe(t);
    api.broadcast('snapshot.changed', speaking('system'));
    expect(store.getState().language).toBe('zh-CN');
    expect(store.getState().t('popover.profiles')).not.toBe(t('popover.profiles'));
  });

  it('shows a refusal as the notice and returns it', async () => {
    api.refuse('drill.start', 'drill-not-now');
    const problem = { key: 'drill-not-now', params: {} };
    expect(await store.getState().send('drill.start', null)).toEqual({ ok: false, problem });
    expect(store.getState().notice).toEqual({ kind: 'problem', problem });
    store.getState().dismissNotice();
    expect(store.getState().notice).toBeNull();
  });

  it('switches, and says that a switch was undone until the next one', async () => {
    await store.getState().switchTo('two');
    expect(api.requests).toEqual([['profile.use', { profileId: 'two' }]]);
    expect(store.getState().notice).toBeNull();
    await store.getState().undo();
    expect(store.getState().notice).toEqual({ kind: 'undone' });
    await store.getState().switchTo('two');
    expect(store.getState().notice).toBeNull();
  });

  it('says why a switch was refused', async () => {
    api.refuse('profile.use', 'busy');
    await store.getState().switchTo('two');
    expect(store.getState().notice).toMatchObject({ kind: 'problem', problem: { key: 'busy' } });
  });

  it('turns an answer that breaks the contract, or none at all, into a problem', async () => {
    const internal = { key: 'internal', params: {} };
    api.answer('monitor.resume', () => ({ ok: 'yes' }) as never);
    expect(await store.getState().send('monitor.resume', null)).toEqual({ ok: false, problem: internal });
    expect(store.getState().notice).toEqual({ kind: 'problem', problem: internal });
    store.getState().dismissNotice();
    api.answer('meter.get', () => Promise.reject(new Error('internal')));
    expect(await store.getState().query('meter.get', null)).toBeNull();
    expect(store.getState().notice).toEqual({ kind: 'problem', problem: internal });
  });

  it('takes a null that is an answer for no failure', async () => {
    api.answer('folder.choose', () => null);
    expect(await store.getState().query('folder.choose', null)).toBeNull();
    expect(store.getState().notice).toBeNull();
  });
});
