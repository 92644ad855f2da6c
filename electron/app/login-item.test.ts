import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loginItem } from './login-item.ts';

const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-login-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('on macOS the system stores the login item', async () => {
  const settings: unknown[] = [];
  const item = loginItem('darwin', { setLoginItemSettings: (one) => settings.push(one) }, {}, '/Applications/G.app');
  await item.set(true);
  await item.set(false);
  expect(settings).toEqual([{ openAtLogin: true }, { openAtLogin: false }]);
});

test('on Linux an autostart entry is written and removed, with the path quoted', async () => {
  const refuse = { setLoginItemSettings: () => expect.unreachable() };
  const item = loginItem('linux', refuse, { XDG_CONFIG_HOME: scratch }, '/opt/a "b" $c/gopherbar');
  const file = join(scratch, 'autostart', 'gopherbar.desktop');
  await item.set(true);
  expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/a \\"b\\" \\$c/gopherbar"\n');
  await item.set(false);
  await item.set(false);
  expect(existsSync(file)).toBe(false);
});

test('reports a folder that cannot be written', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  const item = loginItem('linux', { setLoginItemSettings: () => {} }, { XDG_CONFIG_HOME: file }, '/x');
  await expect(item.set(true)).rejects.toThrow(/ENOTDIR|EEXIST/);
});
