/**
 * macOS's policies in the real app, with stand-ins for its tools behind the test door; and on a system without them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { AppDriver } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { defaultTools, installTools } from '../lab/mac-tools.ts';
import type { Scratch } from '../scratch.ts';

test.beforeEach(({ scratch }) => {
  // Nothing listens there; the fakes report that its packets leave through en0, on the port that the recorded rules
  // block.
  const endpoints = [{ id: 'doc', url: 'https://127.0.0.1' }];
  const settings = {
    builtInProfiles: false,
    endpoints,
    preferences: { language: 'en' },
    intervals: { visibleMs: 60_000, hiddenMs: 60_000 },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, 'GOPROXY=https://127.0.0.1\n');
});

async function openPolicy(app: AppDriver): Promise<Page> {
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-policy').click();
  await page.getByTestId('policy-page').waitFor();
  return page;
}

function calls({ toolRoot }: Scratch): readonly string[] {
  return readFileSync(join(toolRoot, 'calls'), 'utf8').trim().split('\n');
}

test('one prompt, asked for with its purpose, shows the rule that stops an endpoint', async ({ launch, scratch }) => {
  installTools(scratch.toolRoot, defaultTools());
  const app = await launch('--show');
  const page = await openPolicy(app);
  const path = page.getByTestId('path-127.0.0.1');
  await expect(path).toContainText('Packet filter (pf)');
  await expect(path.locator('[data-state=unknown]')).toContainText('Packet filter');
  expect(calls(scratch)).not.toContain('osascript');
  await page.getByTestId('policy-privileged').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('policy-plan')).toContainText('pfctl -s info');
  expect(calls(scratch)).not.toContain('osascript');
  await page.getByTestId('policy-go').click();
  await expect(path.locator('[data-state=blocks]')).toContainText('port = 443 label "no-https"');
  await expect(page.getByTestId('policy-rules')).toContainText('decides for 127.0.0.1');
  await expect(page.getByTestId('policy-uses')).toContainText('done');
  expect(calls(scratch).filter((one) => one === 'osascript')).toHaveLength(1);
  // The settings list it too, next to the contacted hosts.
  const popover = await app.page();
  await popover.getByTestId('icon-settings').click();
  await expect(popover.getByTestId('passwords')).toContainText('pfctl');
  await expect(popover.getByTestId('contacts')).toContainText('https://127.0.0.1');
  await expect(popover.getByTestId('contacts')).toContainText('udp://223.5.5.5');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('a prompt that is declined is a normal answer', async ({ launch, scratch }) => {
  installTools(scratch.toolRoot, defaultTools(), 'cancelled');
  const app = await launch('--show');
  const page = await openPolicy(app);
  await page.getByTestId('policy-privileged').click();
  await page.getByTestId('policy-go').click();
  await expect(page.getByRole('alert')).toContainText('No password given');
  await expect(page.getByTestId('path-127.0.0.1').locator('[data-state=unknown]')).toContainText('Packet filter');
  await expect(page.getByTestId('policy-uses')).toContainText('declined');
});

test('on a system without these commands the page says so', async ({ launch }) => {
  const app = await launch('--show');
  const page = await openPolicy(app);
  await expect(page.getByTestId('policy-page')).toContainText('macOS only');
  await expect(page.getByTestId('policy-privileged')).toHaveCount(0);
});
