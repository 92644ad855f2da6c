/** Keys of the popover as commands: pure. */

export type KeyCommand =
  | { readonly command: 'profile'; readonly index: number }
  | { readonly command: 'probe' | 'pause' | 'settings' | 'back' | 'next-row' | 'previous-row' };

export interface KeyPress {
  readonly key: string;
  readonly modified: boolean;
  /** The focus is in a field that takes letters. */
  readonly typing: boolean;
}

/** The command of a key; null when it has none. A field that is typed in keeps its keys, but Escape still goes back. */
export function keyCommand({ key, modified, typing }: KeyPress): KeyCommand | null {
  if (modified) return null;
  if (key === 'Escape') return { command: 'back' };
  if (typing) return null;
  if (/^[1-9]$/.test(key)) return { command: 'profile', index: Number(key) - 1 };
  switch (key) {
    case 'r':
    case 'R':
      return { command: 'probe' };
    case 'p':
    case 'P':
      return { command: 'pause' };
    case ',':
      return { command: 'settings' };
    case 'ArrowDown':
      return { command: 'next-row' };
    case 'ArrowUp':
      return { command: 'previous-row' };
    default:
      return null;
  }
}

/** The row after (or before) the focused one; wraps around. `at` is −1 when none is focused. */
export function nextRow(count: number, at: number, step: 1 | -1): number {
  if (count === 0) return -1;
  if (at < 0) return step === 1 ? 0 : count - 1;
  return (at + step + count) % count;
}
