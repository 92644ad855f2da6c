/** How `gopherbar lint` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const lint = {
  name: 'lint',
  positionals: { folder: { shows: 'dir', takes: 'optional' } },
  options: {
    vulnerabilities: {},
    strict: {},
    json: {},
    sarif: {},
    codeQuality: { value: 'file' },
  },
  example: 'gopherbar lint --vulnerabilities --sarif > gopherbar.sarif',
} as const satisfies Declaration;

export type LintArguments = ArgumentsOf<typeof lint>;
