import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../system/fake-clock.ts';
import { silentLog } from '../system/log.ts';
import { reachableBounds, WindowMemory } from './window-memory.ts';

const least = { minWidth: 720, minHeight: 520 };
const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const monitor = { x: 1440, y: 0, width: 2560, height: 1400 };

let folder: string;
let path: string;
const open = () => new WindowMemory(path, { clock: new FakeClock(0), log: silentLog });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gopherbar-window-'));
  path = join(folder, 'window.json');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the memory of the window', () => {
  it('remembers across starts', async () => {
    const bounds = { x: 100, y: 80, width: 900, height: 700 };
    const first = open();
    await first.load();
    expect(first.bounds).toBeNull();
    first.remember(bounds);
    await first.close();
    const second = open();
    await second.load();
    expect(second.bounds).toEqual(bounds);
  });

  it('remembers that the hidden icon was reported, beside the bounds, and reads files without it', async () => {
    writeFileSync(path, JSON.stringify({ schema: 1, dashboard: { x: 0, y: 30, width: 800, height: 600 } }));
    const first = open();
    await first.load();
    expect(first.iconReported).toBe(false);
    first.setIconReported(true);
    await first.close();
    const second = open();
    await second.load();
    expect(second.iconReported).toBe(true);
    expect(second.bounds).toEqual({ x: 0, y: 30, width: 800, height: 600 });
  });

  it('does not let a slow read replace where the window is now', async () => {
    writeFileSync(path, JSON.stringify({ dashboard: { x: 0, y: 30, width: 800, height: 600 } }));
    const memory = open();
    const loading = memory.load();
    memory.remember({ x: 50, y: 60, width: 1000, height: 700 });
    await loading;
    expect(memory.bounds?.x).toBe(50);
    await memory.close();
    expect(readFileSync(path, 'utf8')).toContain('1000');
  });

  it('remembers nothing of a damaged file', async () => {
    writeFileSync(path, '{"dashboard": {"x": "left"}}');
    const memory = open();
    await memory.load();
    expect(memory.bounds).toBeNull();
  });
});

describe('remembered bounds', () => {
  it('are used while their title bar is on a display', () => {
    const there = { x: 1500, y: 40, width: 1080, height: 760 };
    expect(reachableBounds(there, [laptop, monitor], least)).toEqual(there);
    expect(reachableBounds({ ...there, x: 3900 }, [laptop, monitor], least)).toMatchObject({ x: 3900 });
  });

  it('are dropped when the display is gone, or the title bar is off it', () => {
    expect(reachableBounds({ x: 1500, y: 40, width: 1080, height: 760 }, [laptop], least)).toBeNull();
    expect(reachableBounds({ x: 100, y: 0, width: 1080, height: 760 }, [laptop], least)).toBeNull();
    expect(reachableBounds({ x: 100, y: 890, width: 1080, height: 760 }, [laptop], least)).toBeNull();
    expect(reachableBounds(null, [laptop], least)).toBeNull();
  });

  it('are never smaller than the window may be', () => {
    expect(reachableBounds({ x: 100, y: 100, width: 300, height: 200 }, [laptop], least)).toEqual({
      ...{ x: 100, y: 100 },
      ...{ width: 720, height: 520 },
    });
  });
});
