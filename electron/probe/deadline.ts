/** How every wait of a probe is bounded: by a limit of its own, by the end of the probe, and by cancellation. */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { PhaseError } from './phase-error.ts';
import type { HttpsLookUp } from './resolved-address.ts';
import type { Transfer } from './transfer.ts';

/** The probe was stopped by its signal: not a failure. */
export class CancelledError extends Error {}

/** What bounds every wait of a probe. */
export interface Deadline {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Monotonic instant at which the probe as a whole is over. */
  readonly endsAt: DurationMs;
  /** Looks names up where the resolver is one over HTTPS. */
  readonly overHttps?: HttpsLookUp | undefined;
  /** Counts the sockets that are opened. */
  readonly transfer?: Transfer | undefined;
}

/**
 * Waits for one thing: until it settles, its limit (or the probe's) passes, or the probe is cancelled.
 * `begin` starts it and returns how to give it up; giving up also happens after it settled, and must be harmless then.
 */
export function withDeadline<T>(
  deadline: Deadline,
  limitMs: DurationMs,
  onTimeout: () => PhaseError,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => Stop,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (deadline.signal.aborted) {
      reject(new CancelledError());
      return;
    }
    let giveUp: Stop = () => {};
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      stopTimer();
      deadline.signal.removeEventListener('abort', onAbort);
      act();
    };
    const drop = (error: Error) =>
      settle(() => {
        giveUp();
        reject(error);
      });
    const onAbort = () => drop(new CancelledError());
    const left = Math.min(limitMs, deadline.endsAt - deadline.clock.monotonic());
    const stopTimer = deadline.clock.after(left, () => drop(onTimeout()));
    deadline.signal.addEventListener('abort', onAbort);
    giveUp = begin(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
  });
}
