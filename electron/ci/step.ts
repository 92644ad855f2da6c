/**
 * One step of a pipeline that survives bad moments of the network: runs a command, judges its failure from what it
 * printed and from live probes, and runs it again only when that may help.
 */
import { StringDecoder } from 'node:string_decoder';
import type { Cause } from '../../shared/domain/cause.ts';
import { problemOf } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { DurationMs } from '../../shared/domain/units.ts';
import { LogReader } from '../explain/explain-log.ts';
import type { Finding } from '../explain/finding.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { LineSplitter } from '../system/line-splitter.ts';
import type { CommandOutcome, OutputStream, ProcessRunner } from '../system/process-runner.ts';
import { showsCodeFailure } from './code-failure.ts';
import { type FailedOutput, isOnlyNotYetVisible, type Judgement, judge } from './judge.ts';
import { delayBefore } from './retry-plan.ts';

/** The longest a timer can wait; a step without a limit has this one. */
const NO_LIMIT_MS = 2_147_483_647;
const MAX_LINE = 4_000;
/** How often a version that is not visible yet is asked for. */
const VISIBILITY_PAUSE_MS = 20_000;

/** What an entry of the route answers now. */
export interface RouteView {
  /** Without credentials. */
  readonly url: string;
  readonly host: string;
  readonly status: 'up' | 'down';
  readonly cause: Cause | null;
  readonly latencyMs: DurationMs | null;
}

/** What is run, and how often. */
export interface Step {
  readonly command: readonly [string, ...string[]];
  readonly env: Env;
  readonly folder: string;
  /** Runs after the first. */
  readonly retries: number;
  /** For all runs and the waits between them; nothing is started that cannot end a wait within it. */
  readonly budgetMs: DurationMs;
  /** One run is stopped after this; null = only by the budget. */
  readonly timeoutMs: DurationMs | null;
  /** How long a version may take to become visible; 0 = not waited for. */
  readonly waitVisibleMs: DurationMs;
  /** Hosts that `go` asks: known to exist. */
  readonly routeHosts: ReadonlySet<string>;
}

/** One run of the command. */
export interface Attempt {
  readonly exitCode: number | null;
  /** Stopped at a time limit. */
  readonly isTimeout: boolean;
  readonly durationMs: DurationMs;
  readonly judgement: Judgement | null;
  readonly findings: readonly Finding[];
  readonly codeLine: string | null;
}

/** What is said while it runs. */
export type StepEvent =
  | {
      readonly event: 'retry';
      readonly retry: number;
      readonly retries: number;
      readonly waitMs: DurationMs;
      readonly finding: Finding | null;
    }
  /** The proxies are down: a run is saved. */
  | { readonly event: 'still-down'; readonly host: string; readonly cause: Cause | null }
  | { readonly event: 'not-visible'; readonly waitMs: DurationMs };

export interface StepResult {
  readonly outcome: 'passed' | 'code' | 'infrastructure' | 'interrupted' | 'not-started';
  readonly attempts: readonly Attempt[];
  readonly judgement: Judgement | null;
  /** Measured after the last failure. */
  readonly route: readonly RouteView[];
  readonly durationMs: DurationMs;
  readonly problem: Problem | null;
}

export interface StepTools {
  readonly runner: ProcessRunner;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** 0…1, for jitter. */
  readonly random: () => number;
  /** The command's own output, byte for byte. */
  readonly pass: (stream: OutputStream, bytes: Buffer) => void;
  /** Probes each proxy of the route once. */
  readonly probeRoute: () => Promise<readonly RouteView[]>;
  readonly onEvent: (event: StepEvent) => void;
}

/** Runs a step to its verdict. Never rejects for what the command or the network does. */
export async function runStep(step: Step, tools: StepTools): Promise<StepResult> {
  return new StepRun(step, tools).run();
}

class StepRun {
  readonly #step: Step;
  readonly #tools: StepTools;
  readonly #began: DurationMs;
  readonly #attempts: Attempt[] = [];
  #route: readonly RouteView[] = [];
  #visibleUntil: DurationMs | null = null;

  constructor(step: Step, tools: StepTools) {
    this.#step = step;
    this.#tools = tools;
    this.#began = tools.clock.monotonic();
  }

