import { beforeEach, describe, expect, it } from 'vitest';
import { FakeApi } from '../../../e2e/doubles/fake-api.ts';
import { sampleSnapshot } from '../../../e2e/doubles/sample-snapshot.ts';
import { exportProfiles } from '../../../shared/contract/profile-exchange.ts';
import type { LintFinding } from '../../../shared/domain/lint.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import { PROFILE_TEMPLATES } from '../../../shared/domain/profile-templates.ts';
import { createClient } from '../../common/client.ts';
import { createProfilesStore, type ProfilesStore } from './profiles-store.ts';

const own: Profile = {
  id: 'own',
  name: 'Own',
  explanation: '',
  builtIn: false,
  variables: { GOPROXY: 'https://proxy.example|direct' },
  git: [],
  networks: [],
};

let api: FakeApi;
let store: ProfilesStore;

beforeEach(() => {
  api = new FakeApi();
  api.answer('profile.plan', () => ({ ok: true, value: { variables: [], git: [], commands: [], leftOut: [] } }));
  api.answer('routes.get', () => []);
  api.answer('lint.get', () => []);
  store = createProfilesStore(createClient(api), () => sampleSnapshot());
});

/** The inputs of all requests of one name. */
function inputs(name: string): unknown[] {
  return api.requests.filter(([one]) => one === name).map(([, input]) => input);
}

describe('what is shown', () => {
  it('is the active profile until another is chosen', async () => {
    await store.getState().refresh();
    expect(inputs('profile.plan')).toEqual([{ profileId: 'one' }]);
    store.getState().choose('two');
    await expect.poll(() => store.getState().plan).not.toBeNull();
    expect(inputs('profile.plan')).toEqual([{ profileId: 'one' }, { profileId: 'two' }]);
  });

  it('belongs to the newest question', async () => {
    const waiting: (() => void)[] = [];
    api.answer('routes.get', async ({ modulePath }) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      const walk = { steps: [], outcome: 'works' as const, endsAt: null, latencyMs: null };
      return [{ profileId: modulePath, walk, isPrivate: false }];
    });
    store.getState().ask({ modulePath: 'a', kind: 'public' });
    store.getState().ask({ modulePath: 'b', kind: 'public' });
    await expect.poll(() => waiting.length).toBe(2);
    waiting[1]?.();
    await expect.poll(() => store.getState().routes[0]?.profileId).toBe('b');
    waiting[0]?.();
    await api.settled();
    expect(store.getState().routes[0]?.profileId).toBe('b');
  });
});

describe('a draft', () => {
  it('is saved without the built-in mark, and is then the chosen one', async () => {
    store.getState().edit({ ...own, builtIn: true });
    store.getState().change({ name: 'Renamed' });
    await store.getState().save();
    const { builtIn: _, ...saved } = { ...own, name: 'Renamed' };
    expect(inputs('profile.save')).toEqual([{ profile: saved }]);
    expect(store.getState()).toMatchObject({ draft: null, chosen: 'own' });
  });

  it('stays open when saving is refused', async () => {
    api.refuse('profile.save', 'settings-broken');
    store.getState().edit(own);
    await store.getState().save();
    expect(store.getState()).toMatchObject({ draft: own, feedback: { problem: { key: 'settings-broken' } } });
  });

  it('of a copy or a template gets an id that is free', () => {
    const [template] = PROFILE_TEMPLATES;
    if (template === undefined) throw new Error('there are templates');
    store.getState().duplicate({ ...own, id: 'one', networks: ['n'] });
    expect(store.getState().draft).toMatchObject({ id: 'one-2', networks: [], builtIn: false });
    const [first, ...others] = sampleSnapshot().profiles;
    if (first === undefined) throw new Error('the sample has profiles');
    const taken = { ...first, profile: { ...first.profile, id: template.id } };
    store = createProfilesStore(createClient(api), () => sampleSnapshot({ profiles: [taken, ...others] }));
    store.getState().begin(template);
    expect(store.getState().draft?.id).not.toBe(template.id);
    store.getState().cancel();
    store.getState().change({ name: 'nobody edits' });
    expect(store.getState().draft).toBeNull();
  });
});

