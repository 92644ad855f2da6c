import { describe, expect, it } from 'vitest';
import { FakeApi } from '../../e2e/doubles/fake-api.ts';
import { SAMPLE_AT, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { createClient } from '../common/client.ts';
import { createSnapshotStore } from '../common/snapshot-store.ts';
import { toastOf } from './toast.tsx';

const undo = { switchId: 's', from: 'two', to: 'one', at: SAMPLE_AT };

function shown(change: Partial<Snapshot>, now = SAMPLE_AT) {
  const store = createSnapshotStore(createClient(new FakeApi()), sampleSnapshot(change));
  return toastOf(store.getState(), now);
}

describe('the footer', () => {
  it('shows nothing while there is nothing to say', () => {
    expect(shown({})).toBeNull();
  });

  it('offers to undo a switch while its profile is active, for a limited time', () => {
    expect(shown({ undo })?.action?.testId).toBe('undo-last');
    expect(shown({ undo: { ...undo, to: 'two' } })).toBeNull();
    expect(shown({ undo, switching: true })).toBeNull();
    expect(shown({ undo }, SAMPLE_AT + 3_600_000)).toBeNull();
  });

  it('puts a problem before everything else, with a way to the settings file when it is about that', () => {
    const problem = { key: 'settings-not-json', params: { file: 'settings.json', detail: 'line 3' } };
    expect(shown({ undo, notices: [problem] })).toMatchObject({ tone: 'problem', action: { testId: 'open-file' } });
    expect(shown({ notices: [{ key: 'internal', params: {} }] })?.action).toBeUndefined();
  });

  it('shows a program that a profile would run whole, and allows exactly that one', async () => {
    const api = new FakeApi();
    const store = createSnapshotStore(createClient(api), sampleSnapshot({}));
    const problem = { key: 'runs-program', params: { program: '/opt/helper --all', profile: 'one' } };
    store.setState({ notice: { kind: 'problem', problem } });
    const toast = toastOf(store.getState(), SAMPLE_AT);
    expect(toast).toMatchObject({ isWhole: true, action: { testId: 'allow-program' } });
    expect(toast?.text).toContain('/opt/helper --all');
    toast?.action?.run();
    expect(api.requests).toEqual([['profile.allow', { profileId: 'one', program: '/opt/helper --all' }]]);
    expect(store.getState().notice).toBeNull();
  });

  it('tells of a recovery until it is dismissed, and of muted notifications until they are not', () => {
    const recovery = { endpointId: 'first', outageMs: 60_000, at: SAMPLE_AT, drill: false };
    expect(shown({ recovery })?.text).toContain('first.example');
    expect(shown({ mutedUntil: SAMPLE_AT + 1 })?.action?.testId).toBe('unmute');
    expect(shown({ mutedUntil: SAMPLE_AT - 1 })).toBeNull();
  });

  it('says that a drill runs, and how to end it', () => {
    const drill = { endpointId: 'first', startedAt: SAMPLE_AT, step: 'waiting' as const };
    expect(shown({ drill })?.action?.testId).toBe('drill-end');
  });
});
