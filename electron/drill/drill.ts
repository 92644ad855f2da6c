/**
 * A practised outage: for our probes only, the host of the proxy that `go` uses leads to a failing server of our own. Then
 * it measures how long it takes until the outage is detected, notified, and over. `go` itself is not touched. First a
 * switch and its undo are tried on copies of the settings and the Go environment, byte for byte.
 */
import type { DrillState } from '../../shared/domain/snapshot.ts';
import type { DrillReport } from '../../shared/domain/timeline.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { FailingServer } from './failing-server.ts';

/** A host that leads elsewhere for probes. */
export interface Detour {
  readonly endpointId: string;
  readonly port: number;
}

export interface DrillPorts {
  readonly clock: Clock;
  readonly startServer: () => Promise<FailingServer>;
  /** Tries a switch and its undo on copies; resolves to the outcome. */
  readonly selfTest: () => Promise<DrillReport['selfTest']>;
  /** Makes probes of the endpoint meet the failing server, or the real one again (null). */
  readonly divert: (detour: Detour | null) => void;
  /** Whether failover will practise a switch: then the outage lasts until it has. */
  readonly waitsForSwitch: () => boolean;
  readonly onChange: () => void;
  readonly onEnd: (report: DrillReport) => void;
}

/** What a drill waits for. */
export type DrillEvent = 'down' | 'notified' | 'switched' | 'up';

/** An outage that was not detected within this time will not be. */
const GIVE_UP_MS: DurationMs = 5 * MINUTE_MS;

/** Failover may find no profile that works: the outage ends anyway. */
const SWITCH_WITHIN_MS: DurationMs = MINUTE_MS;

type Times = Pick<DrillReport, 'detectMs' | 'notifyMs' | 'switchMs' | 'recoverMs'>;
const NO_TIMES: Times = { detectMs: null, notifyMs: null, switchMs: null, recoverMs: null };

export class Drill {
  readonly #ports: DrillPorts;
  readonly endpointId: string;
  readonly #at: EpochMs;
  #step: DrillState['step'] = 'self-test';
  #selfTest: DrillReport['selfTest'] = 'not-run';
  #times: Times = NO_TIMES;
  #server: FailingServer | null = null;
  #starting: Promise<void> = Promise.resolve();
  #closing: Promise<void> = Promise.resolve();
  /** When the outage began, and when it ended. */
  #brokenAt: EpochMs | null = null;
  #repairedAt: EpochMs | null = null;
  #stopTimer: Stop = () => {};
  #stopWaiting: Stop = () => {};
  #ended = false;

  constructor(endpointId: string, ports: DrillPorts) {
    this.endpointId = endpointId;
    this.#ports = ports;
    this.#at = ports.clock.now();
  }

  get state(): DrillState {
    return { endpointId: this.endpointId, startedAt: this.#at, step: this.#step };
  }

  /** Runs the self-test and begins the outage. Never rejects: what fails ends the drill as failed. */
  start(): Promise<void> {
    this.#starting = this.#start().catch(() => this.#end('failed'));
    return this.#starting;
  }

  /** Takes an event of the endpoint into account. */
  observe(event: DrillEvent): void {
    const now = this.#ports.clock.now();
    if (this.#ended || this.#brokenAt === null) return;
    if (event === 'down' && this.#times.detectMs === null) {
      this.#times = { ...this.#times, detectMs: now - this.#brokenAt };
      this.#advance('detected');
    } else if (event === 'notified' && this.#times.notifyMs === null) {
      this.#times = { ...this.#times, notifyMs: now - this.#brokenAt };
      if (this.#times.switchMs !== null || !this.#ports.waitsForSwitch()) this.#repair(now);
      else this.#stopWaiting = this.#ports.clock.after(SWITCH_WITHIN_MS, () => this.#repair(this.#ports.clock.now()));
    } else if (event === 'switched' && this.#times.switchMs === null) {
      this.#times = { ...this.#times, switchMs: now - this.#brokenAt };
      if (this.#times.notifyMs !== null) this.#repair(now);
    } else if (event === 'up' && this.#repairedAt !== null) {
      this.#times = { ...this.#times, recoverMs: now - this.#repairedAt };
      this.#end('done');
    }
  }

  /** Ends it at once. */
  cancel(): void {
    this.#end('cancelled');
  }

  /** Cancels; resolves when neither the self-test nor the failing server runs any more. */
  async close(): Promise<void> {
    this.cancel();
    await this.#starting;
    await this.#closing;
  }

  async #start(): Promise<void> {
    this.#selfTest = await this.#ports.selfTest();
    if (this.#ended) return;
    this.#server = await this.#ports.startServer();
    if (this.#ended) {
      await this.#server.close();
      return;
    }
    this.#brokenAt = this.#ports.clock.now();
    this.#ports.divert({ endpointId: this.endpointId, port: this.#server.port });
    this.#advance('waiting');
    this.#stopTimer = this.#ports.clock.after(GIVE_UP_MS, () => this.#end('failed'));
  }

  #repair(now: EpochMs): void {
    if (this.#ended || this.#repairedAt !== null) return;
    this.#stopWaiting();
    this.#repairedAt = now;
    this.#ports.divert(null);
    this.#advance('recovering');
  }

  #advance(step: DrillState['step']): void {
    this.#step = step;
    this.#ports.onChange();
  }

  #end(outcome: DrillReport['outcome']): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopTimer();
    this.#stopWaiting();
    this.#ports.divert(null);
    this.#closing = this.#server?.close() ?? Promise.resolve();
    const { endpointId } = this;
    this.#ports.onEnd({ at: this.#at, endpointId, outcome, selfTest: this.#selfTest, ...this.#times });
  }
}
