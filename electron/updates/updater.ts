/**
 * electron-updater as Gopherbar uses it: update information comes from Gopherbar's own HTTP client, since that is the
 * probe of the server; the file is downloaded, checked against its SHA-512 and installed by electron-updater. Never an
 * older version: `allowDowngrade` stays false and no channel is set (setting one would allow it).
 */
import type { AppUpdater, UpdateInfo } from 'electron-updater';
import type { ProviderRuntimeOptions } from 'electron-updater/out/providers/Provider.js';
import type { DurationMs } from '../../shared/domain/units.ts';
import type { OfferedUpdate } from '../../shared/domain/update.ts';
import type { Clock } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import { type FeedText, notesOf, offerProblem } from './feed.ts';

/** A download without a byte for this long has broken off: Chromium's requests have no time limit of their own. */
const STALLED_AFTER_MS = 60_000;

/** What the app's copy on this computer can do with updates. */
export interface Updater {
  /** The running version. */
  readonly version: string;
  /** False where this copy cannot replace itself. */
  readonly isSupported: boolean;
  /** What is newer in a server's update information; null = nothing is. Rejects when it is not acceptable. */
  offer(feed: FeedText): Promise<OfferedUpdate | null>;
  /**
   * Downloads what was offered last and stages it. Rejects when it broke off, was cancelled, or is not the published
   * file: then `isChecksumError` holds, and nothing of it is kept.
   */
  download(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<void>;
  /** Whether a staged update is installed when the app quits. */
  installOnQuit(enabled: boolean): void;
  /** Ends the app, installs the staged update and starts it. */
  install(): void;
}

/** Whether a download was refused because it is not the published file. */
export function isChecksumError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_CHECKSUM_MISMATCH';
}

type FeedOptions = Exclude<Parameters<AppUpdater['setFeedURL']>[0], string>;

/** electron-updater, loaded when it is needed: it takes 30 ms, and most starts have nothing to update. */
export type LoadUpdater = () => Promise<AppUpdater>;

/** The part of Updater that needs no Electron of its own. */
export class FeedUpdater implements Pick<Updater, 'offer' | 'download' | 'installOnQuit'> {
  readonly #load: LoadUpdater;
  readonly #clock: Clock;
  readonly #log: Log;
  #loaded: Promise<AppUpdater> | null = null;
  #opened: AppUpdater | null = null;
  #installsOnQuit = true;

  constructor(load: LoadUpdater, clock: Clock, log: Log) {
    this.#load = load;
    this.#clock = clock;
    this.#log = log;
  }

  async offer(feed: FeedText): Promise<OfferedUpdate | null> {
    const updater = await this.updater();
    updater.setFeedURL(await providerOf(feed));
    const result = await updater.checkForUpdates();
    if (result === null) throw new Error('electron-updater is not active');
    if (!result.isUpdateAvailable) return null;
    const { version, releaseNotes } = result.updateInfo;
    return { version, notes: notesOf(releaseNotes) };
  }

  async download(onProgress: (fraction: number) => void, signal: AbortSignal): Promise<void> {
    const { CancellationToken } = await import('electron-updater');
    const updater = await this.updater();
    const token = new CancellationToken();
    const cancel = () => token.cancel();
    let stalled = false;
    const stall = () => {
      stalled = true;
      cancel();
    };
    let stopWatching = this.#clock.after(STALLED_AFTER_MS, stall);
    const follow = ({ percent }: { readonly percent: number }) => {
      stopWatching();
      // A whole file is then unpacked by macOS, which takes as long as it takes.
      if (percent < 100) stopWatching = this.#clock.after(STALLED_AFTER_MS, stall);
      onProgress(percent / 100);
    };
    signal.addEventListener('abort', cancel);
    updater.on('download-progress', follow);
    try {
      await updater.downloadUpdate(token);
    } catch (error) {
      throw stalled ? new Error(`no data for ${seconds(STALLED_AFTER_MS)} s`) : error;
    } finally {
      stopWatching();
      signal.removeEventListener('abort', cancel);
      updater.off('download-progress', follow);
    }
  }

  installOnQuit(enabled: boolean): void {
    this.#installsOnQuit = enabled;
    // At once: the next thing may be the end of the app.
    if (this.#opened !== null) this.#opened.autoInstallOnAppQuit = enabled;
  }

  /** The library's object, for what only Electron can do with it. */
  updater(): Promise<AppUpdater> {
    this.#loaded ??= this.#open();
    return this.#loaded;
  }

  async #open(): Promise<AppUpdater> {
    const updater = await this.#load();
    const log = this.#log;
    updater.autoDownload = false;
    updater.allowDowngrade = false;
    updater.autoInstallOnAppQuit = this.#installsOnQuit;
    updater.logger = {
      info: (message) => log.info('updater', { message: String(message) }),
      warn: (message) => log.warn('updater', { message: String(message) }),
      error: (message) => log.warn('updater', { message: String(message) }),
    };
    this.#opened = updater;
    return updater;
  }
}

/** A provider of electron-updater over update information that has been read already. */
async function providerOf({ url, text }: FeedText): Promise<FeedOptions> {
  const [{ Provider }, { parseUpdateInfo, resolveFiles }] = await Promise.all([
    import('electron-updater'),
    import('electron-updater/out/providers/Provider.js'),
  ]);
  class ReadFeed extends Provider<UpdateInfo> {
    // GitHub's servers do not serve several ranges at once.
    constructor(_options: unknown, _updater: unknown, runtime: ProviderRuntimeOptions) {
      super({ ...runtime, isUseMultipleRangeRequest: false });
    }

    async getLatestVersion(): Promise<UpdateInfo> {
      const info = parseUpdateInfo(text, url, new URL(url));
      const problem = offerProblem(info, url);
      if (problem !== null) throw new Error(problem);
      return info;
    }

    resolveFiles(info: UpdateInfo) {
      return resolveFiles(info, new URL(url));
    }
  }
  return { provider: 'custom', updateProvider: ReadFeed };
}

function seconds(duration: DurationMs): number {
  return duration / 1_000;
}
