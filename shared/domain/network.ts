/** The network this machine is in: macOS no longer tells apps the Wi-Fi's name, so people name it themselves. */

/** What makes a network itself. */
export interface NetworkIdentity {
  /** Derived from gateway, subnet and search domain; stable over visits. */
  readonly id: string;
  /** For a person who has not named it: gateway's interface and subnet. */
  readonly description: string;
  /** A phone's hotspot by its usual subnet. */
  readonly isHotspot: boolean;
}

/** A network as the person marked it. */
export interface NetworkState extends NetworkIdentity {
  readonly name: string | null;
  /** Probes are rare in it. */
  readonly metered: boolean;
}

/** What the settings say of one network. */
export interface KnownNetwork {
  readonly id: string;
  readonly name?: string | undefined;
  readonly metered?: boolean | undefined;
}

/** An identity with what the settings say of it; a hotspot is metered unless they say otherwise. */
export function networkState(identity: NetworkIdentity, known: readonly KnownNetwork[]): NetworkState {
  const own = known.find(({ id }) => id === identity.id);
  return { ...identity, name: own?.name ?? null, metered: own?.metered ?? identity.isHotspot };
}
