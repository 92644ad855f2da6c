/** What is empty or cannot be read says so and has one button; what helps can be copied. */
import { expect, test } from '@playwright/test';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
  await gallery.resize(1080, 860);
});

test.afterAll(() => gallery.close());

const asked = () => gallery.page.evaluate(() => (globalThis as unknown as { asked: string[] }).asked);

for (const [name, request] of [
  ['history', 'dashboard.get'],
  ['gateway', 'gateway.get'],
  ['settings', 'settings.get'],
] as const) {
  test(`the ${name} page that could not be read is read again with one button @gallery`, async () => {
    const { page } = gallery;
    await gallery.open('dashboard', { state: 'healthy', refuse: 'all' });
    await page.getByTestId(`page-${name}`).click();
    // What is not known is not claimed to be none.
    await expect(page.getByText('No incidents')).toHaveCount(0);
    const button = page.getByTestId('empty-state').getByRole('button');
    await expect(button).toHaveText('Try again');
    const before = (await asked()).filter((one) => one === request).length;
    await button.click();
    await expect.poll(async () => (await asked()).filter((one) => one === request).length).toBe(before + 1);
  });
}

test('without endpoints one button opens the dialog of the first, from the overview and from the popover @gallery', async () => {
  const { page } = gallery;
  await gallery.open('dashboard', { state: 'empty' });
  await page.getByTestId('add-first-endpoint').click();
  await expect(page.getByTestId('endpoint-dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('endpoint-dialog')).toHaveCount(0);
  await expect(page.getByTestId('section-endpoints')).toHaveAttribute('aria-current', 'true');
  await gallery.open('popover', { state: 'empty' });
  await page.getByTestId('add-first-endpoint').click();
  expect(await asked()).toContain('dashboard.open');
});

test('each empty list has one button, and it acts @gallery', async () => {
  const { page } = gallery;
  const lists = [
    ['history', 'incidents-title', 'Probe now', 'probe.now'],
    ['history', 'lag-title', 'Compare Now', 'lag.compare'],
    ['profiles', 'switches-title', 'Choose a Profile', 'profile.plan'],
    ['gateway', 'gateway-requests', 'Let go use it', 'profile.use gateway'],
  ] as const;
  for (const [name, title, label, request] of lists) {
    await gallery.open('dashboard', { state: 'notice', past: 'none' });
    await page.getByTestId(`page-${name}`).click();
    const list = page.locator(`section[aria-labelledby="${title}"]`);
    const button = list.getByTestId('empty-state').getByRole('button');
    await expect(button).toHaveText(label);
    const before = (await asked()).length;
    await button.click();
    await expect.poll(async () => (await asked()).slice(before)).toContain(request);
  }
});

test('a search of the settings that finds nothing is cleared with one button @gallery', async () => {
  const { page } = gallery;
  await gallery.open('dashboard', { state: 'healthy' });
  await page.getByTestId('page-settings').click();
  await page.getByTestId('settings-search').fill('no such setting');
  await page.getByTestId('empty-state').getByRole('button', { name: 'Clear search' }).click();
  await expect(page.getByTestId('empty-state')).toHaveCount(0);
  await expect(page.locator('.settings-section').first()).toBeVisible();
});

test('each remedy is copied, its command alone where it has one, and the button says so @gallery', async () => {
  const { page } = gallery;
  await gallery.open('dashboard', { state: 'down' });
  await page.getByTestId('page-doctor').click();
  await page.getByTestId('explain-text').fill('EOF');
  const explained = page.getByTestId('explained').getByRole('listitem');
  const remedies = explained.locator('.remedy');
  await expect(remedies).toHaveCount(await explained.count());
  await remedies.first().getByRole('button').click();
  await expect(remedies.first().getByRole('button')).toHaveText('Copied');
  expect(await asked()).toContain('clipboard.write');
  await gallery.resize(380, 740);
  await gallery.open('popover', { state: 'kinds', view: 'endpoint' });
  await expect(page.locator('.remedy').getByRole('button')).toBeVisible();
});
