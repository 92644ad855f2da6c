/** When an endpoint is due: the delay until its next probe (pure), and the timers that hold the dates. */
import { type DurationMs, type EpochMs, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import {
  type Conditions,
  hasSlept,
  type Intervals,
  intervalOf,
  mayProbe,
  nextDelay,
  savingFactor,
} from '../verdict/cadence.ts';
import type { EndpointRecord } from '../verdict/endpoint-record.ts';
import { SURVEY_MS, wantsSurvey } from '../verdict/success-rate.ts';

/** What sets the pace besides the endpoint's own record. */
export interface PaceFacts {
  readonly intervals: Intervals;
  /** A window of the app is visible. */
  readonly visible: boolean;
  readonly conditions: Conditions;
  /** The endpoint that `go` asks first; null = unknown. */
  readonly primary: string | null;
  /** Uniform in [0, 1). */
  readonly random: number;
}

/** Delay from a result to the next probe, ms. `isUnjudged`: the result was not judged, so another is wanted soon. */
export function delayFor(record: EndpointRecord, around: PaceFacts, isUnjudged: boolean): DurationMs {
  const { endpoint, health, last } = record;
  const { intervals, visible, conditions, primary, random } = around;
  const regularMs = intervalOf(intervals, visible, endpoint.kind, conditions);
  const isSparing = savingFactor(conditions, false) > 1;
  // A failure of what `go` asks first is felt first, so it is probed twice as often.
  const isPrimary = endpoint.id === primary && endpoint.kind === 'goproxy' && !isSparing;
  const surveys = endpoint.kind !== 'module' && !isSparing && wantsSurvey(health.rate);
  const paceMs = isPrimary ? regularMs / 2 : regularMs;
  const intervalMs = surveys ? Math.min(paceMs, SURVEY_MS) : paceMs;
  const retryAfterMs = last?.outcome === 'failed' ? last.evidence.retryAfterMs : undefined;
  return nextDelay(health.reachability, intervalMs, random, isUnjudged, retryAfterMs);
}

/** Until a kind that may not be probed now is considered again. */
const RECHECK_MS = 5 * MINUTE_MS;

export interface TimetablePorts {
  readonly clock: Clock;
  readonly conditions: () => Conditions;
  readonly record: (endpointId: string) => EndpointRecord | undefined;
  readonly onDue: (endpointId: string) => void;
  /** A timer fired far too late: the machine slept and sent no notice of it. */
  readonly onSlept: () => void;
}

interface Appointment {
  readonly dueAt: EpochMs;
  readonly stop: Stop;
}

/** One timer for each endpoint. */
export class Timetable {
  readonly #ports: TimetablePorts;
  readonly #appointments = new Map<string, Appointment>();

  constructor(ports: TimetablePorts) {
    this.#ports = ports;
  }

  /** When an endpoint is due; null = it is not planned. Stays in the past while its probe waits or runs. */
  dueAt(endpointId: string): EpochMs | null {
    return this.#appointments.get(endpointId)?.dueAt ?? null;
  }

  /** Plans an endpoint, in place of an earlier date. */
  set(endpointId: string, delayMs: DurationMs): void {
    const { clock, conditions, record, onDue, onSlept } = this.#ports;
    this.clear(endpointId);
    const dueAt = clock.now() + delayMs;
    const stop = clock.after(delayMs, () => {
      const known = record(endpointId);
      if (known === undefined) this.clear(endpointId);
      else if (hasSlept(dueAt, clock.now())) onSlept();
      else if (mayProbe(known.endpoint.kind, conditions())) onDue(endpointId);
      else this.set(endpointId, RECHECK_MS);
    });
    this.#appointments.set(endpointId, { dueAt, stop });
  }

  clear(endpointId: string): void {
    this.#appointments.get(endpointId)?.stop();
    this.#appointments.delete(endpointId);
  }

  clearAll(): void {
    for (const endpointId of [...this.#appointments.keys()]) this.clear(endpointId);
  }
}
