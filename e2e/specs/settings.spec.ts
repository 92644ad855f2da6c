/** The settings page: every section by keyboard, dialogs, search, axe, and no sideways scrolling. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { SETTINGS_PAGES } from '../../shared/domain/settings-sections.ts';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
});

test.afterAll(() => gallery.close());

async function openSettings(query: Readonly<Record<string, string>> = {}): Promise<void> {
  await gallery.open('dashboard', { state: 'healthy', ...query });
  await gallery.page.getByTestId('page-settings').click();
  await gallery.page.getByTestId('settings-page').waitFor();
}

test('every section is reached by keyboard, and every dialog is left by Escape @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 860);
  await gallery.open('dashboard', { state: 'healthy' });
  await page.getByTestId('dashboard').waitFor();
  await page.keyboard.press('Control+,');
  await page.keyboard.press('Control+f');
  await expect(page.getByTestId('settings-search')).toBeFocused();
  for (const section of SETTINGS_PAGES) {
    await page.keyboard.press('Tab');
    await expect(page.getByTestId(`section-${section}`)).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator(`#settings-${section}`)).toBeVisible();
  }
  await page.getByTestId('section-endpoints').click();
  await page.getByTestId('endpoint-add').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('endpoint-dialog')).toBeVisible();
  await page.getByTestId('endpoint-url').fill('goproxy');
  await expect(page.getByTestId('endpoint-url-fault')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('endpoint-dialog')).toHaveCount(0);
  await expect(page.getByTestId('endpoint-add')).toBeFocused();
  await page.getByTestId('section-data').click();
  await expect(page.getByTestId('locked-data')).toContainText('metrics.port');
  await page.getByTestId('import-settings').click();
  await expect(page.getByTestId('import-dialog')).toBeVisible();
  await expect(page.getByTestId('import-missing')).toContainText('endpoints.3.url');
  await page.getByTestId('import-values').locator('summary').click();
  await expect(page.getByTestId('import-values')).toContainText('intervals.visibleMs');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('import-dialog')).toHaveCount(0);
});

test('the search narrows the sections, and a wrong value is refused beside its field @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 860);
  await openSettings();
  await page.getByTestId('settings-search').fill('seconds');
  await expect(page.getByTestId('section-probing')).toBeVisible();
  await expect(page.getByTestId('section-data')).toHaveCount(0);
  await page.getByTestId('interval-visibleMs').fill('soon');
  await expect(page.getByTestId('interval-visibleMs-fault')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('interval-visibleMs')).toHaveValue('15');
});

test('a mistake in the file names its line and field @gallery', async () => {
  await openSettings({ state: 'notice' });
  await expect(gallery.page.getByTestId('file-problem')).toContainText(/line 14.*endpoints\.1\.url/);
});

for (const theme of ['light', 'dark'] as const) {
  for (const contrast of ['no-preference', 'more'] as const) {
    test(`axe finds nothing in any section, ${theme}, contrast ${contrast} @gallery`, async () => {
      test.setTimeout(120_000);
      const { page } = gallery;
      await gallery.resize(1080, 860);
      await gallery.setTheme(theme);
      await page.emulateMedia({ contrast });
      await openSettings();
      const found: string[] = [];
      const look = async (where: string) => {
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        found.push(...violations.map(({ id, nodes }) => `${where}: ${id} ${nodes.map((node) => node.html).join(' ')}`));
      };
      for (const section of SETTINGS_PAGES) {
        await page.getByTestId(`section-${section}`).click();
        await look(section);
      }
      await page.getByTestId('section-endpoints').click();
      await page.getByTestId('endpoint-add').click();
      await look('endpoint dialog');
      await page.keyboard.press('Escape');
      await page.emulateMedia({ contrast: null });
      await gallery.setTheme('light');
      expect(found).toEqual([]);
    });
  }
}

for (const language of ['en', 'zh-CN']) {
  test(`no section scrolls sideways at 720 px, ${language} @gallery`, async () => {
    const { page } = gallery;
    await gallery.resize(720, 700);
    await openSettings({ language });
    for (const section of SETTINGS_PAGES) {
      await page.getByTestId(`section-${section}`).click();
      const overflow = await page.locator('.content').evaluate((one) => one.scrollWidth - one.clientWidth);
      expect(overflow, section).toBe(0);
    }
  });
}

test('the welcome is walked by keyboard alone, and left by Escape @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 760);
  await gallery.open('dashboard', { state: 'healthy', welcome: '1' });
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);
  for (const step of ['hosts', 'go', 'profile', 'system']) {
    await expect(page.getByTestId(`welcome-${step}`)).toBeVisible();
    if (step === 'profile') {
      await page.getByTestId('welcome-test').focus();
      await page.keyboard.press('Enter');
      await expect(page.getByTestId('welcome-use')).toBeVisible();
    }
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    await page.getByTestId('welcome-next').focus();
    if (step !== 'system') await page.keyboard.press('Enter');
  }
  const changing = ['profile.use', 'profile.keep', 'preferences.set', 'settings.change'];
  expect((await asked()).filter((name) => changing.some((one) => name.startsWith(one)))).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('welcome')).toHaveCount(0);
  expect(await asked()).toContain('preferences.set');
});

test('what an organization manages is off and marked in every section, and in the popover @gallery', async () => {
  const { page } = gallery;
  const sections = {
    general: ['preferences'],
    endpoints: ['endpoints'],
    profiles: ['builtInProfiles'],
    probing: ['intervals', 'thresholds', 'limits', 'bytesPerDay', 'watchedModules'],
    network: ['network', 'doctor', 'trust'],
    gateway: ['gateway'],
    tools: ['go', 'git'],
    data: ['metrics'],
    updates: ['updates'],
  } as const;
  await openSettings({ state: 'healthy', managed: Object.values(sections).flat().join(), platform: 'darwin' });
  for (const section of Object.keys(sections)) {
    await page.getByTestId(`section-${section}`).click();
    const body = page.locator('.settings-section');
    await expect(body.getByText('Set by your organization').first()).toBeVisible();
    // Networks are named by the person: they are never managed.
    await expect(body.locator('.list:not(:has([data-testid^="network-"])) :is(input, select):enabled')).toHaveCount(0);
  }
  await page.getByTestId('section-endpoints').click();
  await expect(page.getByTestId('endpoint-edit-goproxy.cn')).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Test Now: goproxy.cn' })).toBeEnabled();
  await page.getByTestId('page-gateway').click();
  await expect(page.getByTestId('gateway-toggle')).toBeDisabled();
  // A single value leaves the others as they are.
  await openSettings({ state: 'healthy', managed: 'preferences.theme' });
  await expect(page.getByTestId('theme')).toBeDisabled();
  await expect(page.getByTestId('language')).toBeEnabled();
  await gallery.resize(380, 740);
  await gallery.open('popover', { state: 'healthy', view: 'settings', managed: 'preferences' });
  await expect(page.getByTestId('theme')).toBeDisabled();
  await expect(page.getByTestId('managed-preferences.theme')).toContainText('Set by your organization');
  await gallery.resize(1080, 860);
});
