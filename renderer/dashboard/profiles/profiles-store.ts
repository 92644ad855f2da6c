/** The page of profiles: which one is looked at or edited, and what was answered about it. No React in here. */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RequestInput, RequestName, RequestOutput } from '../../../shared/contract/channels.ts';
import { exportProfiles, importProfiles } from '../../../shared/contract/profile-exchange.ts';
import type { LintFinding } from '../../../shared/domain/lint.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import { freeId, fromTemplate, type ProfileTemplate } from '../../../shared/domain/profile-templates.ts';
import type { Problem, Snapshot } from '../../../shared/domain/snapshot.ts';
import type { ModuleKind, ProfileRoute } from '../../../shared/domain/verdict.ts';
import type { Client } from '../../common/client.ts';

type PlanOutcome = RequestOutput<'profile.plan'>;

/** A word about what was just done. */
export type Said =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'deleted'; readonly profile: Profile; readonly at: number }
  | { readonly kind: 'imported'; readonly count: number }
  | { readonly kind: 'copied' | 'switched' | 'undone' };

export interface ProfilesState {
  /** null = the active one. */
  readonly chosen: string | null;
  /** What is being typed; null = nothing is edited. */
  readonly draft: Profile | null;
  readonly plan: PlanOutcome | null;
  readonly routes: readonly ProfileRoute[];
  readonly question: { readonly modulePath: string; readonly kind: ModuleKind };
  readonly findings: readonly LintFinding[] | null;
  readonly said: Said | null;
  choose(profileId: string): void;
  refresh(): Promise<void>;
  ask(question: ProfilesState['question']): void;
  edit(profile: Profile): void;
  begin(template: ProfileTemplate): void;
  duplicate(profile: Profile): void;
  cancel(): void;
  save(): Promise<void>;
  remove(profile: Profile): Promise<void>;
  restore(): Promise<void>;
  move(profileId: string, step: number): Promise<void>;
  order(ids: readonly string[]): Promise<void>;
  use(profileId: string): Promise<void>;
  undo(until: string | undefined): Promise<void>;
  fix(finding: LintFinding): Promise<void>;
  copy(text: string): Promise<void>;
  exported(profiles: readonly Profile[]): Promise<void>;
  imported(text: string): Promise<boolean>;
  dismiss(): void;
}

export type ProfilesStore = StoreApi<ProfilesState>;

export const ProfilesContext = createContext<ProfilesStore | null>(null);

/** Selects from the page's state. */
export function useProfiles<T>(select: (state: ProfilesState) => T): T {
  const store = useContext(ProfilesContext);
  if (store === null) throw new Error('the page of profiles needs a ProfilesContext above it');
  return useStore(store, select);
}

/** Creates the store; `snapshot` is the newest one. */
export function createProfilesStore(client: Client, snapshot: () => Snapshot): ProfilesStore {
  return createStore<ProfilesState>()((set, get) => {
    let turn = 0;
    const ids = () => snapshot().profiles.map(({ profile }) => profile.id);
    /** Sends a request; a refusal is said. */
    const send = async <N extends RequestName>(name: N, input: RequestInput<N>): Promise<boolean> => {
      const output = (await client.request(name, input)) as { ok?: boolean; problem?: Problem };
      if (output.ok === false && output.problem !== undefined) {
        set({ said: { kind: 'problem', problem: output.problem } });
        return false;
      }
      return true;
    };
    const looked = () =>
      get().chosen ?? snapshot().profiles.find(({ active }) => active)?.profile.id ?? ids()[0] ?? null;
    const refresh = async () => {
      const mine = ++turn;
      const profileId = looked();
      const [plan, routes, findings] = await Promise.all([
        profileId === null ? null : client.request('profile.plan', { profileId }),
        client.request('routes.get', get().question),
        client.request('lint.get', null),
      ]);
      // A slower answer to an older question says nothing any more.
      if (mine === turn) set({ plan, routes, findings });
    };
    return {
      chosen: null,
      draft: null,
      plan: null,
      routes: [],
      question: { modulePath: 'golang.org/x/text', kind: 'public' },
      findings: null,
      said: null,
      choose(profileId) {
        set({ chosen: profileId, draft: null, plan: null });
        void refresh();
      },
      refresh,
      ask(question) {
        set({ question });
        void refresh();
      },
      edit: (profile) => set({ draft: { ...profile, builtIn: false } }),
      begin(template) {
        set({ draft: fromTemplate(template, {}, freeId(template.id, ids())) });
      },
      duplicate(profile) {
        set({ draft: { ...profile, id: freeId(`${profile.id}-2`, ids()), builtIn: false, networks: [] } });
      },
      cancel: () => set({ draft: null }),
      async save() {
        const { draft } = get();
        if (draft === null) return;
        const { builtIn: _, ...profile } = draft;
        const own = { ...profile, git: [...profile.git], networks: [...profile.networks] };
        if (!(await send('profile.save', { profile: own }))) return;
        set({ draft: null, chosen: draft.id });
        await refresh();
      },
      async remove(profile) {
        const at = ids().indexOf(profile.id);
        if (!(await send('profile.delete', { profileId: profile.id }))) return;
        set({ chosen: null, draft: null, said: { kind: 'deleted', profile, at } });
        await refresh();
      },
      async restore() {
        const { said } = get();
        if (said?.kind !== 'deleted') return;
        const { builtIn: _, ...profile } = said.profile;
        const own = { ...profile, git: [...profile.git], networks: [...profile.networks] };
        if (await send('profile.save', { profile: own, at: said.at })) set({ said: null, chosen: profile.id });
      },
      async move(profileId, step) {
        const before = ids();
        const [from, to] = [before.indexOf(profileId), before.indexOf(profileId) + step];
        if (from < 0 || to < 0 || to >= before.length) return;
        const after = before.filter((id) => id !== profileId);
        after.splice(to, 0, profileId);
        await send('profile.order', { ids: after });
      },
      order: async (wanted) => void (await send('profile.order', { ids: [...wanted] })),
      async use(profileId) {
        if (await send('profile.use', { profileId })) set({ said: { kind: 'switched' } });
        await refresh();
      },
      async undo(until) {
        if (await send('profile.undo', until === undefined ? {} : { until })) set({ said: { kind: 'undone' } });
        await refresh();
      },
      async fix({ fix }) {
        if (fix === null) return;
        if (await send('lint.fix', { variables: { ...fix.variables }, git: [...fix.git] })) {
          set({ said: { kind: 'switched' } });
        }
        await refresh();
      },
      async copy(text) {
        if (await send('clipboard.write', { text })) set({ said: { kind: 'copied' } });
      },
      exported: (profiles) => get().copy(exportProfiles(profiles)),
      async imported(text) {
        const read = importProfiles(text);
        if (!read.ok) {
          set({ said: { kind: 'problem', problem: { key: 'import-refused', params: { detail: read.detail } } } });
          return false;
        }
        for (const { builtIn: _, ...profile } of read.profiles) {
          const own = { ...profile, id: freeId(profile.id, ids()), git: [...profile.git], networks: [] };
          if (!(await send('profile.save', { profile: own }))) return false;
        }
        set({ said: { kind: 'imported', count: read.profiles.length } });
        return true;
      },
      dismiss: () => set({ said: null }),
    };
  });
}
