import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { problemText, translator } from '../messages/messages.ts';
import { mistakeOf } from './mistake.ts';
import { settingsFileSchema } from './settings-schema.ts';

const en = translator('en');
const zh = translator('zh-CN');

function textOf(settings: unknown, t = en): string {
  const checked = v.safeParse(settingsFileSchema, settings);
  if (checked.success) throw new Error(`${JSON.stringify(settings)} is valid`);
  return problemText(t, { key: 'setting-invalid', params: { ...mistakeOf(checked.issues[0]) } });
}

/** A wrong value of each kind, and what its text says is allowed. */
const WRONG: readonly (readonly [settings: unknown, field: string, allowed: string])[] = [
  [{ intervals: { visibleMs: 'soon' } }, 'intervals.visibleMs', 'a number'],
  [{ intervals: { visibleMs: 1 } }, 'intervals.visibleMs', 'at least 200 ms'],
  [{ intervals: { visibleMs: 1e12 } }, 'intervals.visibleMs', 'at most 86400000 ms'],
  [{ thresholds: { failuresToDown: 1.5 } }, 'thresholds.failuresToDown', 'a whole number'],
  [{ bytesPerDay: { usual: 5 } }, 'bytesPerDay.usual', 'at least 100000 bytes'],
  [{ preferences: { theme: 'pink' } }, 'preferences.theme', 'one of: system, light, dark'],
  [{ preferences: { reminderHours: 2 } }, 'preferences.reminderHours', 'one of: 0, 1, 4, 24'],
  [{ preferences: { notifications: 'yes' } }, 'preferences.notifications', 'true or false'],
  [{ preferences: { quietHours: 'night' } }, 'preferences.quietHours', '22:00-08:00'],
  [{ preferences: { shortcut: 'G' } }, 'preferences.shortcut', 'Alt+Command+G'],
  [{ preferences: [] }, 'preferences', 'an object'],
  [{ preferences: 3 }, 'preferences', 'an object'],
  [{ endpoints: {} }, 'endpoints', 'a list'],
  [{ endpoints: [{}] }, 'endpoints.0.url', 'given'],
  [{ endpoints: [{ url: 'goproxy' }] }, 'endpoints.0.url', 'a URL of its kind'],
  [{ endpoints: [{ url: 'https://a.test', name: 'x'.repeat(201) }] }, 'endpoints.0.name', '200 characters'],
  [{ endpoints: [{ url: 'https://a.test', id: 'a b' }] }, 'endpoints.0.id', 'letters, digits'],
  [{ watchedModules: Array(21).fill('golang.org/x/net') }, 'watchedModules', 'at most 20 entries'],
  [{ watchedModules: ['a b'] }, 'watchedModules.0', 'a module path'],
  [{ network: { resolver: 'dns' } }, 'network.resolver', '223.5.5.5:53'],
  [{ doctor: { resolvers: ['8.8.8.8'] } }, 'doctor.resolvers.0', 'udp://223.5.5.5'],
  [{ gateway: { upstreams: ['ftp://a'] } }, 'gateway.upstreams.0', 'http or https URL'],
  [{ gateway: { port: 80 } }, 'gateway.port', 'at least 1024.'],
  [{ gateway: { cooldownExcept: ['['] } }, 'gateway.cooldownExcept.0', 'example.com/team/*'],
  [{ metrics: { collector: 'x' } }, 'metrics.collector', 'http://127.0.0.1:4318'],
  [{ updates: { feeds: ['http://a.test'] } }, 'updates.feeds.0', 'https URL'],
  [{ go: { path: 5 } }, 'go.path', 'text'],
];

describe('a mistake in the settings', () => {
  it.each(WRONG)('%j: %s', (settings, field, allowed) => {
    const text = textOf(settings);
    expect(text).toContain(`“${field}” must be`);
    expect(text).toContain(allowed);
    expect(text).toContain('Nothing was saved');
  });

  it.each(WRONG)('%j: no word of the library, in either language', (settings, field) => {
    expect(textOf(settings)).not.toMatch(/Invalid|Expected|received/);
    const chinese = textOf(settings, zh);
    expect(chinese).toContain(`“${field}”应为`);
    expect(chinese).not.toMatch(/Invalid|Expected|received|must|undefined/);
  });
});
