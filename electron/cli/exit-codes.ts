/** What `gopherbar` tells scripts; part of every --help. */
export const EXIT = {
  ok: 0,
  /** Unhealthy, failed, refused, or with a finding. */
  finding: 1,
  /** Wrong usage: nothing was done. */
  usage: 2,
  /** `check` and `ci` only: infrastructure failed, not the code (EX_TEMPFAIL of sysexits.h). */
  infrastructure: 75,
  /** Stopped by Ctrl-C (128 + SIGINT), as shells expect. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
