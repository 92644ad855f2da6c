/** How `gopherbar doctor` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const doctor = {
  name: 'doctor',
  positionals: { target: { shows: 'target', takes: 'optional' } },
  options: {
    json: {},
    md: {},
    unredacted: {},
    dohProfile: { value: 'file' },
  },
  example: 'gopherbar doctor golang.org/x/text@v0.3.0',
} as const satisfies Declaration;

export type DoctorArguments = ArgumentsOf<typeof doctor>;
