/** An engine for tests of what stands around it: holds a snapshot, notes what was asked of it. */

import type { Done, Engine, PlanOutcome, PreflightOutcome } from '../../electron/engine/engine-ports.ts';
import type { EffectiveTable } from '../../shared/domain/effective.ts';
import type { Profile } from '../../shared/domain/profile.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { Chart, Dashboard, Meter } from '../../shared/domain/timeline.ts';
import { sampleSnapshot } from './sample-snapshot.ts';

const DONE: Done = { ok: true };

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

  async probeNow(endpointId: string | null): Promise<Done> {
    return this.#note(`probeNow ${endpointId}`);
  }

  pause(until: number | null): Done {
    return this.#note(`pause ${until}`);
  }

  resume(): Done {
    return this.#note('resume');
  }

  async useProfile(profileId: string): Promise<Done> {
    return this.#note(`useProfile ${profileId}`);
  }

  async undo(until?: string): Promise<Done> {
    return this.#note(until === undefined ? 'undo' : `undo ${until}`);
  }

  async planProfile(profileId: string): Promise<PlanOutcome> {
    this.#note(`planProfile ${profileId}`);
    return { ok: true, value: { variables: [], git: [], commands: [], leftOut: [] } };
  }

  async answerDrift(answer: string): Promise<Done> {
    return this.#note(`answerDrift ${answer}`);
  }

  async lint(): Promise<[]> {
    return [];
  }

  async fix(fix: object): Promise<Done> {
    return this.#note(`fix ${JSON.stringify(fix)}`);
  }

  async saveProfile(profile: Profile, at?: number): Promise<Done> {
    return this.#note(`saveProfile ${profile.id} ${at}`);
  }

  async deleteProfile(profileId: string): Promise<Done> {
    return this.#note(`deleteProfile ${profileId}`);
  }

  async orderProfiles(ids: readonly string[]): Promise<Done> {
    return this.#note(`orderProfiles ${ids}`);
  }

  async effective(): Promise<EffectiveTable> {
    return { contexts: [], gos: [], project: null };
  }

  async preflight(folder: string): Promise<PreflightOutcome> {
    return { ok: false, problem: { key: 'no-project', params: { folder } } };
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

  async setNetwork(change: object): Promise<Done> {
    return this.#note(`setNetwork ${JSON.stringify(change)}`);
  }

  setPower(power: object): void {
    this.#note(`setPower ${JSON.stringify(power)}`);
  }

  startDrill(): Done {
    return this.#note('startDrill');
  }

  cancelDrill(): Done {
    return this.#note('cancelDrill');
  }

  async setPreferences(change: object): Promise<Done> {
    return this.#note(`setPreferences ${JSON.stringify(change)}`);
  }

  mute(until: number | null): Done {
    return this.#note(`mute ${until}`);
  }

  dismissAlert(): Done {
    return this.#note('dismissAlert');
  }

  dismissNotices(): Done {
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

  #note(call: string): Done {
    this.calls.push(call);
    return DONE;
  }
}
