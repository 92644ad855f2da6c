/**
 * The engine without any window: what main.ts, the command line and integration tests start.
 */
import type { Alert, EndpointDetail, Preferences, Problem, Recovery, Snapshot } from '../shared/domain/snapshot.ts';
import type { EpochMs } from '../shared/domain/units.ts';
import type { Stop } from './system/clock.ts';

/** The end of a command: done, or a trouble for a person to read. */
export type Done = { readonly ok: true } | { readonly ok: false; readonly problem: Problem };

/** What a person must be told now, by a desktop notification. Each is emitted once. */
export type Announcement =
  | { readonly kind: 'outage'; readonly alert: Alert }
  | { readonly kind: 'recovery'; readonly recovery: Recovery };

export interface Engine {
  snapshot(): Snapshot;
  /** Called after every change with the new snapshot. */
  subscribe(listener: (snapshot: Snapshot) => void): Stop;
  onAnnouncement(listener: (announcement: Announcement) => void): Stop;
  /** Probes one endpoint (or all) at full depth now; resolves when done. */
  probeNow(endpointId: string | null): Promise<Done>;
  /** Stops probing until an instant, or until resumed when null. */
  pause(until: EpochMs | null): Done;
  resume(): Done;
  /** Applies a profile to the real `go`. */
  useProfile(profileId: string): Promise<Done>;
  /** Takes the last switch back exactly. */
  undo(): Promise<Done>;
  detail(endpointId: string): Promise<EndpointDetail | null>;
  setPreferences(change: Partial<Preferences>): Promise<Done>;
  /** Takes the alert card away (the endpoint stays what it is). */
  dismissAlert(): Done;
  dismissNotices(): Done;
  /** A window shows: probe at the visible interval. */
  setVisible(visible: boolean): void;
  /** The machine falls asleep: running probes are cancelled, nothing is judged. */
  suspend(): void;
  /** The machine woke or the network changed: one quiet round, then judge. */
  wake(): void;
  /** Ends everything; afterwards nothing of the engine runs. */
  close(): Promise<void>;
}
