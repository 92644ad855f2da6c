/** The real pages, as they are built, in a bare Electron window over a made-up API: for pictures and for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { build } from 'vite';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What the e2e runtime's Chromium understands. */
const TARGET = { target: 'chrome114', cssTarget: 'chrome114' };

export interface Gallery {
  readonly page: Page;
  /** Errors that the pages threw or logged since the last call. */
  takeErrors(): string[];
  /** Shows a window's page; the query names the state (see api.ts). */
  open(window: 'popover' | 'dashboard', query: Readonly<Record<string, string>>): Promise<void>;
  setTheme(theme: 'light' | 'dark'): Promise<void>;
  /** Content size, CSS px. */
  resize(width: number, height: number): Promise<void>;
  /** Zooms the page as View > Zoom In does: 2 = 200 %. The size stays that of the window. */
  zoom(factor: number): Promise<void>;
  /** Whether a PNG has only one colour. */
  isBlank(png: Buffer): Promise<boolean>;
  close(): Promise<void>;
}

/** Builds the pages and opens the window; `scale` is the device scale factor. */
export async function openGallery(scale: 1 | 2): Promise<Gallery> {
  const work = mkdtempSync(join(tmpdir(), 'gopherbar-gallery-'));
  await buildPages(work);
  const app = await _electron.launch({
    args: [
      join(root, 'e2e', 'gallery', 'window'),
      '--no-sandbox',
      `--force-device-scale-factor=${scale}`,
      '--allow-file-access-from-files',
    ],
    colorScheme: null,
    env: { ...(process.env as Record<string, string>), HOME: work, XDG_CONFIG_HOME: work },
  });
  const page = await app.firstWindow();
  await page.addInitScript({ path: join(work, 'api', 'api.js') });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  return {
    page,
    takeErrors: () => errors.splice(0),
    async open(window, query) {
      const file = join(work, 'pages', window === 'popover' ? 'index.html' : 'dashboard.html');
      await page.goto(`${pathToFileURL(file).href}?${new URLSearchParams(query)}`);
    },
    setTheme: (theme) =>
      app.evaluate(({ nativeTheme }, source) => {
        nativeTheme.themeSource = source;
      }, theme),
    resize: (width, height) => resize(app, width, height),
    zoom: (factor) =>
      app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(to), factor),
    isBlank: (png) => isBlank(app, png),
    async close() {
      await app.close();
      rmSync(work, { recursive: true, force: true });
    },
  };
}

async function buildPages(work: string): Promise<void> {
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: { outDir: join(work, 'pages'), ...TARGET },
  });
  await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: join(work, 'api'),
      emptyOutDir: true,
      ...TARGET,
      minify: false,
      lib: {
        entry: join(root, 'e2e', 'gallery', 'api.ts'),
        formats: ['iife'],
        name: 'gallery',
        fileName: () => 'api.js',
      },
    },
  });
}

function resize(app: ElectronApplication, width: number, height: number): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
}

function isBlank(app: ElectronApplication, png: Buffer): Promise<boolean> {
  return app.evaluate(({ nativeImage }, base64) => {
    const bitmap = nativeImage.createFromBuffer(Buffer.from(base64, 'base64')).toBitmap();
    const first = bitmap.subarray(0, 4);
    for (let at = 4; at < bitmap.length; at += 4) if (first.compare(bitmap, at, at + 4) !== 0) return false;
    return true;
  }, png.toString('base64'));
}
