import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { SAMPLE_AT, sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { translator } from '../../shared/messages/messages.ts';
import { type MenuActions, trayMenu, updateItems } from './menu.ts';
import { trayState } from './tray-state.ts';

const calls: string[] = [];
const actions: MenuActions = {
  probeNow: () => calls.push('probe'),
  pause: (minutes) => calls.push(`pause ${minutes}`),
  resume: () => calls.push('resume'),
  switchTo: (profileId) => calls.push(`use ${profileId}`),
  undo: () => calls.push('undo'),
  open: () => calls.push('open'),
  openDashboard: () => calls.push('dashboard'),
  openSettings: () => calls.push('settings'),
  openSettingsFile: () => calls.push('settings file'),
  update: () => calls.push('update'),
  quit: () => calls.push('quit'),
};

const menu = (change: Partial<Snapshot> = {}) =>
  trayMenu(sampleSnapshot(change), 'en', translator('en'), actions) as MenuItemConstructorOptions[];
const flat = (items: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
const labels = (items: MenuItemConstructorOptions[]) => flat(items).flatMap((item) => item.label ?? []);

test('the menu offers everything the app does', () => {
  calls.length = 0;
  const undo = { switchId: 's', from: 'two', to: 'one', at: SAMPLE_AT };
  for (const item of flat(menu({ undo }))) (item.click as (() => void) | undefined)?.();
  const rest = ['undo', 'open', 'dashboard', 'settings', 'settings file', 'quit'];
  expect(calls).toEqual(['probe', 'pause 60', 'pause 1440', 'pause null', 'use one', 'use two', ...rest]);
});

test('marks the active profile, and names custom settings as such', () => {
  const profiles = sampleSnapshot().profiles.map((one) => ({ ...one, active: false }));
  const chosen = (items: MenuItemConstructorOptions[]) =>
    flat(items)
      .filter((item) => item.checked)
      .map((i) => i.label);
  expect(chosen(menu())).toEqual(['One']);
  expect(chosen(menu({ profiles }))).toEqual(['Set by hand']);
});

test('undo names the profile it returns to, and is absent when there is nothing to undo', () => {
  expect(labels(menu())).not.toContain('Undo: back to Two');
  expect(labels(menu({ undo: { switchId: 's', from: 'two', to: 'one', at: 0 } }))).toContain('Undo: back to Two');
  expect(labels(menu({ undo: { switchId: 's', from: null, to: 'one', at: 0 } }))).toContain(
    'Undo: back to what was set by hand',
  );
});

test('profiles cannot be chosen while switching or without go', () => {
  const enabled = (items: MenuItemConstructorOptions[]) =>
    flat(items).filter((item) => item.type === 'radio' && item.enabled !== false).length;
  expect(enabled(menu())).toBe(2);
  expect(enabled(menu({ switching: true }))).toBe(0);
  expect(enabled(menu({ go: { state: 'detecting' } }))).toBe(0);
});

test('offers resume instead of pause while paused', () => {
  const paused = labels(menu({ schedule: { intervalMs: 1, nextAt: null, paused: { until: null } } }));
  expect(paused).toContain('Resume probing');
  expect(paused).not.toContain('For an hour');
});

test('both languages have every label', () => {
  const chinese = trayMenu(sampleSnapshot(), 'zh-CN', translator('zh-CN'), actions);
  expect(labels(chinese)).toHaveLength(labels(menu()).length);
  expect(labels(chinese).join()).not.toMatch(/menu\.|tray\./);
});

test('each severity has its own shape', () => {
  const of = (severity: Snapshot['verdict']['severity']) =>
    trayState(sampleSnapshot({ verdict: { ...sampleSnapshot().verdict, severity } }));
  const all = (['healthy', 'degraded', 'down', 'offline', 'paused', 'unknown'] as const).map(of);
  expect(new Set(all).size).toBe(6);
});

test('a staged update is the first item, and gone without one', () => {
  calls.length = 0;
  expect(updateItems(null, translator('en'), actions)).toEqual([]);
  const items = updateItems('0.2.0', translator('en'), actions);
  expect(labels(items)).toEqual(['Restart and update to 0.2.0']);
  (items[0]?.click as (() => void) | undefined)?.();
  expect(calls).toEqual(['update']);
});
