/** The `gopherbar` command that a packaged app brings along; runs with the packaged app only. */
import { execFile } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '../fixtures.ts';
import { runToEnd } from '../run-to-end.ts';

const run = promisify(execFile);

test('is the same command line, wherever it is linked to @packaged', async ({ scratch }) => {
  const app = process.env.GOPHERBAR_PACKAGED as string;
  const link = join(scratch.folder, 'gopherbar');
  symlinkSync(join(dirname(app), 'resources', 'bin', 'gopherbar'), link);
  expect((await run(link, ['--version'], { env: scratch.env })).stdout).toBe('0.1.0\n');
  expect(JSON.parse((await run(link, ['profiles', '--json'], { env: scratch.env })).stdout)).toMatchObject({
    schema: 1,
  });
  const wrong = await runToEnd(link, ['nonsense'], { env: scratch.env });
  expect(wrong).toMatchObject({ exitCode: 2 });
});
