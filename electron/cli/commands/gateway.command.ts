/** How `gopherbar gateway` and its subcommands are called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const gatewayRun = {
  name: 'gateway run',
  options: {
    port: { value: 'port' },
    upstream: { value: 'url', as: 'list' },
    cache: { value: 'folder' },
    cacheSize: { value: 'bytes', as: 'count' },
    sumdb: { value: 'database' },
    private: { value: 'patterns', as: 'list' },
    nosumdb: { value: 'patterns', as: 'list' },
    ca: { value: 'file' },
    resolve: { value: 'host:port:address', as: 'list' },
    cooldown: { value: 'days', as: 'count' },
    cooldownExcept: { value: 'patterns', as: 'list' },
    offline: {},
    allowUnverified: {},
    containers: {},
    follow: {},
    json: {},
  },
  example: 'gopherbar gateway --upstream https://goproxy.cn --upstream https://proxy.golang.org',
  isDefault: true,
} as const satisfies Declaration;

export type GatewayRunArguments = ArgumentsOf<typeof gatewayRun>;

export const gatewayStats = {
  name: 'gateway stats',
  options: { cache: { value: 'folder' }, json: {} },
} as const satisfies Declaration;

export type GatewayStatsArguments = ArgumentsOf<typeof gatewayStats>;

export const gatewayClear = {
  name: 'gateway clear',
  options: { cache: { value: 'folder' }, json: {} },
} as const satisfies Declaration;

export type GatewayClearArguments = ArgumentsOf<typeof gatewayClear>;
