/** Where the control socket lies, and how much may go through it; without the shapes, so that asking starts fast. */
import { join } from 'node:path';

/** Longest question, bytes. */
export const MAX_QUESTION = 4 * 1024;

/** Longest answer, bytes: 200 endpoints with a day each stay far below. */
export const MAX_ANSWER = 4 * 1024 * 1024;

/** Its path in the data folder. */
export function controlPath(folder: string): string {
  return join(folder, 'control.sock');
}
