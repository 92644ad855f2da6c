/** An engine for tests of what stands around it: holds a snapshot, notes what was asked of it. */

import type { Engine } from '../../electron/engine/engine-ports.ts';
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import { DONE, failed, type Outcome, succeeded } from '../../shared/domain/outcome.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { Chart, Dashboard, Meter } from '../../shared/domain/timeline.ts';
import { sampleSnapshot } from './sample-snapshot.ts';

export class FakeEngine implements Engine {
  /** Method names and arguments, in order. */
  readonly calls: string[] = [];
  #snapshot: Snapshot;

  constructor(snapshot: Snapshot = sampleSnapshot()) {
    this.#snapshot = snapshot;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  subscribe(): () => void {
    return () => {};
  }

  onAnnouncement(): () => void {
    return () => {};
  }

  async probeNow(endpointId: string | null): Promise<Outcome> {
    return this.#note(`probeNow ${endpointId}`);
  }

  pause(until: number | null): Outcome {
    return this.#note(`pause ${until}`);
  }

  resume(): Outcome {
    return this.#note('resume');
  }

  async useProfile(profileId: string): Promise<Outcome> {
    return this.#note(`useProfile ${profileId}`);
  }

  async undo(until?: string): Promise<Outcome> {
    return this.#note(until === undefined ? 'undo' : `undo ${until}`);
  }

  async planProfile(profileId: string): Promise<Outcome<SwitchPlan>> {
    this.#note(`planProfile ${profileId}`);
    return succeeded({ variables: [], git: [], commands: [], leftOut: [] });
  }

  async answerDrift(answer: string): Promise<Outcome> {
    return this.#note(`answerDrift ${answer}`);
  }

  async lint(): Promise<[]> {
    return [];
  }

  async fix(fix: object): Promise<Outcome> {
    return this.#note(`fix ${JSON.stringify(fix)}`);
  }

  async saveProfile(profile: Profile, at?: number): Promise<Outcome> {
    return this.#note(`saveProfile ${profile.id} ${at}`);
  }

  async deleteProfile(profileId: string): Promise<Outcome> {
    return this.#note(`deleteProfile ${profileId}`);
  }

  async orderProfiles(ids: readonly string[]): Promise<Outcome> {
    return this.#note(`orderProfiles ${ids}`);
  }

  async effective(): Promise<EffectiveTable> {
    return { contexts: [], gos: [], project: null };
  }

  async preflight(folder: string): Promise<Outcome<Preflight>> {
    return failed('no-project', { folder });
  }

  routes(): [] {
    return [];
  }

  async detail(): Promise<null> {
    return null;
  }

  async chart(endpointId: string, from: number, to: number): Promise<Chart> {
    return { endpointId, from, to, columns: [], incidents: [], events: [], changePoints: [] };
  }

  async dashboard(): Promise<Dashboard> {
    return { at: 0, uptime: [], incidents: [], events: [], lag: [], drills: [] };
  }

  contacts(): readonly [] {
    return [];
  }

  meter(): Meter {
    return {
      since: 0,
      cpuMs: 0,
      wakeups: 0,
      residentBytes: 0,
      probesToday: 0,
      bytesToday: 0,
      bytesPerDay: null,
    };
  }

  async setNetwork(change: object): Promise<Outcome> {
    return this.#note(`setNetwork ${JSON.stringify(change)}`);
  }

  setPower(power: object): void {
    this.#note(`setPower ${JSON.stringify(power)}`);
  }

  startDrill(): Outcome {
    return this.#note('startDrill');
  }

  cancelDrill(): Outcome {
    return this.#note('cancelDrill');
  }

  async setPreferences(change: object): Promise<Outcome> {
    return this.#note(`setPreferences ${JSON.stringify(change)}`);
  }

  mute(until: number | null): Outcome {
    return this.#note(`mute ${until}`);
  }

  dismissAlert(): Outcome {
    return this.#note('dismissAlert');
  }

  dismissNotices(): Outcome {
    return this.#note('dismissNotices');
  }

  setVisible(visible: boolean): void {
    this.#note(`setVisible ${visible}`);
  }

  suspend(): void {
    this.#note('suspend');
  }

  wake(): void {
    this.#note('wake');
  }

  async close(): Promise<void> {
    this.#note('close');
  }

  #note(call: string): Outcome {
    this.calls.push(call);
    return DONE;
  }
}