describe('commands', () => {
  it('say what they did, or why they were refused', async () => {
    await store.getState().use('two');
    expect(store.getState().feedback).toEqual({ kind: 'switched' });
    await store.getState().undo(undefined);
    expect(store.getState().feedback).toEqual({ kind: 'undone' });
    await store.getState().undo('s1');
    expect(inputs('profile.undo')).toEqual([{}, { until: 's1' }]);
    api.refuse('profile.use', 'busy');
    await store.getState().use('two');
    expect(store.getState().feedback).toMatchObject({ kind: 'problem', problem: { key: 'busy' } });
    store.getState().dismiss();
    expect(store.getState().feedback).toBeNull();
  });

  it('allow the program that a refusal names, for its profile', async () => {
    const params = { program: '/opt/helper', profile: 'two' };
    await store.getState().allow({ key: 'runs-program', params });
    expect(inputs('profile.allow')).toEqual([{ profileId: 'two', program: '/opt/helper' }]);
    expect(store.getState().feedback).toEqual({ kind: 'switched' });
  });

  it('bring a removed profile back to its place', async () => {
    const second = { ...own, id: 'two' };
    await store.getState().remove(second);
    expect(store.getState().feedback).toEqual({ kind: 'deleted', profile: second, at: 1 });
    await store.getState().restore();
    expect(inputs('profile.save')).toMatchObject([{ profile: { id: 'two' }, at: 1 }]);
    expect(store.getState()).toMatchObject({ feedback: null, chosen: 'two' });
  });

  it('move a profile within the list only', async () => {
    await store.getState().move('one', -1);
    await store.getState().move('two', 1);
    await store.getState().move('nowhere', 1);
    expect(inputs('profile.order')).toEqual([]);
    await store.getState().move('one', 1);
    expect(inputs('profile.order')).toEqual([{ ids: ['two', 'one'] }]);
  });

  it('apply the fix of a finding, if it has one', async () => {
    const finding: LintFinding = {
      rule: 'entry-down',
      severity: 'warning',
      subject: 'GOPROXY',
      params: {},
      fix: null,
      command: null,
    };
    await store.getState().fix(finding);
    expect(inputs('lint.fix')).toEqual([]);
    await store.getState().fix({ ...finding, fix: { variables: { GOPROXY: 'direct' }, git: [] } });
    expect(inputs('lint.fix')).toEqual([{ rule: 'entry-down', subject: 'GOPROXY' }]);
  });
});

describe('export and import', () => {
  it('give every imported profile an id of its own, and no networks', async () => {
    const text = exportProfiles([
      { ...own, id: 'one', networks: ['n'] },
      { ...own, id: 'other' },
    ]);
    expect(await store.getState().imported(text)).toBe(true);
    const saved = inputs('profile.save').map((one) => (one as { profile: Profile }).profile);
    expect(new Set(['one', 'two', ...saved.map(({ id }) => id)]).size).toBe(4);
    expect(saved.map(({ networks }) => networks)).toEqual([[], []]);
    expect(store.getState().feedback).toEqual({ kind: 'imported', count: 2 });
  });

  it('refuse a text that is not an export, and say why', async () => {
    expect(await store.getState().imported('{')).toBe(false);
    expect(store.getState().feedback).toMatchObject({ kind: 'problem', problem: { key: 'import-refused' } });
  });

  it('stop at a profile that is refused', async () => {
    api.refuse('profile.save', 'settings-broken');
    expect(await store.getState().imported(exportProfiles([own, { ...own, id: 'b' }]))).toBe(false);
    expect(inputs('profile.save')).toHaveLength(1);
  });

  it('put the export on the clipboard', async () => {
    await store.getState().exported([own]);
    expect(inputs('clipboard.write')).toEqual([{ text: exportProfiles([own]) }]);
    expect(store.getState().feedback).toEqual({ kind: 'copied' });
  });
});
