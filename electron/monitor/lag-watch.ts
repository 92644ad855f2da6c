/** Asks the mirrors now and then which versions they show of the watched modules, and keeps what they said last. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { LagRow } from '../../shared/domain/timeline.ts';
import { HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { type Listing, syncLag } from '../verdict/sync-lag.ts';
import type { Staleness } from '../verdict/verdict.ts';

export interface LagWatchPorts {
  readonly clock: Clock;
  /** What one mirror shows of a module. Never rejects. */
  readonly listVersions: (endpoint: Endpoint, module: string, signal: AbortSignal) => Promise<Listing>;
  readonly onChange: () => void;
}

const EVERY_MS = 6 * HOUR_MS;
/** After the start: probes come first. */
const FIRST_AFTER_MS = MINUTE_MS;
/** Mirrors may take this long to show a new version; beyond it they are stale. */
const STALE_HOURS = 24;

export class LagWatch {
  readonly #ports: LagWatchPorts;
  #rows: readonly LagRow[] = [];
  #stopTimer: Stop = () => {};
  #running: AbortController | null = null;

  constructor(ports: LagWatchPorts) {
    this.#ports = ports;
  }

  /** A row for each watched module that was asked for. */
  get rows(): readonly LagRow[] {
    return this.#rows;
  }

  /** Mirrors that are too far behind, the worst module of each. */
  get stale(): readonly Staleness[] {
    const worst = new Map<string, Staleness>();
    for (const { module, cells } of this.#rows) {
      for (const { endpointId, hoursBehind } of cells) {
        if (hoursBehind === null || hoursBehind < STALE_HOURS) continue;
        if ((worst.get(endpointId)?.hoursBehind ?? 0) < hoursBehind)
          worst.set(endpointId, { endpointId, module, hoursBehind });
      }
    }
    return [...worst.values()];
  }

  /** Begins to ask; `what` is read anew each time. */
  start(what: () => { readonly mirrors: readonly Endpoint[]; readonly modules: readonly string[] }): void {
    this.stop();
    const again = (delayMs: number) => {
      this.#stopTimer = this.#ports.clock.after(delayMs, () => void this.#ask(what()).then(() => again(EVERY_MS)));
    };
    again(FIRST_AFTER_MS);
  }

  /** Asks now, besides the schedule. */
  async ask(mirrors: readonly Endpoint[], modules: readonly string[]): Promise<void> {
    await this.#ask({ mirrors, modules });
  }

  stop(): void {
    this.#stopTimer();
    this.#running?.abort();
    this.#running = null;
  }

  async #ask(what: { readonly mirrors: readonly Endpoint[]; readonly modules: readonly string[] }): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const { clock, listVersions, onChange } = this.#ports;
    const rows: LagRow[] = [];
    // One mirror alone is behind nobody.
    for (const module of what.mirrors.length < 2 ? [] : what.modules) {
      const listings = await Promise.all(what.mirrors.map((one) => listVersions(one, module, running.signal)));
      if (running.signal.aborted) return;
      rows.push({ module, at: clock.now(), cells: syncLag(listings, clock.now()) });
    }
    this.#rows = rows;
    onChange();
  }
}
