/** How `gopherbar ci` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const ci = {
  name: 'ci',
  positionals: { command: { shows: 'command', takes: 'any' } },
  options: {
    retries: { value: 'count', as: 'count', default: '10' },
    budget: { value: 'seconds', as: 'seconds', default: '600' },
    timeout: { value: 'seconds', as: 'seconds' },
    waitVisible: { value: 'duration' },
    whenDown: { value: 'action', default: 'fail' },
    gateway: {},
    report: { value: 'file' },
    summary: { value: 'file' },
    json: {},
  },
  example: 'gopherbar ci --gateway --when-down warn -- go test ./...',
} as const satisfies Declaration;

export type CiArguments = ArgumentsOf<typeof ci>;
