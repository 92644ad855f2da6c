/** What macOS itself may do to a download, layer by layer, as it was read. What was not read is unknown. */
import type { EpochMs } from './units.ts';

/** In the order in which a packet meets them; the last two are shown because people blame them, and have no part. */
export const POLICY_LAYERS = [
  'dns',
  'system-proxy',
  'route',
  'local-network',
  'content-filter',
  'pf',
  'application-firewall',
  'tcc',
] as const;
export type PolicyLayer = (typeof POLICY_LAYERS)[number];

/** `no-part`: it cannot block this, whatever its setting. `present`: it exists, but its effect cannot be read. */
export const LAYER_STATES = ['passes', 'blocks', 'present', 'unknown', 'no-part'] as const;
export type LayerState = (typeof LAYER_STATES)[number];

export interface LayerFinding {
  readonly layer: PolicyLayer;
  readonly state: LayerState;
  /** Who or what: a resolver, an interface, a rule, an extension; '' when there is nothing to name. */
  readonly detail: string;
}

/** The path of one endpoint's packets. */
export interface PolicyPath {
  readonly endpoint: string;
  readonly address: string | null;
  readonly port: number;
  readonly layers: readonly LayerFinding[];
}

/** One line of a listing. */
export interface PolicyRule {
  /** `main`, or an anchor's path. */
  readonly anchor: string;
  readonly position: number;
  readonly text: string;
  /** Endpoints that it decides for. */
  readonly decidesFor: readonly string[];
  readonly blocks: boolean;
  /** Not there at the last reading. */
  readonly isNew: boolean;
}

export interface PolicyApp {
  readonly bundleId: string;
  readonly name: string;
  /** Decision by service, without the prefix; absent services were never asked for. */
  readonly services: Readonly<
    Record<string, { readonly decision: string; readonly reason: string | null; readonly at: EpochMs | null }>
  >;
}

export interface PolicyReading {
  readonly at: EpochMs;
  /** These commands are not on this system: nothing below was read. */
  readonly available: boolean;
  readonly privileged: boolean;
  /** How the administrator prompt ended; null when there was none. */
  readonly prompt: 'done' | 'declined' | 'timed-out' | 'failed' | null;
  readonly macos: string | null;
  readonly pfEnabled: boolean | null;
  readonly paths: readonly PolicyPath[];
  readonly rules: readonly PolicyRule[];
  /** Rules that were there at the last reading and are gone. */
  readonly goneRules: readonly string[];
  readonly previousAt: EpochMs | null;
  readonly unreadAnchors: readonly string[];
  readonly resolvers: readonly string[];
  readonly proxies: readonly string[];
  readonly extensions: readonly string[];
  readonly vpns: readonly string[];
  readonly firewall: string | null;
  /** Resolvers that a person set, by network service. */
  readonly setByHand: readonly string[];
  /** Who signed the `go` that is used; null = not known. */
  readonly goSignedBy: string | null;
  /** Installed terminals and editors, and those that were decided about. */
  readonly apps: readonly PolicyApp[];
  /** What could not be read, and why. */
  readonly unread: readonly { readonly what: string; readonly why: string }[];
}

/** A use of an administrator password, or a change made on this Mac. */
export interface PolicyUse {
  readonly at: EpochMs;
  /** What was run. */
  readonly command: string;
  readonly outcome: 'done' | 'declined' | 'timed-out' | 'failed';
}
