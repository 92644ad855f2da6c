/** How `gopherbar profiles`, `use` and `undo` are called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const profiles = {
  name: 'profiles',
  options: {
    json: {},
  },
} as const satisfies Declaration;

export type ProfilesArguments = ArgumentsOf<typeof profiles>;

export const use = {
  name: 'use',
  positionals: { name: { shows: 'name' } },
  options: {
    allowProgram: {},
  },
  example: 'gopherbar use china-pipe',
} as const satisfies Declaration;

export type UseArguments = ArgumentsOf<typeof use>;

export const undo = {
  name: 'undo',
  options: {
    steps: { value: 'count', as: 'count' },
  },
} as const satisfies Declaration;

export type UndoArguments = ArgumentsOf<typeof undo>;
