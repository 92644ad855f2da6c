import { afterEach, describe, expect, it, vi } from 'vitest';
import { sampleSnapshot } from '../../e2e/doubles/sample-snapshot.ts';
import type { Snapshot, TrayText } from '../../shared/domain/snapshot.ts';
import type { Verdict } from '../../shared/domain/verdict.ts';
import { translator } from '../../shared/messages/messages.ts';
import { TrayIcon } from './tray.ts';
import { TRAY_STATES, trayText } from './tray-state.ts';

/** What Electron's tray was called with; the real one has no text on this platform. */
const calls = vi.hoisted((): [string, unknown][] => []);
vi.mock('electron', () => ({
  Menu: { buildFromTemplate: () => ({}) },
  nativeImage: { createFromPath: (path: string) => path },
  Tray: class {
    setIgnoreDoubleClickEvents() {}
    on() {}
    setImage() {}
    setToolTip() {}
    setContextMenu() {}
    setTitle(title: string, options: unknown) {
      calls.push([title, options]);
    }
  },
}));

afterEach(() => calls.splice(0));

const en = translator('en');
const zh = translator('zh-CN');

function showing(wanted: TrayText, severity: Verdict['severity'], latencyMs: number | null = null): Snapshot {
  const base = sampleSnapshot();
  const walk = latencyMs === null ? null : { steps: [], outcome: 'works' as const, endsAt: 0, latencyMs };
  return {
    ...base,
    verdict: { ...base.verdict, severity, walk },
    preferences: { ...base.preferences, trayText: wanted },
  };
}

describe('the text beside the icon', () => {
  it('is empty when it is switched off, whatever the state', () => {
    expect(trayText(showing('off', 'down'), en)).toBe('');
    expect(trayText(showing('off', 'healthy', 38), en)).toBe('');
  });

  it('is the latency of the proxy that go uses while downloads work', () => {
    expect(trayText(showing('latency', 'healthy', 38), en)).toBe('38 ms');
    expect(trayText(showing('latency', 'degraded', 1_900), en)).toBe('1.9 s');
  });

  it('is the word of the state where there is no latency', () => {
    expect(trayText(showing('latency', 'down', 38), en)).toBe('down');
    expect(trayText(showing('latency', 'unknown'), en)).toBe('checking');
    expect(trayText(showing('latency', 'healthy'), zh)).toBe('正常');
  });

  it('is a short word of its own for each state, in both languages', () => {
    for (const t of [en, zh]) {
      const words = (['healthy', 'degraded', 'down', 'offline', 'paused', 'unknown'] as const).map((severity) =>
        trayText(showing('status', severity, 38), t),
      );
      expect(new Set(words).size).toBe(TRAY_STATES.length);
      for (const word of words) expect(word.length).toBeLessThanOrEqual(8);
    }
  });
});

describe('the icon', () => {
  const icon = (platform: NodeJS.Platform) =>
    new TrayIcon({ iconFolder: '/icons', platform, onPress: () => {}, onClick: () => {} }, 'healthy');
  const view = (text: string) => ({ state: 'healthy' as const, tooltip: '', text, menu: [] });

  it('gets the text on a Mac, only when it changed, with digits of one width', () => {
    const tray = icon('darwin');
    for (const text of ['', '38 ms', '38 ms', '41 ms', '']) tray.update(view(text));
    expect(calls.map(([title]) => title)).toEqual([' 38 ms', ' 41 ms', '']);
    expect(calls[0]?.[1]).toEqual({ fontType: 'monospacedDigit' });
  });

  it('gets none where the desktop shows none', () => {
    icon('linux').update(view('38 ms'));
    expect(calls).toEqual([]);
  });
});
