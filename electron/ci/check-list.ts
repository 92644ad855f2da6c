/** The list of `gopherbar check`: which modules must be downloadable, how soon, and how much each matters. Pure. */
import { type ModuleVersion, parseModuleVersion } from '../../shared/domain/endpoint.ts';
import type { DurationMs } from '../../shared/domain/units.ts';

/** One module to download. */
export interface CheckItem {
  readonly module: ModuleVersion;
  /** A failure of a critical one fails the check. */
  readonly isCritical: boolean;
  /** Slower than this is `slow`; null = the command's own limit. */
  readonly expectedMs: DurationMs | null;
}

export type CheckList =
  | { readonly ok: true; readonly items: readonly CheckItem[] }
  /** `line` from 1. */
  | { readonly ok: false; readonly line: number; readonly text: string };

/** More downloads than anyone waits for. */
export const MAX_ITEMS = 10_000;

/** `module@version [critical|optional] [SECONDS]` on each line; `#` begins a comment. */
export function parseCheckList(text: string): CheckList {
  const items: CheckItem[] = [];
  for (const [i, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const [name, ...words] = raw
      .replace(/(?:^|\s)#.*$/, '')
      .trim()
      .split(/\s+/);
    if (name === undefined || name === '') continue;
    const item = readItem(name, words);
    if (item === null || items.length >= MAX_ITEMS) return { ok: false, line: i + 1, text: raw.trim().slice(0, 200) };
    items.push(item);
  }
  return { ok: true, items };
}

function readItem(name: string, words: readonly string[]): CheckItem | null {
  const module = parseModuleVersion(name);
  const level = words.find((word) => word === 'critical' || word === 'optional');
  const seconds = words.find((word) => /^\d+(?:\.\d+)?s?$/.test(word));
  if (module === null || words.some((word) => word !== level && word !== seconds)) return null;
  const expectedMs = seconds === undefined ? null : Number(seconds.replace('s', '')) * 1_000;
  if (expectedMs !== null && expectedMs <= 0) return null;
  return { module, isCritical: level !== 'optional', expectedMs };
}
