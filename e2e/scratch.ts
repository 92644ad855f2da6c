/** A home of its own for one test: the app, go and git find scratch folders only, never the person's files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch {
  readonly folder: string;
  /** Gopherbar's data folder below it. */
  readonly dataFolder: string;
  /** The file `go env -w` writes. */
  readonly goEnvFile: string;
  /** Where stand-ins for the system's tools go. */
  readonly toolRoot: string;
  readonly env: Readonly<Record<string, string>>;
  /** Replaces settings.json. */
  writeSettings(settings: object): void;
  remove(): void;
}

/** Variables of the real session that a started program still needs. */
const KEPT = ['PATH', 'DISPLAY', 'XAUTHORITY', 'WAYLAND_DISPLAY', 'TMPDIR', 'LANG', 'ELECTRON_OVERRIDE_DIST_PATH'];

/** Makes the folders. */
export function createScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-e2e-'));
  const at = (...names: string[]) => join(folder, ...names);
  const dataHome = at('share');
  const isMac = process.platform === 'darwin';
  const dataFolder = isMac ? at('home', 'Library', 'Application Support', 'Gopherbar') : join(dataHome, 'gopherbar');
  const goEnvFile = at('go', 'env');
  for (const one of [at('home'), dataFolder, at('go'), at('runtime')]) mkdirSync(one, { recursive: true, mode: 0o700 });
  // Not a first start: the welcome would open a window in every test.
  writeFileSync(join(dataFolder, 'settings.json'), '{}');
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const env = {
    ...Object.fromEntries(kept),
    HOME: at('home'),
    XDG_DATA_HOME: dataHome,
    XDG_CONFIG_HOME: at('config'),
    XDG_CACHE_HOME: at('cache'),
    XDG_STATE_HOME: at('state'),
    XDG_RUNTIME_DIR: at('runtime'),
    GOENV: goEnvFile,
    GOPATH: at('go', 'path'),
    GOMODCACHE: at('go', 'mod'),
    GOCACHE: at('go', 'build'),
    GOFLAGS: '-mod=mod -modcacherw',
    GOTOOLCHAIN: 'local',
    GIT_CONFIG_GLOBAL: at('gitconfig'),
    LC_ALL: 'en_US.UTF-8',
    LANGUAGE: 'en',
    // The test door: where a test installs stand-ins for macOS's tools, if it does.
    GOPHERBAR_TOOL_ROOT: at('tools'),
    // Chromium asks the system bus for the battery and more; there is none here.
    NO_AT_BRIDGE: '1',
  };
  return {
    folder,
    dataFolder,
    goEnvFile,
    toolRoot: at('tools'),
    env,
    writeSettings: (settings) => writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify(settings)),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
