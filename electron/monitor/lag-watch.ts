/** Asks the mirrors every few hours which versions they show of the watched modules, and keeps the last answers. */
import type { Endpoint } from '../../shared/domain/endpoint.ts';
import type { LagRow } from '../../shared/domain/timeline.ts';
import { type DurationMs, HOUR_MS, MINUTE_MS } from '../../shared/domain/units.ts';
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

/** What to compare: read again each time. Never rejects. */
export type LagTargets = () => Promise<{
  readonly mirrors: readonly Endpoint[];
  /** Modules that every mirror may learn of: no private ones. */
  readonly modules: readonly string[];
}>;

export class LagWatch {
  readonly #ports: LagWatchPorts;
  readonly #closing = new AbortController();
  #rows: readonly LagRow[] = [];
  #stopTimer: Stop = () => {};
  /** The round that is under way; null between two. */
  #round: Promise<void> | null = null;
  #targets: LagTargets | null = null;

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

  /** Begins to ask: first after a minute, then every six hours. */
  start(targets: LagTargets): void {
    this.#targets = targets;
    this.#plan(FIRST_AFTER_MS);
  }

  /** Asks now, or waits for the round that is under way; the next follows six hours later. Never rejects. */
  async compareNow(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#stopTimer();
    await this.#ask();
  }

  /** Cancels what runs; resolves when nothing does any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopTimer();
    await this.#round;
  }

  #plan(delayMs: DurationMs): void {
    this.#stopTimer = this.#ports.clock.after(delayMs, () => void this.#ask());
  }

  #ask(): Promise<void> {
    this.#round ??= this.#compare().then(() => {
      this.#round = null;
      if (!this.#closing.signal.aborted) this.#plan(EVERY_MS);
    });
    return this.#round;
  }

  async #compare(): Promise<void> {
    if (this.#targets === null) return;
    const { clock, listVersions, onChange } = this.#ports;
    const { signal } = this.#closing;
    const { mirrors, modules } = await this.#targets();
    if (signal.aborted) return;
    const rows: LagRow[] = [];
    // A single mirror has nothing to be compared with.
    for (const module of mirrors.length < 2 ? [] : modules) {
      const listings = await Promise.all(mirrors.map((one) => listVersions(one, module, signal)));
      if (signal.aborted) return;
      rows.push({ module, at: clock.now(), cells: syncLag(listings, clock.now()) });
    }
    this.#rows = rows;
    onChange();
  }
}
