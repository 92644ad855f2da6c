/** What Gopherbar itself has used today: bytes of its probes, by the local day. */
import type { EpochMs } from '../../shared/domain/units.ts';

export class Usage {
  readonly #dayOf: (at: EpochMs) => string;
  #day = '';
  #bytes = 0;
  #probes = 0;

  /** `dayOf` names the local day of an instant. */
  constructor(dayOf: (at: EpochMs) => string = localDay) {
    this.#dayOf = dayOf;
  }

  /** One probe and what it read and wrote. */
  add(bytes: number, at: EpochMs): void {
    this.#turn(at);
    this.#bytes += bytes;
    this.#probes += 1;
  }

  bytesToday(at: EpochMs): number {
    this.#turn(at);
    return this.#bytes;
  }

  probesToday(at: EpochMs): number {
    this.#turn(at);
    return this.#probes;
  }

  #turn(at: EpochMs): void {
    const day = this.#dayOf(at);
    if (day === this.#day) return;
    this.#day = day;
    this.#bytes = 0;
    this.#probes = 0;
  }
}

function localDay(at: EpochMs): string {
  return new Date(at).toDateString();
}
