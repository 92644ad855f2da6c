/** How `gopherbar policy` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const policyRead = {
  name: 'policy read',
  options: {
    privileged: {},
    json: {},
  },
  isDefault: true,
} as const satisfies Declaration;

export type PolicyReadArguments = ArgumentsOf<typeof policyRead>;
