/**
 * Places for probes that run at the same time. A probe takes a measuring place while it resolves, connects and shakes
 * hands: more of those would falsify each other's timings. After a short time it only waits for the other side, which
 * costs nothing, so its place goes to the next one.
 */
import type { DurationMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from './clock.ts';

export interface SlotLimits {
  /** How many measure at a time. */
  readonly measuring: number;
  /** How long a probe counts as one that measures, ms; null = until it ends. */
  readonly measuresForMs: DurationMs | null;
  /** How many run at a time, those that wait included. */
  readonly open: number;
}

export class MeasuringSlots {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #limits: SlotLimits;
  readonly #onRoom: () => void;
  #measuring = 0;
  #open = 0;

  /** `onRoom` is called whenever a place became free. */
  constructor(clock: Pick<Clock, 'after'>, limits: SlotLimits, onRoom: () => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onRoom = onRoom;
  }

  /** Whether one more may start. An urgent one does not wait for the end of those that hang. */
  hasRoom(isUrgent: boolean): boolean {
    const { measuring, open } = this.#limits;
    return this.#measuring < measuring && (isUrgent || this.#open < open);
  }

  /** Takes a place; the returned function gives it back once. */
  take(): Stop {
    const { measuresForMs } = this.#limits;
    this.#measuring += 1;
    this.#open += 1;
    let isMeasuring = true;
    let isOpen = true;
    const endMeasuring = () => {
      if (isMeasuring) this.#measuring -= 1;
      isMeasuring = false;
    };
    const stopTimer =
      measuresForMs === null
        ? () => {}
        : this.#clock.after(measuresForMs, () => {
            endMeasuring();
            this.#onRoom();
          });
    return () => {
      if (!isOpen) return;
      isOpen = false;
      stopTimer();
      endMeasuring();
      this.#open -= 1;
      this.#onRoom();
    };
  }
}
