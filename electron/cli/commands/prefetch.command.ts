/** How `gopherbar prefetch` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const prefetch = {
  name: 'prefetch',
  positionals: { folder: { shows: 'folder', takes: 'optional' } },
  options: {
    upstream: { value: 'url', as: 'list' },
    cache: { value: 'folder' },
    sumdb: { value: 'database' },
    private: { value: 'patterns', as: 'list' },
    nosumdb: { value: 'patterns', as: 'list' },
    ca: { value: 'file' },
    resolve: { value: 'host:port:address', as: 'list' },
    offline: {},
    gopls: {},
    json: {},
  },
  example: 'gopherbar prefetch ~/src/service',
} as const satisfies Declaration;

export type PrefetchArguments = ArgumentsOf<typeof prefetch>;
