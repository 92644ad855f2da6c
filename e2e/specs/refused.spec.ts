/**
 * Nothing blanks a window: every control of every page is used while the main process refuses or fails every request.
 */
import { expect, type Page, test } from '@playwright/test';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { type Gallery, openGallery } from '../gallery/gallery-app.ts';

let gallery: Gallery;

test.beforeAll(async () => {
  test.setTimeout(120_000);
  gallery = await openGallery(1);
});

test.afterAll(() => gallery.close());

/** What a page can be in: with data and refused commands, or with nothing at all. */
const REFUSALS = ['commands', 'all'] as const;
const CONTROLS = 'button:enabled, input:enabled, select:enabled, textarea:enabled, summary';

/** Uses the control at a place; false when there is none. */
async function useControl(page: Page, at: number): Promise<boolean> {
  const control = page.locator(CONTROLS).nth(at);
  if ((await control.count()) === 0) return false;
  const kind = await control.evaluate((element) =>
    element instanceof HTMLInputElement ? element.type : element.tagName.toLowerCase(),
  );
  // A hidden control (in a closed <details>) cannot be used; one that moves away while it is used is gone.
  if (!(await control.isVisible()) || kind === 'file') return true;
  if (kind === 'text' || kind === 'textarea') {
    await control.fill('not a module!!');
    await control.press('Enter');
  } else if (kind === 'select') {
    await control.selectOption({ index: 1 });
  } else {
    await control.click();
    // A dialog would keep every other control from being used.
    if ((await page.locator('dialog[open]').count()) > 0) await page.keyboard.press('Escape');
  }
  return true;
}

async function expectAlive(page: Page, root: 'popover' | 'dashboard', step: string): Promise<void> {
  await expect(page.getByTestId('error-page'), step).toHaveCount(0);
  await expect(page.getByTestId(root), step).not.toBeEmpty();
}

for (const refuse of REFUSALS) {
  for (const name of DASHBOARD_PAGES) {
    test(`the ${name} page survives refused ${refuse} @gallery`, async () => {
      test.setTimeout(120_000);
      const { page } = gallery;
      await gallery.resize(1080, 860);
      const reopen = async () => {
        await gallery.open('dashboard', { state: 'down', refuse });
        await page.getByTestId(`page-${name}`).click();
      };
      await reopen();
      for (let at = 0; await useControl(page, at); at++) {
        await expectAlive(page, 'dashboard', `${name}, control ${at}`);
        // What was refused here must not break another page either.
        if ((await page.locator(`[data-testid=page-${name}][aria-current=page]`).count()) === 0) await reopen();
      }
      for (const other of DASHBOARD_PAGES) {
        await page.getByTestId(`page-${other}`).click();
        await expectAlive(page, 'dashboard', `from ${name} to ${other}`);
      }
    });
  }

  for (const view of ['overview', 'endpoint', 'settings'] as const) {
    for (const state of ['down', 'drift']) {
      test(`the popover's ${view} (${state}) survives refused ${refuse} @gallery`, async () => {
        const { page } = gallery;
        await gallery.resize(380, 740);
        const reopen = async () => {
          await gallery.open('popover', { state, refuse, view });
          await page.getByTestId(view === 'overview' ? 'profiles' : 'icon-back').waitFor();
        };
        await reopen();
        for (let at = 0; await useControl(page, at); at++) {
          await expectAlive(page, 'popover', `${view}, control ${at}`);
          if ((await page.getByTestId(view === 'overview' ? 'profiles' : 'icon-back').count()) === 0) await reopen();
        }
      });
    }
  }
}

test('a page that fails says so, and leaves the others alone @gallery', async () => {
  const { page } = gallery;
  await gallery.resize(1080, 860);
  await gallery.open('dashboard', { state: 'healthy', broken: '1' });
  await expect(page.getByTestId('error-page')).toBeVisible();
  await page.getByTestId('page-profiles').click();
  await expect(page.getByTestId('error-page')).toHaveCount(0);
  await expect(page.getByTestId('profiles-page')).toBeVisible();
});
