/**
 * Updates of the app: a check every few hours asks the update servers in their order. A server whose probe fails, or whose
 * download is not the published file, leaves the next one to be tried. What is newer is downloaded in the background and
 * staged; it is installed when the app quits, or at once when asked to. Failures are shown in the settings, never notified.
 */
import { DONE, failed, type Outcome } from '../../shared/domain/outcome.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import type { FeedVerdict, OfferedUpdate, UpdatePhase, UpdateState } from '../../shared/domain/update.ts';
import type { Clock, Stop } from '../system/clock.ts';
import { errorDetail } from '../system/error-facts.ts';
import type { Log } from '../system/log.ts';
import { PendingWork } from '../system/pending-work.ts';
import { type FeedReading, isNewer } from './feed.ts';
import { isChecksumError, type Updater } from './updater.ts';

/** The first check waits until the app has done what it was started for. */
const FIRST_CHECK_MS = 2 * MINUTE_MS;
const CHECK_EVERY_MS = 6 * 60 * MINUTE_MS;
/** After a check that found no usable server, or that a metered network put off. */
const RETRY_MS = 60 * MINUTE_MS;

/** Whether and where updates are looked for. */
export interface UpdateChoices {
  readonly enabled: boolean;
  /** Base URLs in the order in which they are tried. */
  readonly feeds: readonly string[];
}

export interface UpdateDeskParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly updater: Updater;
  /** As the settings are now. */
  readonly choices: () => UpdateChoices;
  /** Whether the present network costs by the byte: then only a person starts a check. */
  readonly isMetered: () => boolean;
  /** Gopherbar's own probe of a server, and what it publishes. Never rejects. */
  readonly read: (base: string, signal: AbortSignal) => Promise<FeedReading>;
  /** A URL without secrets. */
  readonly redact: (url: string) => string;
}

type Progress = Pick<UpdateState, 'next' | 'progress' | 'checkedAt' | 'feeds'>;

export class UpdateDesk {
  readonly #parts: UpdateDeskParts;
  readonly #listeners = new Set<(state: UpdateState) => void>();
  readonly #work = new PendingWork();
  #running: AbortController | null = null;
  #isEnabled = false;
  #isClosed = false;
  #activity: 'idle' | 'checking' | 'downloading' = 'idle';
  #staged: OfferedUpdate | null = null;
  #now: Progress = { next: null, progress: 0, checkedAt: null, feeds: [] };
  #stopWaiting: Stop = () => {};

  constructor(parts: UpdateDeskParts) {
    this.#parts = parts;
    this.follow();
  }

  state(): UpdateState {
    const next = this.#isEnabled ? (this.#now.next ?? this.#staged) : null;
    return { ...this.#now, next, phase: this.#phase(), version: this.#parts.updater.version };
  }

  onChange(listener: (state: UpdateState) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes changed settings over. */
  follow(): void {
    const { updater, choices } = this.#parts;
    const enabled = choices().enabled && updater.isSupported;
    if (enabled === this.#isEnabled) return;
    this.#isEnabled = enabled;
    updater.installOnQuit(enabled);
    this.#stopWaiting();
    if (enabled) this.#wait(FIRST_CHECK_MS);
    else this.#running?.abort();
    this.#changed();
  }

  /** Begins a check, if none runs. Problems: update-unsupported, update-off. */
  check(): Outcome {
    if (!this.#parts.updater.isSupported) return failed('update-unsupported');
    if (!this.#isEnabled) return failed('update-off');
    if (this.#running === null) void this.#work.add(this.#run());
    return DONE;
  }

  /** Ends the app and starts the staged version. Problem: update-none. */
  install(): Outcome {
    if (this.#phase() !== 'staged') return failed('update-none');
    this.#parts.updater.install();
    return DONE;
  }

  /** Resolves when nothing is read or downloaded any more. What is staged stays staged. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopWaiting();
    this.#running?.abort();
    await this.#work.settled();
  }

  #phase(): UpdatePhase {
    if (!this.#parts.updater.isSupported) return 'unsupported';
    if (!this.#isEnabled) return 'off';
    if (this.#activity !== 'idle') return this.#activity;
    return this.#staged === null ? 'idle' : 'staged';
  }

  #wait(delayMs: number): void {
    this.#stopWaiting();
    if (this.#isClosed) return;
    this.#stopWaiting = this.#parts.clock.after(delayMs, () => {
      if (this.#parts.isMetered()) this.#wait(RETRY_MS);
      else this.check();
    });
  }

  async #run(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#stopWaiting();
    this.#activity = 'checking';
    this.#show({ feeds: [] });
    let isUsable = false;
    for (const base of this.#parts.choices().feeds) {
      const verdict = await this.#try(base, running.signal);
      if (running.signal.aborted) break;
      this.#show({ feeds: [...this.#now.feeds, verdict] });
      isUsable = verdict.failure === null;
      if (isUsable) break;
      const { url, failure, cause, detail } = verdict;
      this.#parts.log.warn('update-server-failed', { url, failure, cause, detail });
    }
    this.#running = null;
    this.#activity = 'idle';
    this.#show({ next: null, checkedAt: running.signal.aborted ? this.#now.checkedAt : this.#parts.clock.now() });
    if (this.#isEnabled) this.#wait(isUsable ? CHECK_EVERY_MS : RETRY_MS);
  }

  /** One server: its probe, its offer, its download. */
  async #try(base: string, signal: AbortSignal): Promise<FeedVerdict> {
    const { updater, read, redact } = this.#parts;
    const of = (failure: FeedVerdict['failure'], detail = '', cause: FeedVerdict['cause'] = null) => ({
      url: redact(base),
      failure,
      cause,
      detail,
    });
    const reading = await read(base, signal);
    if (signal.aborted) return of(null);
    if (!reading.ok) return of(reading.failure, reading.detail, reading.cause);
    let offer: OfferedUpdate | null;
    try {
      offer = await updater.offer(reading.feed);
    } catch (error) {
      return of('not-a-feed', errorDetail(error));
    }
    // A mirror may lag behind the server that the staged version came from.
    const isKnown = offer !== null && this.#staged !== null && !isNewer(offer.version, this.#staged.version);
    if (signal.aborted || offer === null || isKnown) return of(null);
    this.#activity = 'downloading';
    this.#show({ next: offer, progress: 0 });
    try {
      await updater.download((progress) => this.#show({ progress }), signal);
    } catch (error) {
      // Whatever was staged before has been overwritten.
      this.#staged = null;
      this.#activity = 'checking';
      this.#show({ next: null });
      return of(isChecksumError(error) ? 'checksum' : 'download', errorDetail(error));
    }
    this.#staged = offer;
    return of(null);
  }

  #show(change: Partial<Progress>): void {
    this.#now = { ...this.#now, ...change };
    this.#changed();
  }

  #changed(): void {
    const state = this.state();
    for (const listener of this.#listeners) listener(state);
  }
}
