/** What crosses between the app and the gateway's process: plain data. */
import type { GatewayFigures, GatewayTransfer, GatewayUpstream } from '../../shared/domain/gateway.ts';
import type { EpochMs } from '../../shared/domain/units.ts';
import type { CacheEvent, IncidentEvent, RequestEvent } from './gateway-events.ts';
import type { UpstreamHealth } from './upstream.ts';

/** `Settings` is what the gateway is opened with. */
export type ToGateway<Settings> =
  /** Sent once, first. `port` 0 = any. */
  | { readonly kind: 'start'; readonly settings: Settings; readonly port: number }
  /** What the monitor knows of the upstreams. */
  | { readonly kind: 'health'; readonly health: readonly UpstreamHealth[] }
  /** Empty the cache. */
  | { readonly kind: 'clear' }
  /** End: open answers have 5 s. */
  | { readonly kind: 'close' };

/** An event with its time. */
export type TimedEvent = (CacheEvent | IncidentEvent | RequestEvent) & { readonly at: EpochMs };

export type FromGateway =
  /** Ready for `start`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening'; readonly port: number }
  /** The port cannot be had; the process ends. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** It cannot be opened with these settings; the process ends. */
  | { readonly kind: 'failed'; readonly message: string }
  /** What has happened since the last report, at most twice a second. */
  | {
      readonly kind: 'report';
      readonly events: readonly TimedEvent[];
      readonly figures: GatewayFigures;
      readonly upstreams: readonly GatewayUpstream[];
      readonly transfers: readonly GatewayTransfer[];
    };
