/** How `gopherbar effective` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const effective = {
  name: 'effective',
  options: {
    json: {},
  },
} as const satisfies Declaration;

export type EffectiveArguments = ArgumentsOf<typeof effective>;
