/** Keys of the popover as commands: pure. */

export type KeyCommand =
  | { readonly command: 'profile'; readonly index: number }
  /** Moves to the next row whose name starts so. */
  | { readonly command: 'type-ahead'; readonly letter: string }
  | {
      readonly command:
        | 'probe'
        | 'settings'
        | 'dashboard'
        | 'undo'
        | 'back'
        | 'leave-field'
        | 'next-row'
        | 'previous-row'
        | 'first-row'
        | 'last-row';
    };

export interface KeyPress {
  readonly key: string;
  /** ⌘ on a Mac, Ctrl elsewhere, and no other modifier. */
  readonly command: boolean;
  /** Any other modifier than Shift. */
  readonly modified: boolean;
  /** The focus is in a field that takes letters. */
  readonly typing: boolean;
}

const ROW_KEYS = {
  ArrowDown: 'next-row',
  ArrowUp: 'previous-row',
  Home: 'first-row',
  End: 'last-row',
} as const;

const COMMAND_KEYS = { r: 'probe', ',': 'settings', d: 'dashboard', z: 'undo' } as const;

/** The command of a key; null when it has none. A field keeps its keys; Escape first leaves it, then goes back. */
export function keyCommand({ key, command, modified, typing }: KeyPress): KeyCommand | null {
  if (modified) return null;
  if (command) {
    const name = typing ? undefined : COMMAND_KEYS[key.toLowerCase() as keyof typeof COMMAND_KEYS];
    return name === undefined ? null : { command: name };
  }
  if (key === 'Escape') return { command: typing ? 'leave-field' : 'back' };
  if (typing) return null;
  if (/^[1-9]$/.test(key)) return { command: 'profile', index: Number(key) - 1 };
  if (key === ',') return { command: 'settings' };
  const row = ROW_KEYS[key as keyof typeof ROW_KEYS];
  if (row !== undefined) return { command: row };
  return /^\p{L}$/u.test(key) ? { command: 'type-ahead', letter: key } : null;
}

/** The next row after `at` whose name starts with the letter, wrapping around; −1 when there is none. */
export function rowByLetter(names: readonly string[], at: number, letter: string): number {
  const wanted = letter.toLocaleLowerCase();
  for (let step = 1; step <= names.length; step++) {
    const i = (Math.max(at, -1) + step) % names.length;
    if (names[i]?.toLocaleLowerCase().startsWith(wanted)) return i;
  }
  return -1;
}
