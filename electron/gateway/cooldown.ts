/**
 * The cooldown: versions younger than some days are held back, because most malicious ones are found within days. A version's
 * age is that of its record in the checksum log (log-age.ts), never the time that its author wrote. What cannot be
 * dated is let through and reported.
 */
import { matchesPatterns } from '../../shared/domain/module-patterns.ts';
import { DAY_MS, HOUR_MS } from '../../shared/domain/units.ts';
import { ageInLog, type LogAge } from '../integrity/log-age.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { limiter } from '../system/limiter.ts';
import type { ChecksumDatabase } from './checksum-database.ts';
import type { GatewayEvent } from './gateway-events.ts';

/** What a person chooses. */
export interface CooldownRule {
  /** 0 = off. */
  readonly days: number;
  /** Globs of modules that are let through at any age, as in GOPRIVATE. */
  readonly except: readonly string[];
}

/** Whether a version is the fix of a known vulnerability. */
export type FixLookup =
  | { readonly kind: 'fix'; readonly id: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface CooldownOptions {
  readonly rule: CooldownRule;
  readonly clock: Clock;
  /** The database that dates a module; null when it is looked up in none. */
  readonly databaseFor: (path: string) => ChecksumDatabase | null;
  /** Those whose heads are kept every hour. */
  readonly databases: readonly ChecksumDatabase[];
  /** Asked only about versions that would be held back. Never rejects. */
  readonly findFix: (path: string, version: string) => Promise<FixLookup>;
  /** Whether modules that cannot be looked up are served all the same: offline, or because the settings allow it. */
  readonly servesUnchecked: boolean;
  readonly emit: (event: GatewayEvent) => void;
}

/** Why a version is not served now. */
export interface Held {
  /** 403: held back; 502: it cannot be dated now, because the database cannot be reached. */
  readonly status: 403 | 502;
  readonly text: string;
}

/** Look-ups at once for one list. */
const AT_ONCE = 16;
/** Versions whose decision is reported once. */
const MAX_REPORTED = 5_000;

export class Cooldown {
  readonly #options: CooldownOptions;
  readonly #closing = new AbortController();
  readonly #slots = limiter(AT_ONCE);
  readonly #reported = new Set<string>();
  #observing: Promise<unknown> = Promise.resolve();
  #stopTimer: Stop = () => {};

  constructor(options: CooldownOptions) {
    this.#options = options;
    if (options.rule.days > 0) this.#observe();
  }

  /** Why a version is held back; null when it may be served. Never rejects. */
  async held(path: string, version: string): Promise<Held | null> {
    const { rule, databaseFor, servesUnchecked, clock } = this.#options;
    if (rule.days === 0 || matchesPatterns(rule.except.join(','), path)) return null;
    const database = databaseFor(path);
    if (database === null) return this.#undated(path, version, 'it is looked up in no checksum database');
    const found = await database.lookUp(path, version, this.#closing.signal);
    if (found.kind === 'unknown') return this.#undated(path, version, 'the checksum database does not know it');
    if (found.kind === 'unreachable') {
      const reason = `the checksum database cannot be reached: ${found.reason}`;
      if (servesUnchecked) return this.#undated(path, version, reason);
      return { status: 502, text: `${path}@${version}: cannot tell whether it is ${rule.days} days old, ${reason}` };
    }
    const age = ageInLog(found.record.id, await database.history.heads(), clock.now());
    if (age.atLeastMs >= rule.days * DAY_MS) return null;
    if (age.atMostMs === null) {
      return this.#undated(path, version, `tree heads have been kept for ${timeText(age.atLeastMs)} only`);
    }
    const fix = await this.#options.findFix(path, version);
    if (fix.kind === 'fix') {
      this.#report(path, version, 'fix', fix.id);
      return null;
    }
    const text = heldText(path, version, rule.days, age, fix, clock.now());
    this.#report(path, version, 'held', text);
    return { status: 403, text };
  }

  /** Which of a module's versions may be listed: neither those held back nor those that cannot be dated now. */
  async listed(path: string, versions: readonly string[]): Promise<readonly string[]> {
    if (this.#options.rule.days === 0) return versions;
    const held = await Promise.all(versions.map((version) => this.#slots(() => this.held(path, version))));
    return versions.filter((_, i) => held[i] === null);
  }

  /** Ends look-ups; resolves when none runs any more. */
  async close(): Promise<void> {
    this.#stopTimer();
    this.#closing.abort();
    await this.#observing;
  }

  /** Keeps a head now and every hour. */
  #observe(): void {
    const { databases, clock } = this.#options;
    this.#observing = Promise.allSettled(databases.map((one) => one.observe(this.#closing.signal))).then(() => {
      if (!this.#closing.signal.aborted) this.#stopTimer = clock.after(HOUR_MS, () => this.#observe());
    });
  }

  #undated(path: string, version: string, reason: string): null {
    this.#report(path, version, 'undated', reason);
    return null;
  }

  #report(path: string, version: string, decision: 'fix' | 'held' | 'undated', detail: string): void {
    const module = `${path}@${version}`;
    if (this.#reported.has(`${decision} ${module}`)) return;
    if (this.#reported.size >= MAX_REPORTED) this.#reported.clear();
    this.#reported.add(`${decision} ${module}`);
    this.#options.emit({ event: 'cooldown', decision, module, days: this.#options.rule.days, detail });
  }
}

function heldText(
  path: string,
  version: string,
  days: number,
  { atLeastMs, atMostMs }: LogAge,
  fix: FixLookup,
  now: number,
): string {
  const until = new Date(now + days * DAY_MS - atLeastMs).toISOString().slice(0, 16).replace('T', ' ');
  const lines = [
    `${path}@${version} is held back by the cooldown of the Gopherbar gateway: versions younger than ${days} days are not served`,
    `in the checksum database for at least ${timeText(atLeastMs)} and at most ${timeText(atMostMs ?? atLeastMs)}; served from ${until} UTC`,
  ];
  if (fix.kind === 'unknown') lines.push(`whether it fixes a known vulnerability is unknown: ${fix.reason}`);
  return lines.join('\n');
}

/** Days and hours, such as `2 days 3 hours`. */
function timeText(ms: number): string {
  const [days, hours] = [Math.floor(ms / DAY_MS), Math.floor((ms % DAY_MS) / HOUR_MS)];
  const part = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
  return days === 0 ? part(hours, 'hour') : `${part(days, 'day')} ${part(hours, 'hour')}`;
}
