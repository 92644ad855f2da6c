/** Downloads on their way: how far, how fast, whether they have stalled. Reported at most four times a second. */
import type { Clock } from '../system/clock.ts';
import type { GatewayEvent } from './gateway-events.ts';
import type { ModuleCache } from './module-cache.ts';

/** One download; `end` it. */
export interface Transfer {
  bytes(received: number, total: number | null): void;
  stalled(): void;
  end(): void;
}

const REPORT_MS = 250;
/** Shorter downloads are over before a person has read about them. */
const SILENT_MS = 500;

export class Transfers {
  readonly #ports: { readonly clock: Clock; readonly cache: ModuleCache; readonly emit: (event: GatewayEvent) => void };
  #count = 0;

  constructor(ports: {
    readonly clock: Clock;
    readonly cache: ModuleCache;
    readonly emit: (event: GatewayEvent) => void;
  }) {
    this.#ports = ports;
  }

  begin(module: string, upstream: string): Transfer {
    const { clock, cache, emit } = this.#ports;
    this.#count += 1;
    const id = `${process.pid}-${this.#count}`;
    const began = clock.monotonic();
    let reportedAt = began + SILENT_MS - REPORT_MS;
    let last: { received: number; total: number | null } = { received: 0, total: null };
    let wasReported = false;
    const report = (stalled: boolean) => {
      const now = clock.monotonic();
      reportedAt = now;
      wasReported = true;
      const bytesPerSecond = Math.round((last.received * 1_000) / Math.max(1, now - began));
      const event: GatewayEvent = { event: 'progress', module, upstream, ...last, bytesPerSecond, stalled };
      cache.transfer(id, JSON.stringify(event));
      emit(event);
    };
    return {
      bytes(received, total) {
        last = { received, total };
        if (clock.monotonic() - reportedAt >= REPORT_MS) report(false);
      },
      stalled: () => report(true),
      end() {
        if (wasReported) cache.transfer(id, null);
      },
    };
  }
}
