/** axe finds no violations in any view, in both themes. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures.ts';
import { PopoverPage } from '../pages/popover-page.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing to fix in ${theme} mode`, async ({ launch, desktop }) => {
    const app = await launch();
    await app.electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    await (await desktop.tray.item()).activate();
    const page = await app.page();
    const popover = new PopoverPage(page);
    await expect(popover.profile('official')).toHaveAttribute('aria-checked', 'true');
    for (const open of ['overview', 'settings', 'endpoint'] as const) {
      if (open === 'settings') await popover.press(',');
      if (open === 'endpoint') {
        await popover.press('Escape');
        await popover.endpoint('goproxy.cn').click();
        await expect(popover.incidents).toBeVisible();
      }
      // Legacy mode: the standard one opens a page of its own, which Electron refuses.
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect(violations.map(({ id, nodes }) => `${open}: ${id} ${nodes.map((node) => node.html).join(' ')}`)).toEqual(
        [],
      );
    }
  });
}
