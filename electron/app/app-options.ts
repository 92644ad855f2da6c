/** What the desktop app is started with. */
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import type { Log } from '../system/log.ts';

/** Paths, ports and switches of one start. */
export interface AppOptions {
  /** The folder that holds main/, preload/, renderer/ and icons/: `out`. */
  readonly outFolder: string;
  /** What "open the settings file" opens. */
  readonly settingsFile: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Env;
  /** Whether the system saves energy (macOS's Low Power Mode). */
  readonly isLowPower: () => Promise<boolean>;
  /** Ends the services and what they share; resolves when nothing of them runs or writes any more. */
  readonly close: () => Promise<void>;
  /** Shows the popover at once: for a start by hand. */
  readonly openAtStart: boolean;
}
