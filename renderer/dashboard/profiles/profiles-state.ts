/** The shape of the profiles page's state: what it holds, and its actions by topic. Types only. */
import type { CommandName, RequestInput, RequestOutput } from '../../../shared/contract/channels.ts';
import type { LintFinding } from '../../../shared/domain/lint.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import type { ProfileTemplate } from '../../../shared/domain/profile-templates.ts';
import type { Problem } from '../../../shared/domain/snapshot.ts';
import type { ModuleKind, ProfileRoute } from '../../../shared/domain/verdict.ts';
import type { Weakening } from '../../../shared/domain/weakenings.ts';

/** The result of the last command on this page. */
export type Feedback =
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'deleted'; readonly profile: Profile; readonly at: number }
  | { readonly kind: 'imported'; readonly count: number }
  | { readonly kind: 'copied' | 'switched' | 'undone' };

/** Profiles of an import that weaken something: kept until the person accepts or refuses them. */
export interface OfferedProfiles {
  readonly profiles: readonly Profile[];
  readonly weakenings: readonly Weakening[];
}

/** A module whose route is computed under each profile. */
export interface RouteQuestion {
  readonly modulePath: string;
  readonly kind: ModuleKind;
}

export interface ProfilesState extends ProfileDrafts, ProfileCommands, ProfileTransfer {
  /** null = the active one. */
  readonly chosen: string | null;
  /** The profile in the form; null = nothing is edited. */
  readonly draft: Profile | null;
  readonly plan: RequestOutput<'profile.plan'> | null;
  readonly routes: readonly ProfileRoute[];
  readonly question: RouteQuestion;
  /** null before the first answer. */
  readonly findings: readonly LintFinding[] | null;
  readonly feedback: Feedback | null;
  readonly offered: OfferedProfiles | null;
  choose(profileId: string): void;
  /** Asks again for the plan, the routes and the findings. */
  refresh(): Promise<void>;
  ask(question: RouteQuestion): void;
  dismiss(): void;
}

/** Editing. */
export interface ProfileDrafts {
  edit(profile: Profile): void;
  begin(template: ProfileTemplate): void;
  duplicate(profile: Profile): void;
  /** Changes the draft; does nothing when none is edited. */
  change(part: Partial<Profile>): void;
  cancel(): void;
  save(): Promise<void>;
}

/** Commands on saved profiles. */
export interface ProfileCommands {
  use(profileId: string): Promise<void>;
  /** Answers the problem `runs-program`: lets the profile run what the problem names, and switches. */
  allow(problem: Problem): Promise<void>;
  /** Undoes the last switch, or all switches down to the one with the id. */
  undo(until: string | undefined): Promise<void>;
  fix(finding: LintFinding): Promise<void>;
  remove(profile: Profile): Promise<void>;
  /** Brings the profile that was just removed back to its place. */
  restore(): Promise<void>;
  /** Moves a profile by so many places; nothing happens beyond the ends. */
  move(profileId: string, step: number): Promise<void>;
  order(ids: readonly string[]): Promise<void>;
}

/** Clipboard, export and import. */
export interface ProfileTransfer {
  copy(text: string): Promise<void>;
  /** Puts the profiles on the clipboard as JSON. */
  exported(profiles: readonly Profile[]): Promise<void>;
  /**
   * Saves the profiles of a JSON text under free ids. False when the text or a profile was refused, and when they weaken
   * something: then they are offered first.
   */
  imported(text: string): Promise<boolean>;
  /** Saves the offered profiles after all. */
  acceptOffered(): Promise<boolean>;
  refuseOffered(): void;
}

/** What the groups of actions need of the store. */
export interface StoreParts {
  set(part: Partial<ProfilesState>): void;
  get(): ProfilesState;
  /** Ids of all profiles in the person's order. */
  ids(): string[];
  /** Sends a command; false when it was refused, and the refusal is the feedback. */
  command<N extends CommandName>(name: N, input: RequestInput<N>): Promise<boolean>;
}
