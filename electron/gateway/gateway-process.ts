/**
 * Keeps the gateway's process running while it is wanted: started, restarted at once on the same port when it dies, and
 * replaced when its settings change. How a process is started is a port: Electron's utility process in the app.
 */
import type { DurationMs, EpochMs } from '../../shared/domain/units.ts';
import type { Child, StartChild } from '../system/child-port.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Log } from '../system/log.ts';
import type { FromGateway, ToGateway } from './gateway-messages.ts';

/** How it stands. */
export type ProcessState =
  | { readonly phase: 'off' | 'starting' }
  | { readonly phase: 'running'; readonly port: number }
  /** The port cannot be had, or the settings cannot be used: tried again. */
  | { readonly phase: 'refused'; readonly port: number; readonly code: string; readonly message: string }
  | { readonly phase: 'failed'; readonly message: string };

export interface GatewayProcessOptions<Settings> {
  readonly start: StartChild<ToGateway<Settings>, FromGateway>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onState: (state: ProcessState) => void;
  readonly onReport: (report: Extract<FromGateway, { kind: 'report' }>) => void;
}

/** What is wanted. */
interface Wanted<Settings> {
  readonly settings: Settings;
  readonly port: number;
}

/** A process that lived this long is restarted at once. */
const STEADY_MS: DurationMs = 5_000;
const MIN_PAUSE_MS: DurationMs = 250;
const MAX_PAUSE_MS: DurationMs = 30_000;
/** Until a port that is taken, or settings that cannot be used, are tried again. */
const RETRY_MS: DurationMs = 5_000;
/** A process that is asked to end has 5 s for open answers. */
const KILL_MS: DurationMs = 7_000;

export class GatewayProcess<Settings> {
  readonly #options: GatewayProcessOptions<Settings>;
  #wanted: Wanted<Settings> | null = null;
  #child: Child<ToGateway<Settings>> | null = null;
  #startedAt: EpochMs = 0;
  /** It was asked to end. */
  #isEnding = false;
  /** It said why it ends. */
  #gaveUp = false;
  #quickDeaths = 0;
  #restarts = 0;
  #stopTimer: Stop = () => {};
  #whenGone: (() => void)[] = [];
  #state: ProcessState = { phase: 'off' };

  constructor(options: GatewayProcessOptions<Settings>) {
    this.#options = options;
  }

  get state(): ProcessState {
    return this.#state;
  }

  /** Times that the process ended without being asked to. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Runs with these settings; nothing happens when it does already. Port 0 = any. */
  run(settings: Settings, port: number): void {
    const wanted = { settings, port };
    if (this.#wanted !== null && JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    this.#wanted = wanted;
    this.#quickDeaths = 0;
    if (this.#child === null) this.#start();
    else this.#end();
  }

  /** What it runs with; null = it is not wanted. */
  get settings(): Settings | null {
    return this.#wanted?.settings ?? null;
  }

  /** Sends to the process, if it runs. */
  post(message: ToGateway<Settings>): void {
    if (this.#state.phase === 'running') this.#child?.post(message);
  }

  /** Ends the process; resolves when it has ended. */
  async stop(): Promise<void> {
    this.#wanted = null;
    this.#stopTimer();
    if (this.#child === null) {
      this.#become({ phase: 'off' });
      return;
    }
    const gone = new Promise<void>((resolve) => this.#whenGone.push(resolve));
    this.#end();
    await gone;
  }

  #start(): void {
    this.#stopTimer();
    const { start, clock } = this.#options;
    this.#isEnding = false;
    this.#gaveUp = false;
    this.#startedAt = clock.monotonic();
    if (this.#state.phase === 'off') this.#become({ phase: 'starting' });
    this.#child = start({
      message: (message) => this.#hear(message),
      exited: (code) => this.#exited(code),
    });
  }

  /** Asks the process to end, and ends it when it does not. */
  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const child = this.#child;
    child?.post({ kind: 'close' });
    this.#stopTimer();
    this.#stopTimer = this.#options.clock.after(KILL_MS, () => child?.kill());
  }

  #hear(message: FromGateway): void {
    const { log, onReport } = this.#options;
    switch (message.kind) {
      case 'ready':
        if (this.#wanted !== null) this.#child?.post({ kind: 'start', ...this.#wanted });
        return;
      case 'listening':
        // The next process gets the same: GOPROXY names it.
        if (this.#wanted !== null && !this.#isEnding) this.#wanted = { ...this.#wanted, port: message.port };
        this.#become({ phase: 'running', port: message.port });
        return;
      case 'report':
        onReport(message);
        return;
      case 'refused': {
        const { code, message: detail } = message;
        this.#gaveUp = true;
        log.warn('gateway-refused', { code, detail });
        this.#become({ phase: 'refused', port: this.#wanted?.port ?? 0, code, message: detail });
        return;
      }
      case 'failed':
        this.#gaveUp = true;
        log.error('gateway-failed', { detail: message.message });
        this.#become({ phase: 'failed', message: message.message });
    }
  }

  #exited(code: number | null): void {
    const { clock, log } = this.#options;
    this.#child = null;
    this.#stopTimer();
    if (this.#wanted === null) {
      this.#become({ phase: 'off' });
      for (const resolve of this.#whenGone.splice(0)) resolve();
      return;
    }
    if (this.#isEnding) {
      this.#start();
      return;
    }
    if (this.#gaveUp) {
      this.#stopTimer = clock.after(RETRY_MS, () => this.#start());
      return;
    }
    this.#restarts += 1;
    log.error('gateway-died', { code });
    this.#become({ phase: 'starting' });
    if (clock.monotonic() - this.#startedAt >= STEADY_MS) this.#quickDeaths = 0;
    const pauseMs = this.#quickDeaths === 0 ? 0 : Math.min(MAX_PAUSE_MS, MIN_PAUSE_MS * 2 ** this.#quickDeaths);
    this.#quickDeaths += 1;
    this.#stopTimer = clock.after(pauseMs, () => this.#start());
  }

  #become(state: ProcessState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
