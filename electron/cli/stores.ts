/**
 * The data folder as the one-shot commands open it: no lock, no threads, no watching, and the history only on request.
 */

import { type Core, openCore } from '../composition/core.ts';
import type { EngineSettings } from '../engine/engine-ports.ts';
import type { HistoryStore } from '../history/history-store.ts';
import type { GoControl } from '../profile/go-control.ts';
import type { Clock } from '../system/clock.ts';
import { dataFolder } from '../system/files.ts';
import { silentLog } from '../system/log.ts';
import type { CliIo } from './cli-io.ts';
import { reportProblem } from './report.ts';

export interface Stores {
  readonly core: Core;
  readonly settings: EngineSettings;
  readonly go: GoControl;
  openHistory(): Promise<HistoryStore>;
}

/** Opens the settings, until the command ends. Problems with files of the data folder are printed as they are found. */
export async function openStores(io: CliIo, clock: Clock): Promise<Stores> {
  const options = { clock, oneShot: true, signal: io.signal };
  const core = await openCore(dataFolder(process.platform, io.env), io.env, silentLog, options);
  io.atEnd(() => core.close());
  core.problems.subscribe((problem) => reportProblem(io, problem));
  const settings = core.settings();
  // Without this a file with an error in it would be passed over for the defaults, silently.
  if (settings.problem !== null) reportProblem(io, settings.problem);
  return {
    core,
    settings,
    go: core.go,
    openHistory: async () => (await core.history()).store,
  };
}
