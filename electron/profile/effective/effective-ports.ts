/** What the table of effective values is read with. */
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';

/** The process runner and the machine's facts that every layer is read through. */
export interface EffectivePorts {
  readonly runner: ProcessRunner;
  /** Of this process. */
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Where system tools are looked for; `/` but in tests. */
  readonly toolRoot: string;
  /** The folder whose project is asked for. */
  readonly folder: string;
}
