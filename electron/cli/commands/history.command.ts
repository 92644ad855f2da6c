/** How `gopherbar history` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const history = {
  name: 'history',
  positionals: { endpoint: { shows: 'endpoint', takes: 'optional' } },
  options: {
    since: { value: 'duration' },
    csv: {},
    json: {},
  },
  example: 'gopherbar history --since 24h --csv',
} as const satisfies Declaration;

export type HistoryArguments = ArgumentsOf<typeof history>;
