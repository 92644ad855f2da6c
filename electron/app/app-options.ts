/** Start options of the desktop app. */
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';

/** Paths, ports and switches of one start. */
export interface AppOptions {
  /** The folder that holds main/, preload/, renderer/ and icons/: `out`. */
  readonly outFolder: string;
  /** The file that "open the settings file" opens. */
  readonly settingsFile: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Env;
  /** Whether macOS is in Low Power Mode. */
  readonly isLowPower: () => Promise<boolean>;
  /** Ends the services and what they share; resolves when nothing of them runs or writes any more. */
  readonly close: () => Promise<void>;
  /** Shows the popover at once, after a manual start. */
  readonly openAtStart: boolean;
}
