/**
 * Which profile `go` uses: what is read of go and git, switches and their undo, changes made by others, and moving by
 * itself (failover, network rules).
 */

import type { Announcement } from '../../shared/domain/announcement.ts';
import type { GitSetting } from '../../shared/domain/git-setting.ts';
import type { LintFix } from '../../shared/domain/lint.ts';
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import { activeProfile, type GoVariables, type InForce, type Profile } from '../../shared/domain/profile.ts';
import type { Drift, GoState, Preferences, Problem, ProfileState, UndoState } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { type FailoverState, INITIAL_FAILOVER, type Move, moved, reduceFailover } from '../verdict/failover.ts';
import type { Undone } from './switcher.ts';

/** The real `go` and git: reading what is in force, switching, undoing. */
export interface GoPort {
  /** Finishes or takes back a switch that a crash interrupted; a problem when it could not. */
  recover(): Promise<Problem | null>;
  read(): Promise<GoState>;
  apply(profile: Profile, from: string | null): Promise<Outcome>;
  /** `by-key`: a file had changed since, so only the former values were put back. */
  undo(until?: string): Promise<Outcome<Undone>>;
  /** The switches that undo would take back, newest first. */
  undoable(): Promise<readonly UndoState[]>;
  /** What applying would do; nothing is changed. */
  plan(profile: Profile): Promise<Outcome<SwitchPlan>>;
  /** What somebody else changed; null = nothing. */
  drift(now: InForce): Promise<Drift | null>;
  /** What is in force is as the person wants it. */
  accept(now: InForce): Promise<void>;
  /** Puts back what was in force before somebody else changed it. */
  revert(now: InForce): Promise<Outcome>;
  /** Calls back when a file of go or git was written by anybody. */
  watch(onChange: () => void): Promise<Stop>;
}

export interface SwitchingPorts {
  readonly clock: Clock;
  readonly go: GoPort;
  readonly profiles: () => readonly Profile[];
  readonly preferences: () => Preferences;
  readonly record: (kind: HistoryEvent['kind'], detail: string) => void;
  readonly notice: (problem: Problem) => void;
  readonly announce: (announcement: Announcement) => void;
  /** Something a snapshot shows has changed. */
  readonly onChange: () => void;
}

/** Ids of switches that no profile stands for. */
export const FIXED = 'lint-fix';

export class Switching {
  readonly #ports: SwitchingPorts;
  #go: GoState = { state: 'looking' };
  #switches: readonly UndoState[] = [];
  #drift: Drift | null = null;
  #busy = false;
  #failover: FailoverState = INITIAL_FAILOVER;
  #stopWatching: Stop = () => {};
  #closed = false;

  constructor(ports: SwitchingPorts) {
    this.#ports = ports;
  }

  get go(): GoState {
    return this.#go;
  }

  /** Newest first. */
  get switches(): readonly UndoState[] {
    return this.#switches;
  }

