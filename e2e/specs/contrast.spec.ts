/** axe finds nothing to fix on any page of the window: both themes, with the usual and with increased contrast. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
  await gallery.resize(1080, 860);
});

test.afterAll(() => gallery.close());

for (const theme of ['light', 'dark'] as const) {
  for (const contrast of ['no-preference', 'more'] as const) {
    test(`axe finds nothing on any page in ${theme} mode, contrast: ${contrast} @gallery`, async () => {
      test.setTimeout(180_000);
      const { page } = gallery;
      await gallery.setTheme(theme);
      await page.emulateMedia({ contrast });
      expect(await page.evaluate(() => matchMedia('(prefers-contrast: more)').matches)).toBe(contrast === 'more');
      await gallery.open('dashboard', { state: 'down', managed: 'preferences.theme,endpoints' });
      for (const name of DASHBOARD_PAGES) {
        await page.getByTestId(`page-${name}`).click();
        await expect(page.getByTestId(`page-${name}`)).toHaveAttribute('aria-current', 'page');
        // Legacy mode: the standard one opens a page of its own, which Electron refuses.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        const found = violations.map(({ id, nodes }) => `${name}: ${id} ${nodes.map((node) => node.html).join(' ')}`);
        expect.soft(found).toEqual([]);
      }
    });
  }
}
