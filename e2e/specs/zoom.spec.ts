/** At 200 % every page of the dashboard is whole: nothing scrolls sideways, no control is cut (WCAG 2.2: 1.4.4, 1.4.10). */
import { expect, type Page, test } from '@playwright/test';
import { SETTINGS_PAGES } from '../../shared/domain/settings-sections.ts';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
  // 720 CSS px at 200 %.
  await gallery.resize(1440, 1200);
});

test.afterAll(() => gallery.close());

/** What scrolls sideways, and controls that reach beyond the window or cut their own text. */
function faults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className} ${element.textContent?.slice(0, 40)}`;
    const sideways = [...document.querySelectorAll('*')].filter((element) => {
      const { overflowX } = getComputedStyle(element);
      return ['auto', 'scroll'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
    });
    const controls = [...document.querySelectorAll('button, input, select, textarea, summary, a')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const { textOverflow } = getComputedStyle(element);
      const beyond = width > 0 && (left < -1 || right > innerWidth + 1);
      const cut = element.tagName === 'BUTTON' && element.scrollWidth > element.clientWidth + 1;
      return beyond || (cut && textOverflow !== 'ellipsis');
    });
    return [...sideways.map((one) => `scrolls: ${name(one)}`), ...controls.map((one) => `cut: ${name(one)}`)];
  });
}

for (const name of DASHBOARD_PAGES) {
  for (const [state, language] of [
    ['down', 'en'],
    ['long-names', 'en'],
    ['drift', 'zh-CN'],
  ] as const) {
    test(`the ${name} page is whole at 200 %, ${state}, ${language} @gallery`, async () => {
      const { page } = gallery;
      await gallery.open('dashboard', { state, language });
      await gallery.zoom(2);
      expect(await page.evaluate(() => innerWidth)).toBe(720);
      await page.getByTestId(`page-${name}`).click();
      await expect(page.getByTestId(`page-${name}`)).toHaveAttribute('aria-current', 'page');
      if (name === 'project') await page.getByTestId('preflight-choose').click();
      await page.locator('main :is(.panel, .settings-section)').first().waitFor();
      await expect.poll(() => faults(page)).toEqual([]);
      for (const section of name === 'settings' ? SETTINGS_PAGES : []) {
        await page.getByTestId(`section-${section}`).click();
        await expect.poll(() => faults(page), section).toEqual([]);
      }
    });
  }
}
