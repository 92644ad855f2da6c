/**
 * Pictures of every state of the popover and the dashboard, in both languages and themes, 2×: `npm run screenshots [-- state …]`.
 * The gallery (e2e/gallery) opens the real pages over made-up snapshots in a real Electron. Ends with 1 when a page threw an
 * error or a picture is blank. GOPHERBAR_PICTURES names another folder than docs/screenshots.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator } from '@playwright/test';
import { openGallery } from '../e2e/gallery/gallery-app.ts';
import { STATES } from '../e2e/gallery/states/index.ts';
import { SETTINGS_PAGES } from '../shared/domain/settings-sections.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const asked = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const SHEET_STYLE = `
  body { margin: 16px; columns: 5; column-gap: 16px; background: #808080; font: 12px sans-serif; }
  figure { margin: 0 0 16px; break-inside: avoid; }
  img { width: 100%; display: block; }
  figcaption { padding: 4px 0; color: #fff; }
`;
const target = process.env.GOPHERBAR_PICTURES ?? join(root, 'docs', 'screenshots');
const states = asked.length > 0 ? asked : Object.keys(STATES);
const faults: string[] = [];
/** The pictures since the last contact sheet, by name. */
const sheet = new Map<string, Buffer>();

mkdirSync(target, { recursive: true });
const gallery = await openGallery(2);
const { page } = gallery;
for (const theme of ['light', 'dark'] as const) {
  await gallery.setTheme(theme);
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
      await dashboard({ state: 'down', language, tab: 'doctor', trying: '1' }, `doctor-trying-${theme}-${language}`);
      for (const traffic of ['trace', 'capture'])
        await dashboard(
          { state: 'down', language, tab: 'traffic', traffic },
          `traffic-${traffic}-${theme}-${language}`,
        );
      await dashboard({ state: 'down', language, tab: 'policy' }, `policy-${theme}-${language}`);
    }
    for (const state of ['down', 'long-names']) {
      if (!states.includes(state)) continue;
      for (const since of ['changes', 'nothing', 'never'])
        await dashboard({ state, language, tab: 'doctor', since }, `since-${since}-${state}-${theme}-${language}`);
    }
    if (states.includes('drift')) {
      await dashboard({ state: 'drift', language, tab: 'effective' }, `effective-${theme}-${language}`);
      await dashboard(
        { state: 'drift', language, tab: 'effective', end: '1' },
        `effective-contexts-${theme}-${language}`,
      );
      await dashboard({ state: 'drift', language, tab: 'project' }, `project-${theme}-${language}`);
      await dashboard({ state: 'drift', language, tab: 'profiles', edit: '1' }, `profile-form-${theme}-${language}`);
    }
    if (states.includes('healthy')) {
      for (const section of SETTINGS_PAGES) {
        await dashboard(
          { state: 'healthy', language, tab: 'settings', section },
          `settings-${section}-${theme}-${language}`,
        );
      }
      await dashboard({ state: 'healthy', language, range: '7d' }, `dashboard-phases-${theme}-${language}`);
    }
    for (const state of ['kinds', 'notice', 'drift']) {
      if (states.includes(state))
        await dashboard({ state, language, tab: 'gateway' }, `gateway-${state}-${theme}-${language}`);
    }
    if (asked.length === 0) {
      await picture({ state: 'down', language, view: 'endpoint' }, `endpoint-down-${theme}-${language}`);
      await picture({ state: 'healthy', language, view: 'endpoint' }, `endpoint-up-${theme}-${language}`);
      await picture({ state: 'healthy', language, view: 'settings' }, `settings-${theme}-${language}`);
    }
    await contactSheet(`${theme}-${language}`);
  }
}
await gallery.close();
for (const fault of faults) console.error(fault);
console.log(`pictures in ${target}`);
process.exitCode = faults.length === 0 ? 0 : 1;

async function picture(query: Record<string, string>, name: string): Promise<void> {
  await gallery.open('popover', query);
  await page.getByTestId('popover').waitFor();
  if (query.view !== undefined) await page.getByTestId('icon-back').waitFor();
  await keep(page.getByTestId('popover'), name);
}

async function dashboard(query: Record<string, string>, name: string): Promise<void> {
  await gallery.resize(1080, 860);
  await gallery.open('dashboard', query);
  await page.getByTestId('dashboard').waitFor();
  if (query.range === '7d') {
    await page.getByTestId('span-7d').click();
    await page.getByTestId('mode-phases').click();
  }
  if (query.tab !== undefined) {
    await page.getByTestId(`page-${query.tab}`).click();
    if (query.tab === 'profiles') await page.getByTestId('plan').waitFor();
    if (query.section !== undefined) await page.getByTestId(`section-${query.section}`).click();
    if (query.end !== undefined) await page.getByTestId('image-builds').scrollIntoViewIfNeeded();
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
      await page.getByTestId('preflight-choose').click();
      await page.getByTestId('preflight-answer').waitFor();
    }
  } else if (query.state !== 'empty') await page.getByTestId('chart-summary').waitFor();
  await keep(page.getByTestId('dashboard'), name);
  await gallery.resize(380, 740);
}

/** Writes a picture; an error of the page or a picture of one colour is a fault. */
async function keep(part: Locator, name: string): Promise<void> {
  const png = await part.screenshot();
  if (await gallery.isBlank(png)) faults.push(`${name}: the picture is blank`);
  faults.push(...gallery.takeErrors().map((error) => `${name}: ${error}`));
  writeFileSync(join(target, `${name}.png`), png);
  sheet.set(name, png);
}

/** All pictures of one theme and language side by side, with their names: `sheet-THEME-LANGUAGE.png`. */
async function contactSheet(suffix: string): Promise<void> {
  const figures = [...sheet].map(
    ([name, png]) =>
      `<figure><img src="data:image/png;base64,${png.toString('base64')}"><figcaption>${name.replace(`-${suffix}`, '')}</figcaption></figure>`,
  );
  sheet.clear();
  await gallery.resize(1600, 900);
  await page.goto('about:blank');
  // The gallery's script has no storage here; the sheet needs none.
  gallery.takeErrors();
  await page.setContent(`<style>${SHEET_STYLE}</style>${figures.join('')}`);
  writeFileSync(join(target, `sheet-${suffix}.png`), await page.screenshot({ fullPage: true, scale: 'css' }));
  await gallery.resize(380, 740);
}
