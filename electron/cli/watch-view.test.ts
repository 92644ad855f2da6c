/** The live table of `gopherbar watch`: what keys select and open, and that every state fits every terminal. */
import { describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { STATES } from '../../e2e/gallery/states/index.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import { renderWatch } from './render-watch.ts';
import { textWidth, wrapped } from './text-width.ts';
import { FIRST_VIEW, viewAfter, type WatchView } from './watch-view.ts';

const NOW = 1_700_000_000_000;
const UP = '\u001b[A';
const DOWN = '\u001b[B';
const ENTER = '\r';
const ESCAPE = '\u001b';

function state(name: string): Snapshot {
  const make = STATES[name];
  if (make === undefined) throw new Error(name);
  return make(NOW);
}

/** The view after some keys; fails on a key that is none of the view's. */
function press(snapshot: Snapshot, ...keys: readonly string[]): WatchView {
  return keys.reduce((view, key) => {
    const next = viewAfter(key, view, snapshot);
    if (next === null) throw new Error(`not a key of the view: ${JSON.stringify(key)}`);
    return next;
  }, FIRST_VIEW);
}

describe('keys', () => {
  const down = state('down');
  const ids = down.endpoints.map(({ endpoint }) => endpoint.id);

  it('select the endpoints one by one and stop at both ends', () => {
    expect(press(down, DOWN)).toEqual({ selected: ids[0], open: false });
    expect(press(down, DOWN, DOWN).selected).toBe(ids[1]);
    expect(press(down, DOWN, UP, 'k').selected).toBe(ids[0]);
    expect(press(down, ...ids.map(() => DOWN), 'j').selected).toBe(ids.at(-1));
    expect(press(state('empty'), DOWN)).toEqual({ selected: null, open: false });
  });

  it('open the selected endpoint, or the one of the alert; Escape closes and then deselects', () => {
    expect(press(down, DOWN, ENTER)).toEqual({ selected: ids[0], open: true });
    expect(press(down, DOWN, ENTER, ENTER)).toEqual({ selected: ids[0], open: false });
    expect(press(down, ENTER)).toEqual({ selected: down.alert?.endpointId, open: true });
    expect(press(down, ENTER, ESCAPE)).toEqual({ selected: down.alert?.endpointId, open: false });
    expect(press(down, ENTER, ESCAPE, ESCAPE)).toEqual(FIRST_VIEW);
    expect(press(state('empty'), ENTER)).toEqual(FIRST_VIEW);
  });

  it('leave the other keys to the commands', () => {
    for (const key of ['r', 'u', 'f', '1', 'q', '\u001b[C']) expect(viewAfter(key, FIRST_VIEW, down)).toBeNull();
  });
});

function draw(snapshot: Snapshot, view: WatchView, width: number, language: 'en' | 'zh-CN' = 'en') {
  const { io } = new MemoryTerminal({ language });
  return renderWatch(snapshot, { view, notice: '' }, { ...io, columns: () => width }, NOW);
}

describe('the table', () => {
  it.each(Object.keys(STATES))('fits 60 to 200 cells in both languages, with details open: %s', (name) => {
    const snapshot = state(name);
    for (const language of ['en', 'zh-CN'] as const) {
      for (const width of [60, 80, 100, 140, 200]) {
        for (const { endpoint } of snapshot.endpoints) {
          const lines = draw(snapshot, { selected: endpoint.id, open: true }, width, language);
          expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
        }
      }
    }
  });

  it('offers the remedy by its key, and only where there is one', () => {
    expect(draw(state('down'), FIRST_VIEW, 100).join('\n')).toMatch(/^ {2}f {2}switch to “.+”, which works now$/m);
    expect(draw(state('healthy'), FIRST_VIEW, 100).join('\n')).not.toMatch(/^ {2}f {2}/m);
  });

  it('shows in the details where it is, what the cause means and what to do', () => {
    const down = state('down');
    const closed = draw(down, press(down, DOWN), 120).length;
    const opened = draw(down, press(down, ENTER), 120);
    expect(opened.length).toBeGreaterThan(closed + 2);
    expect(opened.join('\n')).toMatch(/^ {5}https:\/\/\S+\n {5}down · .+\n(?: {5}.+\n)+? {5}→ /m);
  });

  it('gives a wide terminal a strip of half hours', () => {
    const count = (width: number) =>
      draw(state('healthy'), FIRST_VIEW, width)
        .join('')
        .match(/[▁▂▃▄▅▆▇█]/gu)?.length ?? 0;
    expect(count(140)).toBeGreaterThan(1.5 * count(80));
  });
});

it('wraps at spaces, and inside what is longer than a line', () => {
  expect(wrapped('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrapped('abcdefgh ij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  expect(wrapped('检查解析器能否到达', 8)).toEqual(['检查解析', '器能否到', '达']);
});
