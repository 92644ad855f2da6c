/** Waiting for a condition instead of for a time. */
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 25;

/** Resolves with the first value that is neither undefined, null nor false; throws, naming `what`, after the limit. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  limitMs = 15_000,
): Promise<Exclude<NonNullable<T>, false>> {
  const end = performance.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen as Exclude<NonNullable<T>, false>;
    if (performance.now() > end) throw new Error(`waited ${limitMs} ms for ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
