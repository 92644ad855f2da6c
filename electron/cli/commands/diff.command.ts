/** How `gopherbar diff` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const diff = {
  name: 'diff',
  positionals: { name: { shows: 'name' } },
  options: {
    json: {},
  },
  example: 'gopherbar diff china-pipe',
} as const satisfies Declaration;

export type DiffArguments = ArgumentsOf<typeof diff>;
