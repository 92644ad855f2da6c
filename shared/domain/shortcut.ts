/**
 * Global shortcuts as Electron's accelerators: `Alt+Command+G`. Only keys that every keyboard layout has at hand, and
 * never a plain letter, which would be taken from every other program.
 * https://www.electronjs.org/docs/latest/api/accelerator
 */

/** Modifiers in the order in which macOS shows them (Apple's Human Interface Guidelines, Keyboards). */
const MODIFIERS = ['Control', 'Alt', 'Shift', 'Command'] as const;
type Modifier = (typeof MODIFIERS)[number];

/** Electron says Super for the Windows or Linux key, which macOS does not have. */
const ACCELERATOR =
  /^(?=(?:Shift\+)*(?:Control|Alt|Command)\+)(?:(?:Control|Alt|Shift|Command)\+){1,4}(?:[A-Z0-9]|F(?:[1-9]|1\d|2[0-4])|Space|Up|Down|Left|Right)$/;

/** Whether a text is a shortcut that may be registered: a modifier besides Shift, none twice, and one key. */
export function isShortcut(text: string): boolean {
  const modifiers = text.split('+').slice(0, -1);
  return ACCELERATOR.test(text) && new Set(modifiers).size === modifiers.length;
}

/** A key press, as the DOM's KeyboardEvent names its parts. */
export interface ShortcutPress {
  /** The physical key, such as `KeyG`, `Digit1`, `F5` or `ArrowUp` (UI Events, code values). */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

/** The accelerator of a key press; null while only modifiers are held, and for keys that may not be taken. */
export function shortcutOf({ code, ctrlKey, altKey, shiftKey, metaKey }: ShortcutPress): string | null {
  const key = keyOf(code);
  if (key === null) return null;
  const held: Readonly<Record<Modifier, boolean>> = {
    Control: ctrlKey,
    Alt: altKey,
    Shift: shiftKey,
    Command: metaKey,
  };
  const text = [...MODIFIERS.filter((one) => held[one]), key].join('+');
  return isShortcut(text) ? text : null;
}

function keyOf(code: string): string | null {
  const [, letter] = /^(?:Key|Digit)([A-Z0-9])$/.exec(code) ?? [];
  if (letter !== undefined) return letter;
  const [, arrow] = /^Arrow(Up|Down|Left|Right)$/.exec(code) ?? [];
  if (arrow !== undefined) return arrow;
  return code === 'Space' || /^F\d{1,2}$/.test(code) ? code : null;
}

const SYMBOLS: Readonly<Record<string, string>> = {
  Control: '⌃',
  Alt: '⌥',
  Shift: '⇧',
  Command: '⌘',
  Up: '↑',
  Down: '↓',
  Left: '←',
  Right: '→',
};

/** A shortcut as its system writes it: `⌥⌘G` on a Mac, `Ctrl+Alt+G` elsewhere. */
export function shortcutText(accelerator: string, onMac: boolean): string {
  const parts = accelerator.split('+');
  if (onMac) return parts.map((part) => SYMBOLS[part] ?? part).join('');
  const names: Readonly<Record<string, string>> = { Control: 'Ctrl', Command: 'Super' };
  return parts.map((part) => names[part] ?? part).join('+');
}
