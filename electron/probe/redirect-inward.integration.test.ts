/** A public host that redirects to an inner address: no connection is opened there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runInNamespace } from '../../e2e/lab/namespace.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'e2e', 'lab', 'redirect-in-namespace.ts');

it('is refused before anything is opened, by probes and by the HTTP client', { timeout: 180_000 }, async () => {
  const home = mkdtempSync(join(tmpdir(), 'gopherbar-inward-'));
  const folder = join(home, '.local', 'share', 'gopherbar');
  mkdirSync(folder, { recursive: true });
  const settings = { builtInProfiles: false, endpoints: [{ id: 'one', url: 'http://192.0.2.2:8080' }] };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', SCRIPT];
  const { output } = await runInNamespace(argv, { hosts: {}, env: { PATH: process.env.PATH, HOME: home } });
  rmSync(home, { recursive: true, force: true });
  const line = output.split('\n').find((one) => one.startsWith('{"opened"'));
  expect(JSON.parse(line ?? output)).toEqual({ opened: 0, seen: Array.from({ length: 6 }, () => 'redirect-private') });
});
