/** How `gopherbar status` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const status = {
  name: 'status',
  options: {
    probe: {},
    json: {},
  },
} as const satisfies Declaration;

export type StatusArguments = ArgumentsOf<typeof status>;
