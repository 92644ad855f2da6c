/**
 * Keeps the file small: samples and hourly rollups for 90 days, daily ones without limit, all under a hard cap. Freed
 * pages
 * are reused, so the file stops growing without being rewritten.
 */
import { DAY_MS, type DurationMs, type EpochMs } from '../../shared/domain/units.ts';
import { numberOrNull, type Tables } from './tables.ts';
import { dayKey, dayOf, dayOfKey } from './time-keys.ts';

/** How long and how much is kept. */
export interface Retention {
  readonly rawMs: DurationMs;
  /** Events, and incidents that ended: a year and a month, so that a year's view is whole. */
  readonly eventsMs: DurationMs;
  /** Bytes in use, free pages not counted. */
  readonly capBytes: number;
}

/**
 * Ten endpoints every 30 s need under 20 MB (docs/figures/history.json). The cap is three times that: about
 * thirty endpoints keep their 90 days, more keep fewer.
 */
export const DEFAULT_RETENTION: Retention = {
  rawMs: 90 * DAY_MS,
  eventsMs: 400 * DAY_MS,
  capBytes: 60 * 1024 * 1024,
};

/** At most this much is dropped at a time: a clock that jumps ahead for an hour must not erase the history. */
const BITE_DAYS = 2;

/** Drops what is too old, then what is too much. Inside the caller's transaction, after each sealing. */
export function prune(tables: Tables, now: EpochMs, retention: Retention): void {
  prunePacks(tables, now - retention.rawMs);
  pruneHours(tables, now - retention.rawMs);
  pruneEvents(tables, now - retention.eventsMs);
  enforceCap(tables, retention.capBytes);
}

function prunePacks(tables: Tables, before: EpochMs): void {
  const oldest = tables.oldestPack();
  if (oldest === null) return;
  tables.statement('DELETE FROM pack WHERE day < ?').run(Math.min(dayOf(before), oldest + BITE_DAYS));
}

function pruneHours(tables: Tables, before: EpochMs): void {
  const select = tables.statement('SELECT min(key) AS key FROM day WHERE hours IS NOT NULL');
  const oldest = numberOrNull(select.get()?.key);
  if (oldest === null) return;
  const end = Math.min(dayOf(before), dayOfKey(oldest) + BITE_DAYS);
  tables.statement('UPDATE day SET hours = NULL, marks = NULL WHERE key >= ? AND key < ?').run(oldest, dayKey(end, 0));
}

function pruneEvents(tables: Tables, before: EpochMs): void {
  const oldestEvent = numberOrNull(tables.statement('SELECT min(at) AS at FROM event').get()?.at);
  if (oldestEvent !== null) {
    const end = Math.min(before, oldestEvent + BITE_DAYS * DAY_MS);
    tables.statement('DELETE FROM event WHERE at < ?').run(end);
  }
  // By their ends: one that never ended, or lasted long, does not keep others.
  const oldestEnd = numberOrNull(tables.statement('SELECT min(ended_at) AS at FROM incident').get()?.at);
  if (oldestEnd !== null) {
    const end = Math.min(before, oldestEnd + BITE_DAYS * DAY_MS);
    tables.statement('DELETE FROM incident WHERE ended_at < ?').run(end);
  }
}

/** One day per step: the oldest samples first, then the oldest rollups. */
function enforceCap(tables: Tables, capBytes: number): void {
  while (bytesInUse(tables) > capBytes) {
    const oldestPack = tables.oldestPack();
    const oldestDay = tables.oldestDay();
    if (oldestPack !== null) tables.statement('DELETE FROM pack WHERE day = ?').run(oldestPack);
    else if (oldestDay !== null) tables.statement('DELETE FROM day WHERE key < ?').run(dayKey(oldestDay + 1, 0));
    else return;
  }
}

/** Bytes of the file that hold data. */
function bytesInUse(tables: Tables): number {
  const pragma = (name: string) => Number(tables.database.prepare(`PRAGMA ${name}`).get()?.[name]);
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
}
