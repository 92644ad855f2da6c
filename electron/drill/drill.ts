/**
 * A practised outage: the name of the proxy that `go` uses leads to a failing server of our own, for our probes only. What
 * then happens is measured: how long until it is seen, told, and over. `go` itself is not touched. First a switch and its
 * undo are tried on copies of the settings and the Go environment, byte for byte.
 */
import type { DrillState } from '../../shared/domain/snapshot.ts';
import type { DrillReport } from '../../shared/domain/timeline.ts';
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { FailingServer } from './failing-server.ts';

/** A name that leads elsewhere for probes. */
export interface Detour {
  readonly endpointId: string;
  readonly port: number;
}

export interface DrillPorts {
  readonly clock: Clock;
  readonly startServer: () => Promise<FailingServer>;
  /** Tries a switch and its undo on copies; resolves to what came of it. */
  readonly selfTest: () => Promise<DrillReport['selfTest']>;
  /** Makes probes of the endpoint meet the failing server, or the real one again (null). */
  readonly divert: (detour: Detour | null) => void;
  /** Whether failover will move `go`: then the outage lasts until it has. */
  readonly waitsForSwitch: () => boolean;
  readonly onChange: () => void;
  readonly onEnd: (report: DrillReport) => void;
}

/** What the engine sees that a drill waits for. */
export type DrillEvent = 'down' | 'told' | 'switched' | 'up';

/** An outage that is not seen in this time will not be. */
const GIVE_UP_MS: DurationMs = 5 * MINUTE_MS;

/** Failover may find no profile that works: the drill ends all the same. */
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
  /** When the outage began, and when it ended. */
  #brokenAt: EpochMs | null = null;
  #mendedAt: EpochMs | null = null;
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
  async start(): Promise<void> {
    this.#selfTest = await this.#ports.selfTest();
    if (this.#ended) return;
    try {
      this.#server = await this.#ports.startServer();
    } catch {
      this.#end('failed');
      return;
    }
    if (this.#ended) {
      await this.#server.close();
      return;
    }
    this.#brokenAt = this.#ports.clock.now();
    this.#ports.divert({ endpointId: this.endpointId, port: this.#server.port });
    this.#go('waiting');
    this.#stopTimer = this.#ports.clock.after(GIVE_UP_MS, () => this.#end('failed'));
  }

  /** Takes what the engine sees of the endpoint into account. */
  see(sight: DrillEvent): void {
    const now = this.#ports.clock.now();
    if (this.#ended || this.#brokenAt === null) return;
    if (sight === 'down' && this.#times.detectMs === null) {
      this.#times = { ...this.#times, detectMs: now - this.#brokenAt };
      this.#go('detected');
    } else if (sight === 'told' && this.#times.notifyMs === null) {
      this.#times = { ...this.#times, notifyMs: now - this.#brokenAt };
      if (this.#times.switchMs !== null || !this.#ports.waitsForSwitch()) this.#mend(now);
      else this.#stopWaiting = this.#ports.clock.after(SWITCH_WITHIN_MS, () => this.#mend(this.#ports.clock.now()));
    } else if (sight === 'switched' && this.#times.switchMs === null) {
      this.#times = { ...this.#times, switchMs: now - this.#brokenAt };
      if (this.#times.notifyMs !== null) this.#mend(now);
    } else if (sight === 'up' && this.#mendedAt !== null) {
      this.#times = { ...this.#times, recoverMs: now - this.#mendedAt };
      this.#end('done');
    }
  }

  /** Ends it at once. */
  cancel(): void {
    this.#end('cancelled');
  }

  #mend(now: EpochMs): void {
    if (this.#ended || this.#mendedAt !== null) return;
    this.#stopWaiting();
    this.#mendedAt = now;
    this.#ports.divert(null);
    this.#go('recovering');
  }

  #go(step: DrillState['step']): void {
    this.#step = step;
    this.#ports.onChange();
  }

  #end(outcome: DrillReport['outcome']): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#stopTimer();
    this.#stopWaiting();
    this.#ports.divert(null);
    void this.#server?.close();
    const { endpointId } = this;
    this.#ports.onEnd({ at: this.#at, endpointId, outcome, selfTest: this.#selfTest, ...this.#times });
  }
}
