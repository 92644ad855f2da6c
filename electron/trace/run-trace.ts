/** Running a real `go` command and reading its trace as it comes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parseModuleVersion } from '../../shared/domain/endpoint.ts';
import { isModuleVersion } from '../../shared/domain/module-path.ts';
import type { Clock } from '../system/clock.ts';
import type { Env } from '../system/files.ts';
import { LineSplitter } from '../system/line-splitter.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import type { StampedLine, Trace, TraceReader } from './trace.ts';
import { MAX_TRACE_LINE, withoutSecrets } from './trace-line.ts';

/** How `go` is run with tracing on. */
export interface TraceRun {
  readonly go: string;
  /** `path@version`. */
  readonly module: string;
  /** What `go` is run with; GOMODCACHE and GODEBUG are ours. */
  readonly env: Env;
  /** 2 = frame by frame. */
  readonly level: 1 | 2;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Receives the lines; the caller may read it meanwhile. */
  readonly reader: TraceReader;
  /** Called with each line, without secrets, once the reader has it. */
  readonly onLine: (line: StampedLine) => void;
}

/** How the run ended. */
export type TraceRunOutcome =
  | { readonly ok: true; readonly trace: Trace; readonly ended: 'exited' | 'timeout' | 'cancelled' }
  /** `go` could not be started. */
  | { readonly ok: false; readonly code: string };

/** `path@version` of what a person typed, the newest without a version; null when it is no module. */
export function moduleToTrace(text: string): string | null {
  const module = parseModuleVersion(text) ?? { path: text, version: 'latest' };
  return isModuleVersion(module) ? `${module.path}@${module.version}` : null;
}

/** Downloads a module into an empty cache, in an empty folder; what was traced until then also when it is stopped. */
export async function runTrace(run: TraceRun, runner: ProcessRunner, clock: Clock): Promise<TraceRunOutcome> {
  const scratch = await mkdtemp(join(tmpdir(), 'gopherbar-trace-'));
  const began = clock.monotonic();
  const decoder = new StringDecoder('utf8');
  const lines = new LineSplitter(MAX_TRACE_LINE, (text) => {
    // The lines carry no time of their own (cmd/go clears the log's flags).
    const line = { at: clock.monotonic() - began, text };
    run.reader.add(line);
    run.onLine({ ...line, text: withoutSecrets(text) });
  });
  try {
    const outcome = await runner.run({
      file: run.go,
      args: ['mod', 'download', '-x', run.module],
      env: {
        ...run.env,
        GOMODCACHE: join(scratch, 'cache'),
        GOFLAGS: '-modcacherw',
        GOTOOLCHAIN: 'local',
        GIT_TERMINAL_PROMPT: '0',
        // netdns=1 tells of the resolver and changes nothing.
        GODEBUG: [run.env.GODEBUG, `http2debug=${run.level}`, 'netdns=1'].filter((one) => (one ?? '') !== '').join(','),
      },
      cwd: scratch,
      timeoutMs: run.timeoutMs,
      signal: run.signal,
      maxOutputBytes: 0,
      onOutput: (bytes) => lines.write(decoder.write(bytes)),
    });
    lines.end();
    if (outcome.ended === 'not-started') return { ok: false, code: outcome.code };
    const ended = outcome.ended === 'exited' ? 'exited' : outcome.by === 'timeout' ? 'timeout' : 'cancelled';
    return { ok: true, trace: run.reader.end({ stopped: ended !== 'exited' }), ended };
  } finally {
    await rm(scratch, { recursive: true, force: true }).catch(() => {});
  }
}
