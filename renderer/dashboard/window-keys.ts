/** Keys of the dashboard's window: pure. */

export type WindowKey =
  | { readonly kind: 'palette' }
  | { readonly kind: 'find' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'page'; readonly index: number };

interface KeyPress {
  readonly key: string;
  readonly metaKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** What a key with ⌘ (or Ctrl) does; null when it is not one of the window's. */
export function windowKey({ key, metaKey, ctrlKey, altKey, shiftKey }: KeyPress): WindowKey | null {
  if (metaKey === ctrlKey || altKey || shiftKey) return null;
  if (key.toLowerCase() === 'k') return { kind: 'palette' };
  if (key === ',') return { kind: 'settings' };
  if (key.toLowerCase() === 'f') return { kind: 'find' };
  return /^[1-9]$/.test(key) ? { kind: 'page', index: Number(key) - 1 } : null;
}
