/** Traffic in the real app: a download traced live, a capture opened, packets recorded with stand-ins for macOS's tools. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import type { AppDriver } from '../app-driver.ts';
import { expect, test } from '../fixtures.ts';
import { labCaptures } from '../lab/captures/catalogue.ts';
import { labChains } from '../lab/captures/chains.ts';
import { pcapFile } from '../lab/captures/container.ts';
import type { GoproxyServer } from '../lab/goproxy-server.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { defaultTools, installTcpdump, installTools } from '../lab/mac-tools.ts';
import { FIXTURE_MODULE } from '../lab/tree.ts';

let lab: Lab;
let server: GoproxyServer;

test.beforeEach(async ({ scratch }) => {
  lab = await startLab();
  server = await lab.proxy({ host: 'first.lab', transport: 'http' });
  const url = `http://127.0.0.1:${server.port}`;
  const settings = {
    builtInProfiles: false,
    preferences: { language: 'en' },
    endpoints: [{ id: 'first', url, module: FIXTURE_MODULE }],
    intervals: { visibleMs: 60_000, hiddenMs: 60_000 },
  };
  writeFileSync(join(scratch.dataFolder, 'settings.json'), JSON.stringify(settings));
  writeFileSync(scratch.goEnvFile, `GOPROXY=${url}\nGOSUMDB=off\n`);
});

test.afterEach(() => lab.close());

async function openTraffic(app: AppDriver): Promise<Page> {
  await (await app.page()).getByTestId('icon-chart').click();
  const page = await app.dashboard();
  await page.getByTestId('page-traffic').click();
  await page.getByTestId('traffic-page').waitFor();
  return page;
}

/** The next file dialog is answered with this file. */
function choose(app: AppDriver, file: string): Promise<void> {
  return app.electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: path });
  }, file);
}

async function forgedReset(): Promise<Buffer> {
  return pcapFile(labCaptures(await labChains(), Date.now())['injector gfw-2']?.packets ?? []);
}

test('a download is traced by keyboard, saved, and read again', async ({ launch, scratch }) => {
  const app = await launch('--show');
  const page = await openTraffic(app);
  await expect(page.getByTestId('traffic-trace')).toBeDisabled();
  await page.getByTestId('traffic-module').focus();
  await page.keyboard.type(`${FIXTURE_MODULE.path}@${FIXTURE_MODULE.version}`);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('trace-verdict')).toContainText('The download works', { timeout: 20_000 });
  await expect(page.getByTestId('trace-requests').getByRole('listitem')).toHaveCount(3);
  const file = join(scratch.dataFolder, 'saved.txt');
  await choose(app, file);
  await page.getByTestId('traffic-save').click();
  await expect(page.getByTestId('traffic-save')).toHaveCount(0);
  await page.getByTestId('traffic-open').click();
  await expect(page.getByTestId('traffic-head')).toContainText('saved.txt');
  await expect(page.getByTestId('trace-verdict')).toContainText('The download works');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
});

test('a download that hangs is seen hanging, and stopped', async ({ launch }) => {
  const app = await launch('--show');
  const page = await openTraffic(app);
  await server.setFault({ type: 'drop-request', how: 'hang' });
  await page.getByTestId('traffic-module').fill(FIXTURE_MODULE.path);
  await page.getByTestId('traffic-trace').click();
  await expect(page.getByTestId('trace-requests')).toContainText('no answer yet', { timeout: 20_000 });
  await page.getByTestId('traffic-cancel').click();
  await expect(page.getByTestId('trace-verdict')).toContainText('The download hangs');
  await page.getByTestId('traffic-module').fill('what is this');
  await page.getByTestId('traffic-trace').click();
  await expect(page.getByRole('alert')).toContainText('isn’t a module path');
});

test('a capture shows who cut the connection, and a text is none', async ({ launch, scratch }) => {
  const app = await launch('--show');
  const page = await openTraffic(app);
  const capture = join(scratch.dataFolder, 'office.pcap');
  writeFileSync(capture, await forgedReset());
  await choose(app, capture);
  await page.getByTestId('traffic-open').click();
  await expect(page.getByTestId('capture-verdict')).toContainText('forged');
  await expect(page.getByTestId('exchange-rst-after-client-hello')).toContainText('ClientHello');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  const notes = join(scratch.dataFolder, 'notes.txt');
  writeFileSync(notes, 'dear diary\n');
  await choose(app, notes);
  await page.getByTestId('traffic-open').click();
  await expect(page.getByTestId('trace-verdict')).toContainText('Nothing of go');
});

test('packets are recorded after the command was shown, or the page says where not', async ({ launch, scratch }) => {
  const app = await launch('--show');
  const page = await openTraffic(app);
  await page.getByTestId('record-hosts').fill('192.0.2.1');
  await page.getByTestId('record-ask').click();
  await expect(page.getByTestId('record-problem')).toContainText('macOS');
  installTools(scratch.toolRoot, defaultTools());
  installTcpdump(scratch.toolRoot, await forgedReset(), 'exit 0');
  await page.getByTestId('record-ask').click();
  await expect(page.getByTestId('record-plan')).toContainText('host 192.0.2.1');
  await page.getByTestId('record-go').click();
  await expect(page.getByTestId('exchange-rst-after-client-hello')).toBeVisible();
  await expect(page.getByTestId('traffic-save')).toBeVisible();
  await page.getByTestId('page-policy').click();
  await expect(page.getByTestId('policy-uses')).toContainText('tcpdump');
});
