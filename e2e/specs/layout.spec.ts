/** Invariants of the pages in every state: the place of the lists, no sideways scrolling, keys and menus. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';
import { STATES } from '../gallery/states/index.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
});

test.afterAll(() => gallery.close());

test('the profiles stand at the same height in every state of the popover @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(380, 740);
  const places: Record<string, number | undefined> = {};
  for (const language of ['en', 'zh-CN']) {
    for (const state of Object.keys(STATES)) {
      await gallery.open('popover', { state, language });
      places[`${state} ${language}`] = (await page.getByTestId('profiles').boundingBox())?.y;
    }
  }
  expect(new Set(Object.values(places)), JSON.stringify(places)).toHaveProperty('size', 1);
});

test('a click that follows a change of the layout lands on nothing @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(380, 740);
  await gallery.open('popover', { state: 'down' });
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await page.getByTestId('profile-official').click();
  expect(await asked()).toContain('profile.use official');
  await page.evaluate(() => (globalThis as unknown as { activate(id: string): void }).activate('official'));
  await expect(page.getByTestId('profile-official')).toHaveAttribute('aria-checked', 'true');
  await page.getByTestId('profile-goproxy-io').click();
  expect(await asked()).not.toContain('profile.use goproxy-io');
  await page.locator('[data-testid=profiles][data-settled=true]').waitFor();
  await page.getByTestId('profile-goproxy-io').click();
  expect(await asked()).toContain('profile.use goproxy-io');
});

test('Escape closes the menu before it closes the popover, and the focus goes back @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(380, 740);
  await gallery.open('popover', { state: 'healthy' });
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  await page.getByTestId('icon-pause').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('pause-15')).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByTestId('pause-open')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(page.getByTestId('icon-pause')).toBeFocused();
  expect(await asked()).not.toContain('popover.hide');
  await page.keyboard.press('Escape');
  expect(await asked()).toContain('popover.hide');
});

test('rows are reached by Home, End and letters, and keep the focus when their details close @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(380, 740);
  await gallery.open('popover', { state: 'healthy' });
  await page.getByTestId('profiles').waitFor();
  await page.keyboard.press('End');
  await expect(page.getByTestId('endpoint-proxy.golang.org')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByTestId('profile-china-pipe')).toBeFocused();
  await page.keyboard.press('o');
  await expect(page.getByTestId('profile-official')).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByTestId('icon-back').waitFor();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('endpoint-proxy.golang.org')).toBeFocused();
});

for (const name of DASHBOARD_PAGES) {
  test(`the ${name} page does not scroll sideways at 720 px @gallery`, async () => {
    const { page } = gallery;
    await gallery.resize(720, 700);
    await gallery.open('dashboard', { state: name === 'profiles' ? 'long-names' : 'down' });
    await page.getByTestId(`page-${name}`).click();
    await expect(page.getByTestId(`page-${name}`)).toHaveAttribute('aria-current', 'page');
    const overflow = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.content')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    );
    expect(overflow).toEqual([0, 0]);
  });
}

test('the dashboard is driven by keys: pages, palette, first field @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 760);
  await gallery.open('dashboard', { state: 'healthy' });
  await page.getByTestId('chart').waitFor();
  await page.keyboard.press('Control+3');
  await expect(page.getByTestId('doctor-page')).toBeVisible();
  await page.keyboard.press('Control+f');
  await expect(page.getByTestId('doctor-target')).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-text')).toBeFocused();
  await page.keyboard.type('project');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('project-page')).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette')).toHaveCount(0);
});

const POPOVER_VIEWS = [
  { state: 'healthy' },
  { state: 'down' },
  { state: 'drift' },
  { state: 'go-missing' },
  { state: 'notice' },
  { state: 'kinds', view: 'endpoint' },
  { state: 'healthy', view: 'settings' },
] as const;

for (const theme of ['light', 'dark'] as const) {
  for (const contrast of ['no-preference', 'more'] as const) {
    test(`axe finds nothing in the popover, ${theme}, contrast ${contrast} @gallery`, async () => {
      test.setTimeout(120_000);
      const { page } = gallery;
      await gallery.resize(380, 740);
      await gallery.setTheme(theme);
      await page.emulateMedia({ contrast });
      const found: string[] = [];
      for (const query of POPOVER_VIEWS) {
        await gallery.open('popover', query);
        await page.getByTestId('view' in query ? 'icon-back' : 'profiles').waitFor();
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        const where = Object.values(query).join(' ');
        found.push(...violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map((node) => node.html).join(' ')}`));
      }
      await page.emulateMedia({ contrast: null });
      await gallery.setTheme('light');
      expect(found).toEqual([]);
    });
  }
}

/** How opaque the chart's drawing is in all, 0…1 of its area. */
function inkOfChart(): Promise<number> {
  return gallery.page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let sum = 0;
    for (let i = 3; i < data.length; i += 4) sum += (data[i] ?? 0) / 255;
    return sum / Math.max(1, data.length / 4);
  });
}

