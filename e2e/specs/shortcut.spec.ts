/** The global shortcut: recorded in the settings, pressed on the display while no window of ours has the focus, removed. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { PopoverPage } from '../pages/popover-page.ts';
import { until } from '../until.ts';

const KEYS = 'ctrl+alt+g';

function press(keys: string): void {
  execFileSync('xdotool', ['key', '--clearmodifiers', keys]);
}

test('a shortcut is recorded, opens and closes the popover from anywhere, and is given back', async ({
  launch,
  desktop,
  scratch,
}) => {
  const file = join(scratch.dataFolder, 'settings.json');
  writeFileSync(file, JSON.stringify({ preferences: { language: 'en' }, endpoints: [] }));
  const saved = () => JSON.parse(readFileSync(file, 'utf8')).preferences.shortcut;
  const app = await launch();
  await (await desktop.tray.item()).activate();
  const page = await app.page();
  await new PopoverPage(page).head.waitFor();
  await page.getByTestId('icon-settings').click();
  const button = page.getByTestId('shortcut');
  await expect(button).toHaveText('Set…');

  await button.click();
  await expect(button).toHaveText('Press the keys…');
  await page.keyboard.press('g');
  await expect(button).toHaveText('Press the keys…');
  await page.keyboard.press('Escape');
  await expect(button).toHaveText('Set…');
  await button.click();
  await page.keyboard.press('Control+Alt+g');
  await expect(button).toHaveText('Ctrl+Alt+G');
  await until('the settings file', () => saved() === 'Control+Alt+G');

  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await until('the popover to close', async () => !(await app.popoverIsVisible()));
  press(KEYS);
  await until('the popover to open', () => app.popoverIsVisible());
  press(KEYS);
  await until('the popover to close again', async () => !(await app.popoverIsVisible()));
  press(KEYS);
  await until('the popover to open again', () => app.popoverIsVisible());

  await page.getByTestId('icon-settings').click();
  await page.getByTestId('shortcut-clear').click();
  await expect(button).toHaveText('Set…');
  await until('the settings file', () => saved() === null);
});
