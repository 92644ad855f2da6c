/**
 * How old a record of a checksum database is, by the signed tree heads that were seen over time. A head holds the records
 * below its size, so a record is at least as old as the first head that holds it, and at most as old as the one before. The
 * database signs no times: they are ours, of the moment at which a head was seen. Pure.
 */
import { MAX_COOLDOWN_DAYS } from '../../shared/domain/gateway.ts';
import { DAY_MS, type DurationMs, type EpochMs, HOUR_MS } from '../../shared/domain/units.ts';

/** A signed head, and when it was seen first. */
export interface SeenHead {
  readonly at: EpochMs;
  /** Records in the tree. */
  readonly size: number;
}

export interface LogAge {
  /** 0 when no head that was kept holds the record. */
  readonly atLeastMs: DurationMs;
  /** null when the record is older than what was kept: nothing is known beyond `atLeastMs`. */
  readonly atMostMs: DurationMs | null;
}

/** The age of the record with this number; `heads` oldest first. */
export function ageInLog(id: number, heads: readonly SeenHead[], now: EpochMs): LogAge {
  const index = heads.findIndex(({ size }) => size > id);
  const before = heads.at(index < 0 ? -1 : index - 1);
  const atLeastMs = index < 0 ? 0 : now - (heads[index]?.at ?? now);
  return { atLeastMs, atMostMs: index === 0 || before === undefined ? null : now - before.at };
}

/** Whether the last head is so old that another is to be kept. */
export function isDue(heads: readonly SeenHead[], now: EpochMs): boolean {
  const last = heads.at(-1);
  return last === undefined || now - last.at >= HOUR_MS;
}

/**
 * The heads with one that was just seen: at most one an hour, none that goes back in time or size, and of those older than
 * the longest age only the newest.
 */
export function withHead<H extends SeenHead>(heads: readonly H[], head: H): readonly H[] {
  if (!isDue(heads, head.at) || head.size < (heads.at(-1)?.size ?? 0)) return heads;
  const limit = head.at - MAX_COOLDOWN_DAYS * DAY_MS;
  const firstYoung = heads.findIndex(({ at }) => at > limit);
  const kept = firstYoung < 0 ? heads.slice(-1) : heads.slice(Math.max(0, firstYoung - 1));
  return [...kept, head];
}
