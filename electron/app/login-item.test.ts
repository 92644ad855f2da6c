import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loginItem } from './login-item.ts';

const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-login-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('on macOS the system stores the login item', async () => {
  const settings: unknown[] = [];
  const item = loginItem(
    'darwin',
    {
      getLoginItemSettings: () => ({ openAtLogin: settings.length === 1 }),
      setLoginItemSettings: (one: unknown) => settings.push(one),
    },
    {},
    '/Applications/G.app',
  );
  await item.set(true);
  expect(await item.get()).toBe(true);
  await item.set(false);
  expect(await item.get()).toBe(false);
  expect(settings).toEqual([{ openAtLogin: true }, { openAtLogin: false }]);
});

test('on Linux an autostart entry is written and removed, with the path quoted', async () => {
  const refuse = { getLoginItemSettings: () => expect.unreachable(), setLoginItemSettings: () => expect.unreachable() };
  const item = loginItem('linux', refuse, { XDG_CONFIG_HOME: scratch }, '/opt/a "b" $c/gopherbar');
  const file = join(scratch, 'autostart', 'gopherbar.desktop');
  await item.set(true);
  expect(await item.get()).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/a \\"b\\" \\$c/gopherbar"\n');
  await item.set(false);
  writeFileSync(file, '[Desktop Entry]\nHidden=true\n');
  expect(await item.get()).toBe(false);
  await item.set(false);
  expect(existsSync(file)).toBe(false);
});

test('reports a folder that cannot be written', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  const item = loginItem(
    'linux',
    { getLoginItemSettings: () => ({ openAtLogin: false }), setLoginItemSettings: () => {} },
    { XDG_CONFIG_HOME: file },
    '/x',
  );
  await expect(item.set(true)).rejects.toThrow(/ENOTDIR|EEXIST/);
});
