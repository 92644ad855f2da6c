/** What the machine lives in: its network, its power, and what of the day's bytes is left. Decides how sparing probes are. */
import {
  type KnownNetwork,
  type NetworkIdentity,
  type NetworkState,
  networkState,
} from '../../shared/domain/network.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Conditions } from '../verdict/cadence.ts';
import { Usage } from './usage.ts';

/** What the machine runs on. */
export interface Power {
  readonly onBattery: boolean;
  /** The system saves energy. */
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
    readonly watch: (onChange: (addressesDiffer: boolean) => void) => Stop;
  };
  readonly settings: () => NetworkConditionsSettings;
  /** It is known now which network this is, or its marks have changed. */
  readonly onKnown: () => void;
  /** Another network, or other addresses; null = the same network. */
  readonly onMoved: (to: NetworkState | null) => void;
}

export class NetworkConditions {
  readonly #ports: NetworkConditionsPorts;
  readonly #usage = new Usage();
  #network: NetworkIdentity | null = null;
  #power: Power = { onBattery: false, lowPower: false };
  #stopWatching: Stop = () => {};
  #stopped = false;

  constructor(ports: NetworkConditionsPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#stopWatching = this.#ports.network.watch((differ) => void this.#look(differ));
    void this.#look(null);
  }

  stop(): void {
    this.#stopped = true;
    this.#stopWatching();
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

  /** One probe and what it read and wrote. */
  used(bytes: number, at: EpochMs): void {
    this.#usage.add(bytes, at);
  }

  today(): { readonly probesToday: number; readonly bytesToday: number } {
    const now = this.#ports.clock.now();
    return { probesToday: this.#usage.probesToday(now), bytesToday: this.#usage.bytesToday(now) };
  }

  /** `addressesDiffer` null = a first look. */
  async #look(addressesDiffer: boolean | null): Promise<void> {
    const before = this.#network?.id ?? null;
    const network = await this.#ports.network.read();
    if (this.#stopped) return;
    this.#network = network;
    this.#ports.onKnown();
    const isOther = before !== (network?.id ?? null);
    if (addressesDiffer === null || (!addressesDiffer && !isOther)) return;
    this.#ports.onMoved(isOther ? this.network : null);
  }
}