test('a chart is drawn again when the system turns dark @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 760);
  await gallery.open('dashboard', { state: 'healthy' });
  await page.getByTestId('chart').waitFor();
  const isDrawnIn = (token: string) =>
    page.evaluate((name) => {
      const canvas = document.querySelector('canvas');
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      const wanted = [1, 3, 5].map((at) => Number.parseInt(value.slice(at, at + 2), 16));
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] === 255 && wanted.every((one, channel) => one === data[i + channel])) return true;
      }
      return false;
    }, token);
  expect(await isDrawnIn('--p50')).toBe(true);
  await gallery.setTheme('dark');
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'dark');
  expect(await isDrawnIn('--p50')).toBe(true);
  await gallery.setTheme('light');
  await expect(page.locator(':root')).toHaveAttribute('data-theme', 'light');
  expect(await isDrawnIn('--p50')).toBe(true);
});

test('a chart is drawn again when the contrast is increased @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 760);
  await gallery.open('dashboard', { state: 'healthy' });
  await page.getByTestId('chart').waitFor();
  const usual = await inkOfChart();
  await page.emulateMedia({ contrast: 'more' });
  await expect.poll(inkOfChart).toBeGreaterThan(usual * 1.2);
  await page.emulateMedia({ contrast: 'no-preference' });
  await expect.poll(inkOfChart).toBe(usual);
  await page.emulateMedia({ contrast: null });
});

for (const [language, outage, gap] of [
  ['en', /^Connection reset\n.* · 12 min · blocked by name$/, /^Computer asleep\n.* · 6 h$/],
  ['zh-CN', /^连接被重置\n.* · 12 分 · 按域名阻断$/, /^电脑睡眠\n.* · 6 小时$/],
] as const) {
  test(`the crosshair says what is under it, ${language} @gallery`, async () => {
    const { page } = gallery;
    await gallery.resize(1080, 760);
    await gallery.open('dashboard', { state: 'healthy', language });
    const tip = page.getByTestId('mark-tip');
    await page.getByTestId('chart').focus();
    for (let i = 0; i < 60 && (await tip.count()) === 0; i++) await page.keyboard.press('ArrowLeft');
    expect(await tip.innerText()).toMatch(outage);
    // What is shown is also read out.
    await expect(page.getByTestId('chart-readout').locator('.hidden-text')).toHaveText(/ · 12 /);
    await page.keyboard.press('Escape');
    await expect(tip).toHaveCount(0);
    const box = await page.getByTestId('chart').boundingBox();
    await page.mouse.move((box?.x ?? 0) + 58 + ((box?.width ?? 0) - 70) * 0.3, (box?.y ?? 0) + 180);
    expect(await tip.innerText()).toMatch(gap);
    await page.mouse.move(2, 2);
  });
}

for (const theme of ['light', 'dark'] as const) {
  for (const contrast of ['no-preference', 'more'] as const) {
    test(`axe finds nothing on any page, ${theme}, contrast ${contrast} @gallery`, async () => {
      test.setTimeout(120_000);
      const { page } = gallery;
      await gallery.resize(1080, 860);
      await gallery.setTheme(theme);
      await page.emulateMedia({ contrast });
      const found: string[] = [];
      for (const name of DASHBOARD_PAGES) {
        await gallery.open('dashboard', { state: 'down' });
        await page.getByTestId(`page-${name}`).click();
        await expect(page.getByTestId(`page-${name}`)).toHaveAttribute('aria-current', 'page');
        if (name === 'history') {
          await page.getByTestId('mark-list').locator('summary').click();
          await page.getByTestId('marks').getByRole('button').last().focus();
          await page.getByTestId('mark-tip').waitFor();
        }
        // Legacy mode: the standard one opens a page of its own, which Electron refuses.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        found.push(...violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map((node) => node.html).join(' ')}`));
      }
      await page.emulateMedia({ contrast: null });
      await gallery.setTheme('light');
      expect(found).toEqual([]);
    });
  }
}
