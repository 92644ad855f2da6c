/** Traces and captures as the app holds them: one at a time, reported as it grows, cancellable at any time. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { Traffic } from '../../shared/domain/traffic.ts';
import { type RecordRequest, record } from '../macos/record.ts';
import type { Clock, Stop } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { writePrivateFile } from '../system/private-files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { runTrace } from '../trace/run-trace.ts';
import { TraceReader } from '../trace/trace.ts';
import { readInThread } from './read-in-thread.ts';
import { traceSummary } from './trace-summary.ts';

/** What a session needs. */
export interface TrafficPorts {
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  readonly env: Env;
  /** `/`, or a test's own folder of macOS's tools. */
  readonly root: string;
  /** Absolute path of reader-worker: the source or its bundle (system/worker-files.ts knows which). */
  readonly readerFile: string;
  /** The path of the `go` to trace with. */
  readonly findGo: () => Promise<Outcome<string>>;
  /** Called for each password prompt, for the audit trail. */
  readonly onRecorded: (command: string, outcome: 'done' | 'declined' | 'timed-out' | 'failed') => Promise<void>;
}

/** What a running job changes. */
type Change = Partial<Traffic>;

/** Updating a page more often is not useful. */
const TELL_EVERY_MS = 200;
const SHOWN_LINES = 60;
/** About ten megabytes: what can be saved of a traced download. */
const KEPT_LINES = 50_000;
const TRACE_LIMIT_MS = 5 * 60_000;

/** One trace or capture at a time, as the app shows it. */
export class TrafficSession {
  readonly #ports: TrafficPorts;
  readonly #listeners = new Set<(traffic: Traffic) => void>();
  #current: Traffic | null = null;
  #running: AbortController | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #lastTold = 0;
  #stopWaiting: Stop = () => {};
  /** What `save` writes. */
  #made: string | Buffer = '';

  constructor(ports: TrafficPorts) {
    this.#ports = ports;
  }

  current(): Traffic | null {
    return this.#current;
  }

  onChange(listener: (traffic: Traffic) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Downloads `path@version` into an empty cache, traced; frame by frame if asked. */
  trace(module: string, frames: boolean): void {
    this.#begin('trace', module, async (signal, change) => {
      const { clock, runner, env } = this.#ports;
      const found = await this.#ports.findGo();
      if (!found.ok) return { problem: found.problem };
      const reader = new TraceReader();
      const kept: string[] = [];
      const done = await runTrace(
        {
          go: found.value,
          module,
          env,
          level: frames ? 2 : 1,
          timeoutMs: TRACE_LIMIT_MS,
          signal,
          reader,
          onLine: ({ at, text }) => {
            if (kept.length < KEPT_LINES) kept.push(`${((at ?? 0) / 1_000).toFixed(3)}\t${text}`);
            change(() => ({ lines: kept.slice(-SHOWN_LINES), trace: traceSummary(reader.end()) }));
          },
        },
        runner,
        clock,
      );
      this.#made = `${kept.join('\n')}\n`;
      if (!done.ok) return { problem: { key: 'go-broken', params: { path: found.value, detail: done.code } } };
      return { lines: kept.slice(-SHOWN_LINES), trace: traceSummary(done.trace), canSave: kept.length > 0 };
    });
  }

  /** Reads a saved trace or a capture, whichever it is by its first bytes. */
  open(file: string): void {
    this.#begin('capture', basename(file), async (signal, change) => {
      return this.#read(file, signal, change);
    });
  }

  /** Records packets on macOS, which asks for a password first. Throws on an invalid request (a bug of the caller). */
  record(request: RecordRequest, command: string): void {
    this.#begin('capture', request.addresses.join(', '), async (signal, change) => {
      const { runner, root, onRecorded } = this.#ports;
      const outcome = await record(request, { runner, root, signal });
      const ended = outcome.ok ? 'done' : outcome.why;
      if (ended !== 'not-here') await onRecorded(command, ended);
      if (!outcome.ok) return { problem: { key: `record-${outcome.why}`, params: {} } };
      this.#made = outcome.capture;
      const scratch = await mkdtemp(join(tmpdir(), 'gopherbar-capture-'));
      try {
        const file = join(scratch, 'capture.pcap');
        await writePrivateFile(file, outcome.capture);
        return { ...(await this.#read(file, signal, change)), canSave: true };
      } finally {
        await rm(scratch, { recursive: true, force: true }).catch(() => {});
      }
    });
  }

  /** What was made here, to a file of the person's choice. Rejects with the system's error. */
  async save(file: string): Promise<void> {
    await writePrivateFile(file, this.#made);
    if (this.#current !== null) this.#tell({ ...this.#current, canSave: false });
  }

  cancel(): void {
    this.#running?.abort();
  }

  /** Cancels; resolves when nothing of a trace or capture runs any more. */
  async close(): Promise<void> {
    this.cancel();
    await this.#ended;
    this.#stopWaiting();
  }

  async #read(file: string, signal: AbortSignal, change: (make: () => Change) => void): Promise<Change> {
    const { clock, readerFile } = this.#ports;
    const onChange = (read: Change) => change(() => read);
    const read = await readInThread('traffic', { file }, file, { workerFile: readerFile, clock, signal, onChange });
    if (read.ended === 'answered') return read.answer;
    return read.ended === 'failed' ? { problem: read.problem } : {};
  }

  #begin(
    kind: Traffic['kind'],
    source: string,
    work: (signal: AbortSignal, change: (make: () => Change) => void) => Promise<Change>,
  ): void {
    this.cancel();
    const running = new AbortController();
    this.#running = running;
    this.#made = '';
    this.#tell({
      kind,
      source,
      startedAt: this.#ports.clock.now(),
      endedAt: null,
      cancelled: false,
      progress: null,
      lines: [],
      trace: null,
      capture: null,
      problem: null,
      canSave: false,
    });
    const apply = (change: Change) => {
      if (this.#running === running && this.#current !== null) this.#tell({ ...this.#current, ...change });
    };
    const end = (change: Change) =>
      apply({ ...change, endedAt: this.#ports.clock.now(), cancelled: running.signal.aborted, progress: null });
    const ended = work(running.signal, (make) => this.#soon(() => apply(make()))).then(end, (error: unknown) =>
      end({ problem: { key: 'internal', params: { message: String(error) } } }),
    );
    // One that this one replaces may still be ending.
    this.#ended = Promise.all([this.#ended, ended]);
  }

  /** At once, or when the interval has passed; only the last pending update is sent, so that the state of a hanging go is shown. */
  #soon(tell: () => void): void {
    const { clock } = this.#ports;
    this.#stopWaiting();
    const wait = this.#lastTold + TELL_EVERY_MS - clock.monotonic();
    if (wait <= 0) tell();
    else this.#stopWaiting = clock.after(wait, tell);
  }

  #tell(traffic: Traffic): void {
    this.#stopWaiting();
    this.#lastTold = this.#ports.clock.monotonic();
    this.#current = traffic;
    for (const listener of this.#listeners) listener(traffic);
  }
}
