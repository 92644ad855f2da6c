/** Dependencies of the table of effective values. */
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';

/** The process runner and the facts of the machine that every layer is read through. */
export interface EffectivePorts {
  readonly runner: ProcessRunner;
  /** Of this process. */
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Root of the system tools; `/` except in tests. */
  readonly toolRoot: string;
  /** The folder whose project is read; null = none. */
  readonly folder: string | null;
}
