/** Links that other programs open: at a second start, as the first start, and strange ones. Dialogs are answered here. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppDriver, spawnApp } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { until } from '../until.ts';

interface Shown {
  readonly message: string;
  readonly detail?: string;
  readonly buttons?: readonly string[];
  readonly defaultId?: number;
}

declare global {
  var shownDialogs: Shown[];
}

test.beforeEach(({ scratch }) => {
  const profiles = [{ id: 'one', name: 'One', variables: { GOPROXY: 'http://127.0.0.1:9|direct' } }];
  const settings = {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints: [],
    watchedModules: [],
    profiles,
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, 'GOPROXY=off\n');
});

/** Answers every message box with this button, and keeps what it showed. */
async function answer(app: AppDriver, response: number): Promise<void> {
  await app.electron.evaluate(({ dialog }, button) => {
    globalThis.shownDialogs = [];
    const show = async (options: unknown) => {
      globalThis.shownDialogs.push(options as Shown);
      return { response: button, checkboxChecked: false };
    };
    dialog.showMessageBox = show as typeof dialog.showMessageBox;
  }, response);
}

async function shown(app: AppDriver): Promise<Shown> {
  return until('a dialog', () => app.electron.evaluate(() => globalThis.shownDialogs[0]));
}

test('a link is confirmed before the profile is used; a no changes nothing', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await desktop.tray.item();
  const open = (link: string) => once(spawnApp({ ...scratch.env, ...desktop.env }, [link]), 'exit');
  await answer(app, 1);
  await open('gopherbar://use/one');
  const question = await shown(app);
  expect(question.message).toBe('Use the profile “One”?');
  expect(question.detail).toContain("go env -w 'GOPROXY=http://127.0.0.1:9|direct'");
  expect(question.buttons).toEqual(['Use profile', 'Cancel']);
  expect(question.defaultId).toBe(1);
  expect(readFileSync(scratch.goEnvFile, 'utf8')).toBe('GOPROXY=off\n');
  await answer(app, 0);
  await open('gopherbar://use/one');
  await until('the switch', () => readFileSync(scratch.goEnvFile, 'utf8').includes('127.0.0.1:9'));
});

test('a strange link is refused with a message', async ({ launch, desktop, scratch }) => {
  const app = await launch();
  await desktop.tray.item();
  await answer(app, 0);
  await once(spawnApp({ ...scratch.env, ...desktop.env }, ['gopherbar://use/one?confirm=no']), 'exit');
  expect((await shown(app)).message).toContain('doesn’t follow this link');
  expect(readFileSync(scratch.goEnvFile, 'utf8')).toBe('GOPROXY=off\n');
});

test('the doctor opens after a yes', async ({ launch, desktop }) => {
  const app = await launch();
  await desktop.tray.item();
  await answer(app, 0);
  await app.electron.evaluate(({ app: electron }) => {
    electron.emit('open-url', { preventDefault: () => {} }, 'gopherbar://doctor?target=127.0.0.1:9');
  });
  expect((await shown(app)).message).toBe('Diagnose 127.0.0.1:9?');
  const page = await app.dashboard();
  await expect(page.getByTestId('doctor-page')).toContainText('127.0.0.1:9');
});
