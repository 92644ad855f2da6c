import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { silentLog } from '../system/log.ts';
import { type LoginItem, loginItem } from './login-item.ts';
import { ManagedLogin } from './managed-login.ts';

const MANAGED = ['preferences.launchAtLogin'];

let home: string;
let item: LoginItem;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-login-'));
  const never = { getLoginItemSettings: () => ({ openAtLogin: false }), setLoginItemSettings: () => {} };
  item = loginItem('linux', never, { XDG_CONFIG_HOME: home }, '/opt/gopherbar');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function snapshot(launchAtLogin: boolean, part: Partial<Snapshot>): Snapshot {
  const base = sampleSnapshot(part);
  return { ...base, preferences: { ...base.preferences, launchAtLogin } };
}

test('a managed start at login is applied at the start and when it changes', async () => {
  const login = new ManagedLogin(item, silentLog);
  login.follow(snapshot(true, { managed: MANAGED }));
  await login.close();
  expect(readFileSync(join(home, 'autostart', 'gopherbar.desktop'), 'utf8')).toContain('/opt/gopherbar');
  login.follow(snapshot(false, { managed: MANAGED }));
  await login.close();
  expect(await item.get()).toBe(false);
});

test('a value of the person, and that of a demo, are left alone', async () => {
  const login = new ManagedLogin(item, silentLog);
  login.follow(snapshot(true, { managed: [] }));
  login.follow(snapshot(true, { managed: MANAGED, demo: true }));
  await login.close();
  expect(await item.get()).toBe(false);
});

test('what the system refuses is logged, once, and ends nothing', async () => {
  const warnings: string[] = [];
  const refusing: LoginItem = { get: async () => false, set: async () => Promise.reject(new Error('not permitted')) };
  const login = new ManagedLogin(refusing, {
    ...silentLog,
    warn: (event, facts) => warnings.push(`${event} ${facts?.error}`),
  });
  for (let i = 0; i < 3; i++) login.follow(snapshot(true, { managed: MANAGED }));
  await login.close();
  expect(warnings).toEqual(['the managed start at login was not applied not permitted']);
});
