/**
 * Which profile `go` uses: the effective settings of go and git, switches and their undo, changes made outside of
 * Gopherbar, and
 * automatic moves (failover, network rules).
 */

import type { Announcement } from '../../shared/domain/announcement.ts';
import { type GitSetting, gitSettingProblem } from '../../shared/domain/git-setting.ts';
import type { LintFix } from '../../shared/domain/lint.ts';
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import { activeProfile, type GoVariables, type InForce, type Profile } from '../../shared/domain/profile.ts';
import type { Drift, GoState, Preferences, Problem, ProfileState, UndoState } from '../../shared/domain/snapshot.ts';
import { LINT_FIX_SWITCH_ID, type SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { HistoryEvent } from '../../shared/domain/timeline.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { PendingWork } from '../system/pending-work.ts';
import { type FailoverState, INITIAL_FAILOVER, type Move, moved, reduceFailover } from '../verdict/failover.ts';
import { goChanges, NAME_SEPARATOR, unrecordedDrift } from './go-changes.ts';
import type { Undone } from './switcher.ts';

/** The real `go` and git: reading effective settings, switching, undoing. */
export interface GoPort {
  /** Finishes or rolls back a switch that a crash interrupted; a problem when that must be shown. */
  recover(): Promise<Problem | null>;
  read(): Promise<GoState>;
  apply(profile: Profile, from: string | null): Promise<Outcome>;
  /** `by-key`: a file had changed since, so only the previous values were restored. */
  undo(until?: string): Promise<Outcome<Undone>>;
  /** The switches that can be undone, newest first; a problem when they cannot be read. */
  undoable(): Promise<Outcome<readonly UndoState[]>>;
  /** What applying would do; nothing is changed. */
  plan(profile: Profile): Promise<Outcome<SwitchPlan>>;
  /** What was changed outside of Gopherbar; null = nothing. */
  drift(now: InForce): Promise<Drift | null>;
  /** Accepts the current settings as intended. */
  accept(now: InForce): Promise<void>;
  /** Restores the settings from before the change outside of Gopherbar. */
  revert(now: InForce): Promise<Outcome>;
  /** Calls back when a file of go or git was written by any program. */
  watch(onChange: () => void): Promise<Stop>;
  /** Cancels what only reads, now and from now on; switches run to completion. */
  close(): Promise<void>;
}

export interface AutoSwitchPorts {
  readonly clock: Clock;
  readonly go: GoPort;
  readonly profiles: () => readonly Profile[];
  readonly preferences: () => Preferences;
  readonly record: (kind: HistoryEvent['kind'], detail: string) => void;
  /** The newest events of the history, newest first; empty when it cannot be read. Never rejects. */
  readonly events: () => Promise<readonly HistoryEvent[]>;
  readonly notice: (problem: Problem) => void;
  readonly announce: (announcement: Announcement) => void;
  /**
   * While a drill runs: tries the switch and its undo on copies, and resolves with whether both worked. null = no drill
   * runs, so that the switch is to be real.
   */
  readonly practise: (profile: Profile) => Promise<boolean> | null;
  /** Called when something that a snapshot shows has changed. */
  readonly onChange: () => void;
  /** An unexpected exception of the go port. */
  readonly onError: (error: unknown) => void;
}

/**
 * A `go` or git that does not work is tried again after this long: it may be installed, or be itself again, without a
 * change of any file that is watched.
 */
export const BROKEN_RETRY_MS = 30_000;

export class AutoSwitch {
  readonly #ports: AutoSwitchPorts;
  #go: GoState = { state: 'detecting' };
  #switches: readonly UndoState[] = [];
  #drift: Drift | null = null;
  #busy = false;
  #failover: FailoverState = INITIAL_FAILOVER;
  #stopWatching: Stop = () => {};
  #stopRetry: Stop = () => {};
  #closed = false;
  readonly #pending = new PendingWork();
  #refreshing: Promise<void> | null = null;
  /** A file changed while it was being read. */
  #isStale = false;
  /** Counts reads, so that a slow one never overwrites the result of a later one. */
  #reads = 0;

  constructor(ports: AutoSwitchPorts) {
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

  /** The profile that failover left and will return to; null = no failover is active. */
  get preferred(): string | null {
    return this.#failover.preferred;
  }

  /** Recovers from a crash, reads the effective settings, and reads them again whenever a file changes. */
  start(): Promise<void> {
    return this.#pending.add(this.#start());
  }

  /** Cancels reads and waits for a running switch; afterwards nothing runs or writes. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWatching();
    this.#stopRetry();
    await this.#ports.go.close();
    await this.#pending.settled();
  }

  /** Reads what `go` and git use now. Calls during a read share one further read. */
  refresh(): Promise<void> {
    if (this.#busy || this.#closed) return Promise.resolve();
    this.#isStale = this.#refreshing !== null;
    this.#refreshing ??= this.#pending.add(this.#refresh());
    return this.#refreshing;
  }

  /** Applies a profile that a person chose. Problems while a drill runs: drill-practised, drill-practice-failed. */
  async use(profileId: string): Promise<Outcome> {
    const profile = this.#ports.profiles().find((one) => one.id === profileId);
    if (profile === undefined) return failed('no-such-profile', { profile: profileId });
    const practice = this.#ports.practise(profile);
    if (practice !== null) return failed((await practice) ? 'drill-practised' : 'drill-practice-failed');
    this.#failover = INITIAL_FAILOVER;
    return this.#change(() => this.#ports.go.apply(profile, this.#active()), 'switched', profileId);
  }

  /** Undoes the last switch; with `until`, every switch back to and including that one. */
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

  /** Applies a lint fix: a switch like any other. Git keys that a profile cannot contain are refused (`fix-gone`). */
  async fix({ variables, git }: LintFix): Promise<Outcome> {
    if (git.some((setting) => gitSettingProblem(setting) !== null)) return failed('fix-gone');
    const profile = pseudoProfile(LINT_FIX_SWITCH_ID, variables, git);
    return this.#change(() => this.#ports.go.apply(profile, this.#active()), 'switched', LINT_FIX_SWITCH_ID);
  }

  /** Reverts what was changed outside of Gopherbar. */
  async revert(): Promise<Outcome> {
    const { go } = this;
    if (go.state !== 'found') return failed('go-missing');
    return this.#change(() => this.#ports.go.revert(go), 'reverted', '');
  }

  /** Accepts what was changed outside of Gopherbar. */
  accept(): Promise<Outcome> {
    return this.#pending.add(this.#accept());
  }

  /** Switches when failover is on and due. `confirmedOutage`: of the profile that is active now. */
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
    if (move !== null) void this.#pending.add(this.#move(move));
  }

  /** Applies the profile whose rule names the network that the machine has just joined. */
  async enterNetwork(networkId: string): Promise<void> {
    const profile = this.#ports.profiles().find(({ networks }) => networks.includes(networkId));
    if (profile === undefined || this.#drift !== null || profile.id === this.#active()) return;
    this.#failover = INITIAL_FAILOVER;
    await this.#moveTo(profile, 'network');
  }

  async #move(move: Move): Promise<void> {
    const from = this.#active();
    const profile = this.#ports.profiles().find(({ id }) => id === move.to);
    if (profile === undefined || from === null) return;
    if (this.#ports.practise(profile) !== null) return;
    const before = this.#failover;
    this.#failover = moved(before, move, from, this.#ports.clock.now());
    if (!(await this.#moveTo(profile, move.why))) {
      // It failed: the same switch is not retried at once.
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

  #change(act: () => Promise<Outcome<unknown>>, kind: HistoryEvent['kind'], detail: string): Promise<Outcome> {
    if (this.#busy || this.#closed) return Promise.resolve(failed('switch-busy'));
    return this.#pending.add(this.#carryOut(act, kind, detail));
  }

  /** However `act` ends, even with an exception, the next switch is possible afterwards. */
  async #carryOut(act: () => Promise<Outcome<unknown>>, kind: HistoryEvent['kind'], detail: string): Promise<Outcome> {
    this.#busy = true;
    this.#ports.onChange();
    try {
      const done = await act();
      if (done.ok) this.#ports.record(kind, detail);
      return done.ok ? DONE : done;
    } catch (error) {
      this.#ports.onError(error);
      return failed('internal');
    } finally {
      await this.#read();
      this.#busy = false;
      if (!this.#closed) this.#ports.onChange();
    }
  }

  async #start(): Promise<void> {
    try {
      const problem = await this.#ports.go.recover();
      if (problem !== null) this.#ports.notice(problem);
      await this.refresh();
      if (this.#closed) return;
      const stop = await this.#ports.go.watch(() => void this.refresh());
      if (this.#closed) stop();
      else this.#stopWatching = stop;
    } catch (error) {
      this.#ports.onError(error);
    }
  }

  async #refresh(): Promise<void> {
    do {
      this.#isStale = false;
      await this.#read();
    } while (this.#isStale && !this.#busy && !this.#closed);
    this.#refreshing = null;
    if (!this.#closed) this.#ports.onChange();
  }

  async #accept(): Promise<Outcome> {
    try {
      if (this.#go.state === 'found') await this.#ports.go.accept(this.#go);
      await this.refresh();
      return DONE;
    } catch (error) {
      this.#ports.onError(error);
      return failed('internal');
    }
  }

  /** Never rejects: when reading fails, the last known state is kept. */
  async #read(): Promise<void> {
    if (this.#closed) return;
    this.#reads += 1;
    const read = this.#reads;
    try {
      const go = await this.#ports.go.read();
      if (this.#closed) return;
      const drift = go.state === 'found' ? await this.#ports.go.drift(go) : null;
      const switches = await this.#ports.go.undoable();
      const missed = this.#go.state === 'detecting' && drift !== null ? await this.#missed(drift) : [];
      if (read !== this.#reads || this.#closed) return;
      const isOwn = this.#busy || (switches.ok && switches.value[0]?.switchId !== this.#switches[0]?.switchId);
      for (const { kind, detail } of goChanges(this.#go, go)) {
        // What a switch changes is recorded as that switch, also one by the command line.
        if (kind !== 'go-settings-changed' || !isOwn) this.#ports.record(kind, detail);
      }
      if (missed.length > 0) this.#ports.record('go-settings-changed', missed.join(NAME_SEPARATOR));
      this.#go = go;
      this.#drift = drift;
      if (switches.ok) this.#switches = switches.value;
      else this.#ports.notice(switches.problem);
    } catch (error) {
      this.#ports.onError(error);
    } finally {
      this.#retryLater();
    }
  }

  /** What another program changed while no app was running. */
  async #missed(drift: Drift): Promise<readonly string[]> {
    return unrecordedDrift(drift, await this.#ports.events());
  }

  #retryLater(): void {
    this.#stopRetry();
    if (this.#closed || this.#go.state === 'found') return;
    this.#stopRetry = this.#ports.clock.after(BROKEN_RETRY_MS, () => void this.refresh());
  }

  #active(): string | null {
    return this.#go.state === 'found' ? (activeProfile(this.#ports.profiles(), this.#go)?.id ?? null) : null;
  }
}

function pseudoProfile(id: string, variables: GoVariables, git: readonly GitSetting[]): Profile {
  return { id, name: id, explanation: '', builtIn: false, variables, git, networks: [] };
}
