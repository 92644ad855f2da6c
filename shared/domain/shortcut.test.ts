import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isShortcut, type ShortcutPress, shortcutOf, shortcutText } from './shortcut.ts';

const press = (code: string, held: Partial<ShortcutPress> = {}) =>
  shortcutOf({ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });

describe('a global shortcut', () => {
  it('is what is pressed, modifiers in the order of the system', () => {
    expect(press('KeyG', { metaKey: true, altKey: true })).toBe('Alt+Command+G');
    expect(press('Digit1', { ctrlKey: true, shiftKey: true })).toBe('Control+Shift+1');
    expect(press('F5', { altKey: true })).toBe('Alt+F5');
    expect(press('ArrowUp', { ctrlKey: true, altKey: true })).toBe('Control+Alt+Up');
    expect(press('Space', { altKey: true })).toBe('Alt+Space');
  });

  it('needs a modifier besides Shift, and a key that every layout has', () => {
    expect(press('KeyG')).toBeNull();
    expect(press('KeyG', { shiftKey: true })).toBeNull();
    expect(press('F5')).toBeNull();
    expect(press('MetaLeft', { metaKey: true })).toBeNull();
    expect(press('Backslash', { metaKey: true })).toBeNull();
    expect(press('F25', { metaKey: true })).toBeNull();
    for (const text of ['', 'G', 'Shift+G', 'Alt+Alt+G', 'Alt+', 'Alt+g', 'Command+Plus', 'Alt+G+H', 'Super+G']) {
      expect(isShortcut(text)).toBe(false);
    }
  });

  it('that is made from any key press may be registered', () => {
    const code = fc.oneof(fc.constantFrom('KeyA', 'Digit0', 'F12', 'F99', 'ArrowLeft', 'Space', 'Enter'), fc.string());
    const held = fc.record({
      ...{ code, ctrlKey: fc.boolean(), altKey: fc.boolean(), shiftKey: fc.boolean(), metaKey: fc.boolean() },
    });
    fc.assert(
      fc.property(held, (one) => {
        const text = shortcutOf(one);
        expect(text === null || isShortcut(text)).toBe(true);
        if (text !== null) expect(one.ctrlKey || one.altKey || one.metaKey).toBe(true);
      }),
    );
  });

  it('is written as on a Mac, or in words', () => {
    expect(shortcutText('Alt+Command+G', true)).toBe('⌥⌘G');
    expect(shortcutText('Control+Alt+Up', false)).toBe('Ctrl+Alt+Up');
    expect(shortcutText('Alt+Command+G', false)).toBe('Alt+Super+G');
  });
});
