/** The real app in the real Electron: started, watched and ended by a test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { until } from './until.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Chromium's sandbox refuses root; only there is it left out. */
const SANDBOX = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

export interface AppDriver {
  readonly electron: ElectronApplication;
  /** Its main process; stays readable after the end. */
  readonly child: ChildProcess;
  /** What the app wrote on stderr so far. */
  log(): string;
  /** The popover's page, once it has loaded; it may be hidden. */
  page(): Promise<Page>;
  popoverIsVisible(): Promise<boolean>;
  /** The dashboard's page, once it is open. */
  dashboard(): Promise<Page>;
  /** Asks the app to quit and waits for its end. */
  quit(): Promise<void>;
}

const packaged = process.env.GOPHERBAR_PACKAGED;
const appArguments = [...(packaged === undefined ? ['.'] : []), ...SANDBOX];

/** Starts the app without a driver, as a person's session would. */
export function spawnApp(env: Readonly<Record<string, string>>, extraArgs: readonly string[] = []): ChildProcess {
  // The electron package exports the path of its executable.
  const file = packaged ?? (createRequire(import.meta.url)('electron') as string);
  return spawn(file, [...appArguments, ...extraArgs], { cwd: root, env: { ...env }, stdio: 'ignore' });
}

/** Starts the built app (or the packaged one that GOPHERBAR_PACKAGED names). */
export async function launchApp(
  env: Readonly<Record<string, string>>,
  extraArgs: readonly string[] = [],
): Promise<AppDriver> {
  const electron = await _electron.launch({
    args: [...appArguments, ...extraArgs],
    cwd: root,
    env: { ...env },
    // Without it Playwright pins the light theme.
    colorScheme: null,
    timeout: 20_000,
    ...(packaged === undefined ? {} : { executablePath: packaged }),
  });
  const child = electron.process();
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += String(chunk);
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  return {
    electron,
    child,
    log: () => log,
    page: async () => electron.windows()[0] ?? (await electron.firstWindow()),
    popoverIsVisible: () =>
      // Electron loads its modules when first named: asked in that very moment, the class has no methods yet.
      electron.evaluate(({ BrowserWindow }) =>
        (BrowserWindow.getAllWindows?.() ?? []).some((window) => window.isVisible()),
      ),
    dashboard: () =>
      until('the dashboard', () => electron.windows().find((page) => page.url().endsWith('/dashboard.html'))),
    async quit() {
      if (hasEnded()) return;
      await electron.evaluate(({ app }) => app.quit()).catch(() => {}); // it may end before it answers
      await until('the app to end', hasEnded, 20_000);
    },
  };
}

/** Ids of a process and its descendants, from /proc/PID/stat (field 4 is the parent). */
export function family(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // Ended meanwhile.
    }
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found;
}

/** Whether a process still runs. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
