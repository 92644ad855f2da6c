/** A profile written by hand whose GOAUTH is a program: the window names it, and nothing is applied before it was allowed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures.ts';
import { PopoverPage } from '../pages/popover-page.ts';
import { until } from '../until.ts';

const profileWith = (program: string) => ({
  builtInProfiles: false,
  watchedModules: [],
  preferences: { language: 'en' },
  endpoints: [{ id: 'none', url: 'http://127.0.0.1:9' }],
  profiles: [{ id: 'helper', name: 'Helper', variables: { GOPROXY: 'http://127.0.0.1:9', GOAUTH: program } }],
});

test('a program of GOAUTH is named in the window and allowed once, to the letter', async ({
  launch,
  scratch,
  desktop,
}) => {
  void desktop;
  const file = join(scratch.dataFolder, 'settings.json');
  const write = (program: string) => writeFileSync(file, JSON.stringify(profileWith(program)));
  const goEnv = () => {
    try {
      return readFileSync(scratch.goEnvFile, 'utf8');
    } catch {
      return '';
    }
  };
  const [seen, other] = [join(scratch.folder, 'helper --all'), join(scratch.folder, 'other')];
  write(seen);
  const app = await launch('--show');
  const page = await app.page();
  const popover = new PopoverPage(page);
  await page.getByTestId('popover').waitFor();
  await popover.choose('helper');
  const notice = page.getByTestId('notice');
  await expect(notice).toContainText(seen);
  await page.screenshot({ path: test.info().outputPath('named.png') });
  expect(goEnv()).not.toContain('GOPROXY');

  // The file is changed while the question stands: what was read is not what would run.
  write(other);
  await until('the changed settings', () =>
    page.evaluate(async (wanted) => {
      const { gopherbar } = globalThis as unknown as {
        gopherbar: { request(name: string, input: null): Promise<unknown> };
      };
      return JSON.stringify(await gopherbar.request('snapshot.get', null)).includes(wanted);
    }, other),
  );
  await page.getByTestId('allow-program').click();
  await expect(notice).toContainText(other);
  expect(readFileSync(file, 'utf8')).not.toContain('allowedPrograms');
  expect(goEnv()).not.toContain('GOPROXY');

  await page.getByTestId('allow-program').click();
  await until('the switch', () => goEnv().includes('GOPROXY=http://127.0.0.1:9'));
  expect(JSON.parse(readFileSync(file, 'utf8')).go.allowedPrograms).toEqual([other]);
});
