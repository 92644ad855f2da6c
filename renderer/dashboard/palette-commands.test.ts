import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import { DASHBOARD_PAGES } from '../../shared/domain/snapshot.ts';
import { translator } from '../../shared/messages/messages.ts';
import { PAGES } from './pages.ts';
import { filterEntries, paletteEntries } from './palette-commands.ts';
import { windowKey } from './window-keys.ts';

const t = translator('en');
const entries = (change = {}) => paletteEntries(sampleSnapshot(change), t, 'en');
const ids = (text: string) => filterEntries(entries(), text).map(({ id }) => id);

describe('the command palette', () => {
  it('offers every page, every endpoint and the profiles that are not in use', () => {
    const all = entries().map(({ id }) => id);
    for (const page of DASHBOARD_PAGES) expect(all).toContain(`page-${page}`);
    expect(all).toEqual(expect.arrayContaining(['profile-two', 'endpoint-first', 'endpoint-second']));
    expect(all).not.toContain('profile-one');
    expect(new Set(all).size).toBe(all.length);
  });

  it('offers what can be done now', () => {
    const undo = { switchId: 's', from: 'two', to: 'one', at: 0 };
    const paused = { intervalMs: 1, nextAt: null, paused: { until: null } };
    expect(entries().map(({ id }) => id)).toEqual(expect.arrayContaining(['pause']));
    expect(entries({ undo, schedule: paused }).map(({ id }) => id)).toEqual(expect.arrayContaining(['undo', 'resume']));
    expect(entries().some(({ id }) => id === 'undo')).toBe(false);
  });

  it('finds by every typed word, whatever its case, and puts beginnings first', () => {
    expect(ids('')).toEqual(entries().map(({ id }) => id));
    expect(ids('TWO use')).toEqual(['profile-two']);
    expect(ids('first')[0]).toBe('endpoint-first');
    expect(ids('pro')[0]).toBe('probe');
    expect(ids('nothing like it')).toEqual([]);
  });
});

describe('keys of the window', () => {
  const press = (key: string, change = {}) =>
    windowKey({ key, metaKey: true, ctrlKey: false, altKey: false, shiftKey: false, ...change });

  it('go to pages, to the palette and to the first field', () => {
    expect(press('1')).toEqual({ kind: 'page', index: 0 });
    expect(press(String(PAGES.length))).toEqual({ kind: 'page', index: PAGES.length - 1 });
    expect(press('k')).toEqual({ kind: 'palette' });
    expect(press('F', { metaKey: false, ctrlKey: true })).toEqual({ kind: 'find' });
  });

  it('need one modifier, and no other', () => {
    expect(press('k', { metaKey: false })).toBeNull();
    expect(press('k', { ctrlKey: true })).toBeNull();
    expect(press('k', { altKey: true })).toBeNull();
    expect(press('z')).toBeNull();
  });

  it('cover every page', () => {
    expect(PAGES.map(({ page }) => page).sort()).toEqual([...DASHBOARD_PAGES].sort());
  });
});
