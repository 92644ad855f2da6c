/** Times in which nothing is observed (paused, asleep, offline): no downtime is counted, and the round after is not judged. */
import { DONE, type Outcome } from '../../shared/domain/outcome.ts';
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Recorder } from '../history/recorder.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { IncidentTracker } from '../notify/incident-tracker.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { EndpointBook } from './endpoint-book.ts';

export interface ObservationGapParts {
  readonly clock: Clock;
  readonly book: Pick<EndpointBook, 'startUnjudgedRound' | 'discardFailuresSince'>;
  readonly monitor: Pick<Monitor, 'start' | 'stop' | 'probeSoon'>;
  readonly incidents: Pick<IncidentTracker, 'beginGap' | 'endGap' | 'discardSince'>;
  readonly recorder: Pick<Recorder, 'event' | 'saveIncident'>;
  /** Something outside may have changed meanwhile. */
  readonly refresh: () => void;
  readonly update: () => void;
}

export class ObservationGaps {
  readonly #parts: ObservationGapParts;
  #paused: { readonly until: EpochMs | null } | null = null;
  #stopTimer: Stop = () => {};
  #closed = false;

  constructor(parts: ObservationGapParts) {
    this.#parts = parts;
  }

  /** null = not paused; `until` null = until resumed. */
  get paused(): { readonly until: EpochMs | null } | null {
    return this.#paused;
  }

  pauseFor(duration: DurationMs | null): Outcome {
    const { clock, recorder, update, monitor } = this.#parts;
    this.#stopTimer();
    this.#paused = { until: duration === null ? null : clock.now() + duration };
    if (duration !== null) this.#stopTimer = clock.after(duration, () => this.resume());
    this.#begin();
    monitor.stop();
    recorder.event('paused', '');
    update();
    return DONE;
  }

  resume(): Outcome {
    if (this.#paused === null || this.#closed) return DONE;
    const { recorder, update } = this.#parts;
    this.#stopTimer();
    this.#paused = null;
    recorder.event('resumed', '');
    this.#end();
    this.startUnjudgedRound();
    update();
    return DONE;
  }

  suspend(): void {
    if (this.#paused !== null || this.#closed) return;
    this.#parts.recorder.event('slept', '');
    this.#begin();
    this.#parts.monitor.stop();
  }

  wake(): void {
    if (this.#paused !== null || this.#closed) return;
    this.#parts.recorder.event('woke', '');
    this.#end();
    this.startUnjudgedRound();
  }

  /** Probes every endpoint now; failures of this round are not judged. */
  startUnjudgedRound(): void {
    if (this.#paused !== null || this.#closed) return;
    const { book, monitor, refresh } = this.#parts;
    monitor.stop();
    book.startUnjudgedRound();
    monitor.start();
    refresh();
  }

  /** While the machine is offline nothing is judged, and what began with it is reverted. */
  beginOffline(since: EpochMs, now: EpochMs): void {
    const { incidents, recorder } = this.#parts;
    for (const one of incidents.discardSince(since, now)) recorder.saveIncident(one);
    this.#begin();
    recorder.event('went-offline', '');
  }

  endOffline(since: EpochMs): void {
    const { book, recorder, monitor } = this.#parts;
    this.#end();
    recorder.event('back-online', '');
    monitor.probeSoon(book.discardFailuresSince(since));
  }

  close(): void {
    this.#closed = true;
    this.#stopTimer();
  }

  #begin(): void {
    this.#parts.incidents.beginGap(this.#parts.clock.now());
  }

  #end(): void {
    const { incidents, recorder, clock } = this.#parts;
    for (const one of incidents.endGap(clock.now())) recorder.saveIncident(one);
  }
}
