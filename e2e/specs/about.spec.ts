/** The About section of the built app: version, commit, and the licences of everything in it. */
import { expect, test } from '../fixtures.ts';

test('names the commit, and has the whole licence of each library', async ({ launch }) => {
  const app = await launch();
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-settings').click();
  await page.getByTestId('section-about').click();
  await expect(page.getByTestId('version')).toHaveText(/^0\.1\.0\s*commit [0-9a-f]{12}\+?$/);
  await page.locator('.licences > summary').click();
  const undici = page.getByTestId('licence').filter({ hasText: /^undici / });
  await undici.locator('summary').click();
  await expect(undici.locator('pre')).toContainText('Permission is hereby granted');
  expect(await page.getByTestId('licence').count()).toBeGreaterThan(40);
});
