/** How `gopherbar hosts` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const hosts = {
  name: 'hosts',
  options: {
    json: {},
  },
} as const satisfies Declaration;

export type HostsArguments = ArgumentsOf<typeof hosts>;
