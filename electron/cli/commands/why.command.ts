/** How `gopherbar why` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const why = {
  name: 'why',
  positionals: { module: { shows: 'module' } },
  options: {
    profile: { value: 'name' },
    json: {},
  },
  example: 'gopherbar why golang.org/x/text --profile china-pipe',
} as const satisfies Declaration;

export type WhyArguments = ArgumentsOf<typeof why>;
