/** How `gopherbar lag` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const lag = {
  name: 'lag',
  positionals: { modules: { shows: 'module', takes: 'many' } },
  options: {
    evenPrivate: {},
    json: {},
  },
  example: 'gopherbar lag golang.org/x/text',
} as const satisfies Declaration;

export type LagArguments = ArgumentsOf<typeof lag>;
