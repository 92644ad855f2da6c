/** How `gopherbar preflight` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const preflight = {
  name: 'preflight',
  positionals: { folder: { shows: 'dir', takes: 'optional' } },
  options: {
    profile: { value: 'name' },
    all: {},
    json: {},
  },
} as const satisfies Declaration;

export type PreflightArguments = ArgumentsOf<typeof preflight>;