  async run(): Promise<StepResult> {
    const { signal } = this.#tools;
    for (let retry = 1; ; ) {
      const attempt = await this.#attempt();
      if ('problem' in attempt) return this.#result('not-started', null, attempt.problem);
      this.#attempts.push(attempt);
      if (signal.aborted) return this.#result('interrupted', attempt.judgement);
      if (attempt.judgement === null) return this.#result('passed', null);
      if (await this.#waitVisible(attempt)) continue;
      if (signal.aborted) return this.#result('interrupted', attempt.judgement);
      const { side, isRetryable } = attempt.judgement;
      if (side === 'code') return this.#result('code', attempt.judgement);
      const next = isRetryable ? await this.#waitForRetry(retry, attempt) : null;
      if (signal.aborted) return this.#result('interrupted', attempt.judgement);
      if (next === null) return this.#result('infrastructure', attempt.judgement);
      retry = next;
    }
  }

  async #attempt(): Promise<Attempt | { readonly problem: Problem }> {
    const { command, env, folder } = this.#step;
    const { runner, clock, signal } = this.#tools;
    const [file, ...args] = command;
    const output = new OutputReader(this.#tools.pass);
    const began = clock.monotonic();
    const outcome = await runner.run({
      file,
      args,
      env,
      cwd: folder,
      timeoutMs: this.#limit(),
      signal,
      maxOutputBytes: 0,
      onOutput: (bytes, stream) => output.take(stream, bytes),
    });
    if (outcome.ended === 'not-started') {
      return { problem: problemOf('command-not-started', { command: file, detail: outcome.message }) };
    }
    const isTimeout = outcome.ended === 'killed' && outcome.by === 'timeout';
    const exitCode = outcome.ended === 'exited' ? outcome.exitCode : null;
    const { findings, codeLine } = output.end(isTimeout);
    const failed = { findings, codeLine, routeHosts: this.#step.routeHosts };
    const judgement = exitCode === 0 ? null : await this.#judge(failed, outcome, isTimeout);
    return { exitCode, isTimeout, durationMs: clock.monotonic() - began, judgement, findings, codeLine };
  }

  /** A run that was stopped, and printed nothing, hung: on the network if no proxy answers. */
  async #judge(failed: FailedOutput, outcome: CommandOutcome, isTimeout: boolean): Promise<Judgement> {
    const judgement = judge(failed);
    if (this.#tools.signal.aborted && outcome.ended === 'killed') return judgement;
    this.#route = await this.#tools.probeRoute();
    if (!isTimeout || judgement.ground !== 'silent' || !isDown(this.#route)) return judgement;
    return { side: 'infrastructure', ground: 'hung', isRetryable: true, finding: null };
  }

  /** Waits, and saves runs while every proxy is down; the number of the next retry, null when there is none. */
  async #waitForRetry(from: number, attempt: Attempt): Promise<number | null> {
    const { retries } = this.#step;
    const { random, onEvent, signal } = this.#tools;
    for (let retry = from; retry <= retries; retry += 1) {
      const waitMs = delayBefore(retry, retries, random());
      if (waitMs >= this.#left()) return null;
      onEvent({ event: 'retry', retry, retries, waitMs, finding: attempt.judgement?.finding ?? null });
      await this.#sleep(waitMs);
      if (signal.aborted) return null;
      // The last run decides, whatever a probe says: it may go another way.
      if (retry === retries) return retry + 1;
      this.#route = await this.#tools.probeRoute();
      if (!isDown(this.#route)) return retry + 1;
      const [first] = this.#route;
      if (first !== undefined) onEvent({ event: 'still-down', host: first.host, cause: first.cause });
    }
    return null;
  }

  /** Whether the step is to be run again because a version may have become visible. */
  async #waitVisible({ findings, codeLine }: Attempt): Promise<boolean> {
    const { waitVisibleMs, routeHosts } = this.#step;
    const { clock, onEvent, signal } = this.#tools;
    if (waitVisibleMs === 0 || !isOnlyNotYetVisible({ findings, codeLine, routeHosts })) return false;
    this.#visibleUntil ??= clock.monotonic() + waitVisibleMs;
    const waitMs = Math.min(VISIBILITY_PAUSE_MS, this.#visibleUntil - clock.monotonic());
    if (waitMs <= 0) return false;
    onEvent({ event: 'not-visible', waitMs });
    await this.#sleep(waitMs);
    return !signal.aborted;
  }

  #sleep(ms: DurationMs): Promise<void> {
    const { clock, signal } = this.#tools;
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const stop = clock.after(ms, done);
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  }

  #left(): DurationMs {
    const waited = this.#visibleUntil === null ? 0 : this.#step.waitVisibleMs;
    return this.#step.budgetMs + waited - (this.#tools.clock.monotonic() - this.#began);
  }

  #limit(): DurationMs {
    return Math.max(1, Math.min(this.#step.timeoutMs ?? NO_LIMIT_MS, this.#left(), NO_LIMIT_MS));
  }

  #result(outcome: StepResult['outcome'], judgement: Judgement | null, problem: Problem | null = null): StepResult {
    const durationMs = this.#tools.clock.monotonic() - this.#began;
    return { outcome, attempts: this.#attempts, judgement, route: this.#route, durationMs, problem };
  }
}

/** Whether no proxy of the route answers; a route without proxies is never down. */
function isDown(route: readonly RouteView[]): boolean {
  return route.length > 0 && route.every(({ status }) => status === 'down');
}

/** Passes output on, and reads it line by line as it comes. */
class OutputReader {
  readonly #pass: (stream: OutputStream, bytes: Buffer) => void;
  readonly #log = new LogReader();
  readonly #streams: Record<OutputStream, { decoder: StringDecoder; lines: LineSplitter }>;
  #codeLine: string | null = null;

  constructor(pass: (stream: OutputStream, bytes: Buffer) => void) {
    this.#pass = pass;
    // Two streams that come in turns: only whole lines are put together.
    const stream = () => ({
      decoder: new StringDecoder('utf8'),
      lines: new LineSplitter(MAX_LINE, (line) => this.#line(line)),
    });
    this.#streams = { stdout: stream(), stderr: stream() };
  }

  take(stream: OutputStream, bytes: Buffer): void {
    this.#pass(stream, bytes);
    const { decoder, lines } = this.#streams[stream];
    lines.write(decoder.write(bytes));
  }

  end(interrupted: boolean): { readonly findings: readonly Finding[]; readonly codeLine: string | null } {
    for (const { lines } of Object.values(this.#streams)) lines.end();
    return { findings: this.#log.end({ interrupted }), codeLine: this.#codeLine };
  }

  #line(line: string): void {
    this.#log.add(`${line}\n`);
    if (this.#codeLine === null && showsCodeFailure(line)) this.#codeLine = line;
  }
}
