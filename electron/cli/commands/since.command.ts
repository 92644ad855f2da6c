/** How `gopherbar since` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const since = {
  name: 'since',
  positionals: { endpoint: { shows: 'endpoint', takes: 'optional' } },
  options: { json: {} },
  example: 'gopherbar since',
} as const satisfies Declaration;

export type SinceArguments = ArgumentsOf<typeof since>;
