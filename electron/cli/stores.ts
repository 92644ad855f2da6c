/** The files of the data folder as the one-shot commands open them: no lock, no threads. */
import { dataPaths, engineSettings, goControl } from '../composition/settings.ts';
import type { EngineSettings } from '../engine/engine-ports.ts';
import type { HistoryStore } from '../history/history-store.ts';
import { openHistory } from '../history/open-history.ts';
import type { GoControl } from '../profile/go-control.ts';
import { SettingsFile } from '../settings/settings-file.ts';
import type { Clock } from '../system/clock.ts';
import { dataFolder, type Env } from '../system/files.ts';

export interface Stores {
  readonly folder: string;
  readonly settings: EngineSettings;
  readonly go: GoControl;
  openHistory(): Promise<HistoryStore>;
}

/** Opens the settings; the history only when asked for. */
export async function openStores(env: Env, clock: Clock): Promise<Stores> {
  const folder = dataFolder(process.platform, env);
  const paths = dataPaths(folder);
  const file = await SettingsFile.open(paths.settings, clock);
  return {
    folder,
    settings: engineSettings(file, env),
    go: goControl(file, folder, env),
    openHistory: async () => (await openHistory({ file: paths.history, clock })).store,
  };
}
