/** What the soak does to the packaged app, each act with its own proof that the app came through it. */
import type { ElectronApplication, Page } from '@playwright/test';
import type { AppDriver } from '../../e2e/app-driver.ts';
import type { TrayItem } from '../../e2e/desktop/status-notifier.ts';
import { until } from '../../e2e/until.ts';

/** Ends parts of the app. */
export const KILLS = ['popover', 'dashboard', 'GPU', 'network service', 'worker threads'] as const;
export type Kill = (typeof KILLS)[number];

/** Recovery takes longer on a busy machine than in a test alone. */
const LIMIT_MS = 60_000;

interface Bridge {
  readonly gopherbar: { request(name: string, input: unknown): Promise<unknown> };
}

/** The part of a snapshot that is read here. */
interface Seen {
  readonly at: number;
  readonly endpoints: readonly { readonly endpoint: { readonly id: string }; readonly lastAt?: number | null }[];
}

export class Acts {
  readonly #app: AppDriver;
  readonly #tray: TrayItem;
  #profile = 0;

  constructor(app: AppDriver, tray: TrayItem) {
    this.#app = app;
    this.#tray = tray;
  }

  /** A request as a window sends it; a window is opened when there is none. */
  async request<T>(name: string, input: unknown): Promise<T> {
    const page = await this.#page();
    return page.evaluate(
      ([wanted, argument]) => (globalThis as unknown as Bridge).gopherbar.request(wanted, argument),
      [name, input] as const,
    ) as Promise<T>;
  }

  async sleepAndWake(): Promise<void> {
    const before = (await this.request<Seen>('snapshot.get', null)).at;
    await this.#app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('suspend'));
    await this.#app.electron.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    await until('a snapshot after waking', async () => (await this.#snapshotAt()) > before, LIMIT_MS);
  }

  /** To the other one of two profiles; the answer is read back by the app itself. */
  async switchProfile(): Promise<void> {
    this.#profile = 1 - this.#profile;
    const profileId = ['one', 'two'][this.#profile];
    const answer = await this.request<{ readonly ok: boolean }>('profile.use', { profileId });
    if (!answer.ok) throw new Error(`not switched: ${JSON.stringify(answer)}`);
  }

  async openAndCloseDashboard(): Promise<void> {
    await this.request('dashboard.open', { endpointId: null });
    const page = await until('the dashboard', () => this.#pageOf('dashboard.html'), LIMIT_MS);
    await page.getByTestId('dashboard').waitFor({ timeout: LIMIT_MS });
    await this.#app.electron.evaluate(({ BrowserWindow }) => {
      const windows = BrowserWindow.getAllWindows();
      windows.find((one) => one.webContents.getURL().endsWith('/dashboard.html'))?.close();
    });
    await until('the dashboard to be gone', () => this.#pageOf('dashboard.html') === null, LIMIT_MS);
  }

  /** Ends a part, and waits until probes and windows work again. */
  async kill(part: Kill): Promise<void> {
    const before = await this.#snapshotAt();
    if (part === 'worker threads') await this.#endWorkers();
    else if (part === 'GPU' || part === 'network service') await this.#endProcess(part);
    else await this.#crashPage(part);
    await until('a newer snapshot', async () => (await this.#snapshotAt()) > before, LIMIT_MS);
    await until('the history', () => this.request('dashboard.get', null).catch(() => false), LIMIT_MS);
  }

  async #snapshotAt(): Promise<number> {
    return this.request<Seen>('snapshot.get', null).then(
      ({ at }) => at,
      () => 0,
    );
  }

  async #crashPage(part: 'popover' | 'dashboard'): Promise<void> {
    const file = part === 'popover' ? '/index.html' : '/dashboard.html';
    if (part === 'dashboard') {
      await this.request('dashboard.open', { endpointId: null });
      const page = await until('the dashboard', () => this.#pageOf(file), LIMIT_MS);
      await page.getByTestId('dashboard').waitFor({ timeout: LIMIT_MS });
    }
    await this.#app.electron.evaluate(({ BrowserWindow }, name) => {
      const windows = BrowserWindow.getAllWindows();
      windows.find((one) => one.webContents.getURL().endsWith(name))?.webContents.forcefullyCrashRenderer();
    }, file);
  }

  async #endProcess(part: 'GPU' | 'network service'): Promise<void> {
    const pid = await until('the process', () => this.#processOf(part), LIMIT_MS);
    process.kill(pid, 'SIGKILL');
    await until('another one', async () => ((await this.#processOf(part)) ?? pid) !== pid, LIMIT_MS);
  }

  #processOf(part: 'GPU' | 'network service'): Promise<number | null> {
    return this.#app.electron.evaluate(({ app }, wanted) => {
      const found = app.getAppMetrics().find(({ type, name }) => type === wanted || name?.toLowerCase() === wanted);
      return found?.pid ?? null;
    }, part);
  }

  /** A thread cannot be killed from outside: whichever posts a message within a few seconds is ended from the inside. */
  async #endWorkers(): Promise<void> {
    const seen = () => count(this.#app.log(), /"event":"worker-lost","worker":"(\w+)"/g);
    const before = seen();
    await this.#app.electron.evaluate(endPostingWorkers);
    await until('the loss of both workers in the log', () => seen() >= before + 2, LIMIT_MS);
  }

  async #page(): Promise<Page> {
    const open = this.#pageOf('/index.html') ?? this.#pageOf('/dashboard.html');
    if (open !== null) return open;
    await this.#tray.activate();
    return until('a window', () => this.#pageOf('/index.html'), LIMIT_MS);
  }

  #pageOf(file: string): Page | null {
    return pagesOf(this.#app.electron).find((page) => page.url().endsWith(file)) ?? null;
  }
}

function pagesOf(electron: ElectronApplication): readonly Page[] {
  return electron.windows().filter((page) => !page.isClosed());
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

/** Runs in the main process. Each worker is ended at its next message, once; the library's method is put back. */
function endPostingWorkers(): void {
  const main = process.mainModule;
  if (main === undefined) throw new Error('no main module');
  const { Worker }: typeof import('node:worker_threads') = main.require('node:worker_threads');
  const post = Worker.prototype.postMessage;
  const ended = new Set<number>();
  Worker.prototype.postMessage = function (this: InstanceType<typeof Worker>, ...message) {
    post.apply(this, message);
    if (ended.has(this.threadId)) return;
    ended.add(this.threadId);
    void this.terminate();
    if (ended.size >= 2) Worker.prototype.postMessage = post;
  };
}
