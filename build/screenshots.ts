/**
 * Pictures of every state of the popover and the dashboard, in both languages and themes, 2×: `npm run screenshots [-- state …]`.
 * The gallery (e2e/gallery) mounts the real popover over made-up snapshots; a real Electron paints it.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { _electron } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { STATES } from '../e2e/gallery/states/index.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'docs', 'screenshots');
const asked = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const states = asked.length > 0 ? asked : Object.keys(STATES);
const work = mkdtempSync(join(tmpdir(), 'gopherbar-gallery-'));

await build({
  root: join(root, 'e2e', 'gallery'),
  base: './',
  configFile: false,
  logLevel: 'warn',
  plugins: [react()],
  build: {
    outDir: join(work, 'page'),
    emptyOutDir: true,
    target: 'chrome114',
    cssTarget: 'chrome114',
    modulePreload: { polyfill: false },
  },
});
mkdirSync(target, { recursive: true });

const app = await _electron.launch({
  args: [
    join(root, 'e2e', 'gallery', 'window'),
    '--no-sandbox',
    '--force-device-scale-factor=2',
    '--allow-file-access-from-files',
  ],
  colorScheme: null,
  env: { ...(process.env as Record<string, string>), HOME: work, XDG_CONFIG_HOME: work },
});
const page = await app.firstWindow();
const address = pathToFileURL(join(work, 'page', 'index.html')).href;
for (const theme of ['light', 'dark'] as const) {
  await app.evaluate(({ nativeTheme }, source) => {
    nativeTheme.themeSource = source;
  }, theme);
  for (const language of ['en', 'zh-CN']) {
    for (const state of states) await picture({ state, language }, `${state}-${theme}-${language}`);
    if (states.includes('kinds')) {
      await picture({ state: 'kinds', language, view: 'endpoint' }, `endpoint-evidence-${theme}-${language}`);
    }
    for (const state of ['healthy', 'down', 'empty', 'long-names']) {
      if (states.includes(state)) await dashboard({ state, language }, `dashboard-${state}-${theme}-${language}`);
    }
    for (const state of ['drift', 'long-names']) {
      if (states.includes(state))
        await dashboard({ state, language, tab: 'profiles' }, `profiles-${state}-${theme}-${language}`);
    }
    if (states.includes('down')) {
      await dashboard({ state: 'down', language, tab: 'doctor' }, `doctor-${theme}-${language}`);
      for (const traffic of ['trace', 'capture'])
        await dashboard(
          { state: 'down', language, tab: 'traffic', traffic },
          `traffic-${traffic}-${theme}-${language}`,
        );
      await dashboard({ state: 'down', language, tab: 'policy' }, `policy-${theme}-${language}`);
    }
    if (states.includes('drift')) {
      await dashboard({ state: 'drift', language, tab: 'effective' }, `effective-${theme}-${language}`);
      await dashboard({ state: 'drift', language, tab: 'project' }, `project-${theme}-${language}`);
      await dashboard({ state: 'drift', language, tab: 'profiles', edit: '1' }, `profile-form-${theme}-${language}`);
    }
    if (states.includes('healthy')) {
      await dashboard({ state: 'healthy', language, range: '7d' }, `dashboard-phases-${theme}-${language}`);
    }
    if (asked.length > 0) continue;
    await picture({ state: 'down', language, view: 'endpoint' }, `endpoint-down-${theme}-${language}`);
    await picture({ state: 'healthy', language, view: 'endpoint' }, `endpoint-up-${theme}-${language}`);
    await picture({ state: 'healthy', language, view: 'settings' }, `settings-${theme}-${language}`);
  }
}
await app.close();
rmSync(work, { recursive: true, force: true });
console.log(`pictures in ${target}`);

async function picture(query: Record<string, string>, name: string): Promise<void> {
  await page.goto(`${address}?${new URLSearchParams(query)}`);
  await page.getByTestId('popover').waitFor();
  if (query.view !== undefined) await page.getByTestId('icon-back').waitFor();
  await page.getByTestId('popover').screenshot({ path: join(target, `${name}.png`) });
}

async function dashboard(query: Record<string, string>, name: string): Promise<void> {
  await resize(1080, 860);
  await page.goto(`${address}?${new URLSearchParams({ ...query, page: 'dashboard' })}`);
  await page.getByTestId('dashboard').waitFor();
  if (query.range === '7d') {
    await page.getByTestId('span-7d').click();
    await page.getByTestId('mode-phases').click();
  }
  if (query.tab !== undefined) {
    await page.getByTestId(`page-${query.tab}`).click();
    if (query.tab === 'profiles') await page.getByTestId('plan').waitFor();
    if (query.tab === 'policy') await page.getByTestId('policy-rules').waitFor();
    if (query.tab === 'doctor') {
      await page.getByTestId('doctor-fixes').waitFor();
      await page.getByTestId('explain-text').fill('EOF');
      await page.getByTestId('explained').getByRole('listitem').waitFor();
      await page.getByTestId('doctor-target').scrollIntoViewIfNeeded();
    }
    if (query.edit !== undefined) {
      await page.getByTestId('edit').click();
      await page.getByTestId('field-GOPROXY').fill('https://goproxy.cn，direct');
      await page.getByTestId('git-add').click();
    }
    if (query.tab === 'project') {
      await page.getByTestId('project-folder').fill('/Users/me/work/shop');
      await page.getByTestId('preflight').click();
      await page.getByTestId('preflight-answer').waitFor();
    }
  } else if (query.state !== 'empty') await page.getByTestId('chart-summary').waitFor();
  await page.screenshot({ path: join(target, `${name}.png`) });
  await resize(380, 740);
}

function resize(width: number, height: number): Promise<void> {
  return app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
}
