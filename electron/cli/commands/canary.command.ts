/** How `gopherbar canary` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const canary = {
  name: 'canary',
  positionals: { modules: { shows: 'module@version', takes: 'many' } },
  options: {
    profile: { value: 'name' },
    timeout: { value: 'seconds', as: 'seconds' },
    json: {},
  },
  example: 'gopherbar canary golang.org/x/text@v0.3.0 --profile china-pipe',
} as const satisfies Declaration;

export type CanaryArguments = ArgumentsOf<typeof canary>;