  get drift(): Drift | null {
    return this.#drift;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** The profile that failover left and will go back to; null = it did not move. */
  get preferred(): string | null {
    return this.#failover.preferred;
  }

  /** Settles what a crash left behind, looks for the first time, and from then on whenever a file changes. */
  async start(): Promise<void> {
    const problem = await this.#ports.go.recover();
    if (problem !== null) this.#ports.notice(problem);
    await this.look();
    const stop = await this.#ports.go.watch(() => void this.look());
    if (this.#closed) stop();
    else this.#stopWatching = stop;
  }

  close(): void {
    this.#closed = true;
    this.#stopWatching();
  }

  /** Reads what `go` and git really use. */
  async look(): Promise<void> {
    if (this.#busy) return;
    await this.#read();
    if (!this.#closed) this.#ports.onChange();
  }

  /** Applies a profile because a person wants it. */
  async use(profileId: string): Promise<Outcome> {
    const profile = this.#ports.profiles().find((one) => one.id === profileId);
    if (profile === undefined) return failed('no-such-profile', { profile: profileId });
    this.#failover = INITIAL_FAILOVER;
    return this.#change(() => this.#ports.go.apply(profile, this.#active()), 'switched', profileId);
  }

  /** Takes the last switch back; with `until`, all down to that one. */
  async undo(until?: string): Promise<Outcome> {
    const what = (until === undefined ? this.#switches[0] : this.#switches.find(({ switchId }) => switchId === until))
      ?.to;
    this.#failover = INITIAL_FAILOVER;
    return this.#change(
      async () => {
        const done = await this.#ports.go.undo(until);
        if (done.ok && done.value === 'by-key') this.#ports.notice({ key: 'undone-by-key', params: {} });
        return done;
      },
      'undone',
      what ?? '',
    );
  }

  /** What a switch to a profile would do. */
  async plan(profileId: string): Promise<Outcome<SwitchPlan>> {
    const profile = this.#ports.profiles().find((one) => one.id === profileId);
    return profile === undefined ? failed('no-such-profile', { profile: profileId }) : this.#ports.go.plan(profile);
  }

  /** Carries a lint fix out: a switch like any other. */
  async fix({ variables, git }: LintFix): Promise<Outcome> {
    const profile = pseudoProfile(FIXED, variables, git);
    return this.#change(() => this.#ports.go.apply(profile, this.#active()), 'switched', FIXED);
  }

  /** What somebody else changed goes back to what it was. */
  async revert(): Promise<Outcome> {
    const { go } = this;
    if (go.state !== 'found') return failed('go-missing');
    return this.#change(() => this.#ports.go.revert(go), 'reverted', '');
  }

  /** What somebody else changed shall stay. */
  async accept(): Promise<Outcome> {
    if (this.#go.state === 'found') await this.#ports.go.accept(this.#go);
    await this.look();
    return DONE;
  }

  /** Moves by itself when failover is on and it is time. `confirmedOutage`: of the path that is active now. */
  follow(profiles: readonly ProfileState[], confirmedOutage: boolean): void {
    if (this.#busy || this.#closed || this.#go.state !== 'found') return;
    const { failover, failoverProfiles } = this.#ports.preferences();
    const { state, move } = reduceFailover(this.#failover, {
      now: this.#ports.clock.now(),
      enabled: failover,
      allowed: failoverProfiles,
      confirmedOutage,
      drifted: this.#drift !== null,
      profiles,
      effective: this.#go.effective,
    });
    this.#failover = state;
    if (move !== null) void this.#move(move);
  }

  /** Applies the profile whose rule names the network that the machine has come into. */
  async enter(networkId: string): Promise<void> {
    const profile = this.#ports.profiles().find(({ networks }) => networks.includes(networkId));
    if (profile === undefined || this.#drift !== null || profile.id === this.#active()) return;
    this.#failover = INITIAL_FAILOVER;
    await this.#moveTo(profile, 'network');
  }

  /** Goes back at once to where failover came from: the outage was practised. */
  async moveBack(): Promise<void> {
    const { preferred } = this.#failover;
    const profile = this.#ports.profiles().find(({ id }) => id === preferred);
    this.#failover = INITIAL_FAILOVER;
    if (profile !== undefined) await this.#moveTo(profile, 'recovered');
  }

  async #move(move: Move): Promise<void> {
    const from = this.#active();
    const profile = this.#ports.profiles().find(({ id }) => id === move.to);
    if (profile === undefined || from === null) return;
    const before = this.#failover;
    this.#failover = moved(before, move, from, this.#ports.clock.now());
    if (!(await this.#moveTo(profile, move.why))) {
      // It could not be: the same is not tried again at once.
      this.#failover = { ...before, movedAt: this.#ports.clock.now() };
    }
  }

  async #moveTo(profile: Profile, why: Move['why'] | 'network'): Promise<boolean> {
    const from = this.#active();
    const kind = why === 'recovered' ? 'failed-back' : why === 'network' ? 'switched' : 'failed-over';
    const done = await this.#change(() => this.#ports.go.apply(profile, from), kind, profile.id);
    if (done.ok) this.#ports.announce({ kind: 'moved', from, to: profile.id, why });
    else this.#ports.notice(done.problem);
    return done.ok;
  }

  async #change(act: () => Promise<Outcome<unknown>>, kind: HistoryEvent['kind'], detail: string): Promise<Outcome> {
    if (this.#busy) return failed('switch-busy');
    this.#busy = true;
    this.#ports.onChange();
    const done = await act();
    if (done.ok) this.#ports.record(kind, detail);
    await this.#read();
    this.#busy = false;
    if (!this.#closed) this.#ports.onChange();
    return done.ok ? DONE : done;
  }

  async #read(): Promise<void> {
    const go = await this.#ports.go.read();
    this.#drift = go.state === 'found' ? await this.#ports.go.drift(go) : null;
    this.#switches = await this.#ports.go.undoable();
    this.#go = go;
  }

  #active(): string | null {
    return this.#go.state === 'found' ? (activeProfile(this.#ports.profiles(), this.#go)?.id ?? null) : null;
  }
}

function pseudoProfile(id: string, variables: GoVariables, git: readonly GitSetting[]): Profile {
  return { id, name: id, explanation: '', builtIn: false, variables, git, networks: [] };
}
