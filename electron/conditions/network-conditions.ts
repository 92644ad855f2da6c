/** The machine's network, its power, and what is left of the day's byte budget: how sparing probes must be. */
import {
  type KnownNetwork,
  type NetworkIdentity,
  type NetworkState,
  networkState,
} from '../../shared/domain/network.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Clock } from '../system/clock.ts';
import { PendingWork } from '../system/pending-work.ts';
import type { Conditions } from '../verdict/cadence.ts';
import { Usage } from './usage.ts';

/** What the machine runs on. */
export interface Power {
  readonly onBattery: boolean;
  /** The system's energy saving mode is on. */
  readonly lowPower: boolean;
}

/** What the settings say about networks and bytes. */
export interface NetworkConditionsSettings {
  readonly networks: readonly KnownNetwork[];
  /** Bytes that probes may use a day, elsewhere and in metered networks; null = no limit. */
  readonly bytesPerDay: { readonly usual: number | null; readonly metered: number | null };
}

export interface NetworkConditionsPorts {
  readonly clock: Clock;
  readonly network: {
    /** Never rejects. */
    readonly read: () => Promise<NetworkIdentity | null>;
    /** Calls back after each change; the returned function ends it. */
    readonly watch: (onChange: (addressesDiffer: boolean) => void) => () => Promise<void> | void;
  };
  readonly settings: () => NetworkConditionsSettings;
  /** The present network was read. */
  readonly onKnown: () => void;
  /** The machine moved to another network, or got other addresses (null). */
  readonly onMoved: (to: NetworkState | null) => void;
}

export class NetworkConditions {
  readonly #ports: NetworkConditionsPorts;
  readonly #usage = new Usage();
  #network: NetworkIdentity | null = null;
  #power: Power = { onBattery: false, lowPower: false };
  #stopWatching: () => Promise<void> | void = () => {};
  #closed = false;
  readonly #pending = new PendingWork();

  constructor(ports: NetworkConditionsPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#stopWatching = this.#ports.network.watch((differ) => void this.#pending.add(this.#refresh(differ)));
    void this.#pending.add(this.#refresh(null));
  }

  /** Resolves when the network is neither watched nor read any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#stopWatching();
    await this.#pending.settled();
  }

  get network(): NetworkState | null {
    return this.#network === null ? null : networkState(this.#network, this.#ports.settings().networks);
  }

  set power(power: Power) {
    this.#power = power;
  }

  get bytesPerDay(): number | null {
    const { usual, metered } = this.#ports.settings().bytesPerDay;
    return this.network?.metered === true ? metered : usual;
  }

  /** What makes probes rarer now. */
  conditions(): Conditions {
    const limit = this.bytesPerDay;
    const spent = limit === null ? 0 : this.#usage.bytesToday(this.#ports.clock.now()) / limit;
    return { ...this.#power, metered: this.network?.metered === true, spent };
  }

  /** Counts one probe and the bytes it read and wrote. */
  used(bytes: number, at: EpochMs): void {
    this.#usage.add(bytes, at);
  }

  today(): { readonly probesToday: number; readonly bytesToday: number } {
    const now = this.#ports.clock.now();
    return { probesToday: this.#usage.probesToday(now), bytesToday: this.#usage.bytesToday(now) };
  }

  /** `addressesDiffer` null = the first read. */
  async #refresh(addressesDiffer: boolean | null): Promise<void> {
    const before = this.#network?.id ?? null;
    const network = await this.#ports.network.read();
    if (this.#closed) return;
    this.#network = network;
    this.#ports.onKnown();
    const isOther = before !== (network?.id ?? null);
    if (addressesDiffer === null || (!addressesDiffer && !isOther)) return;
    this.#ports.onMoved(isOther ? this.network : null);
  }
}
