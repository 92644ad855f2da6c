/**
 * One holder at a time, across processes: an open exclusive transaction on a small SQLite file. The operating system
 * releases it with the process, kill -9 included, so there is no stale lock to judge by age.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { errorFacts } from './error-facts.ts';
import { privateFile } from './private-files.ts';

/** A held lock; release it exactly once. */
export interface HeldLock {
  release(): void;
}

/** SQLite's primary result code for a held lock. */
const SQLITE_BUSY = 5;

/**
 * Takes the lock at once, or null when another process (or another holder in this one) has it. Throws on a bad folder.
 */
export function takeLock(file: string): HeldLock | null {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  privateFile(file);
  const database = new DatabaseSync(file);
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { release: () => database.close() };
}

const TRY_EVERY_MS = 5;

/** Takes the lock as soon as it is free; null when it is still held after `patienceMs`. Rejects on a bad folder. */
export async function waitForLock(file: string, patienceMs: number): Promise<HeldLock | null> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const lock = takeLock(file);
    if (lock !== null || performance.now() >= until) return lock;
    await setTimeout(TRY_EVERY_MS);
  }
}

function isBusy(error: unknown): boolean {
  const { errcode } = errorFacts(error);
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}
