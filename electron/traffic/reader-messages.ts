/** What this process and the thread that reads the files of strangers for it say to each other. */
import type { Traffic } from '../../shared/domain/traffic.ts';
import type { CaptureReport } from '../capture/capture.ts';
import type { Finding } from '../explain/finding.ts';
import type { ParsedOutput } from '../macos/parse-command.ts';
import type { UnreadFile } from '../system/read-file.ts';
import type { Diagnosis } from '../trace/diagnose.ts';
import type { Trace } from '../trace/trace.ts';

/** What is known of a capture or trace once it was read, or meanwhile. */
export type ReadChange = Partial<Pick<Traffic, 'kind' | 'progress' | 'trace' | 'capture' | 'problem'>>;

/** A saved trace and what it shows. */
export type DiagnosedTrace =
  | { readonly ok: true; readonly trace: Trace; readonly diagnosis: Diagnosis }
  | UnreadFile
  | { readonly ok: false; readonly why: 'binary' };

/** What was found in an output of go or git. */
export type ExplainedOutput = { readonly ok: true; readonly findings: readonly Finding[] } | UnreadFile;

/** What the thread is started with, by the kind of its work. */
export interface ReaderJobs {
  /** A capture or trace, whichever it is, for the window. */
  readonly traffic: { readonly file: string };
  readonly trace: { readonly file: string };
  /** `keyLog`: the text of a TLS key log, where there is one. */
  readonly capture: { readonly file: string; readonly keyLog: string | null };
  /** `file` null = the pieces are sent to it. */
  readonly explain: { readonly file: string | null };
  /** The output of a command of macOS. */
  readonly policy: { readonly command: string; readonly text: string };
}

/** What it gives for each kind. `policy`: null = no such command. */
export interface ReaderAnswers {
  readonly traffic: ReadChange;
  readonly trace: DiagnosedTrace;
  readonly capture: CaptureReport;
  readonly explain: ExplainedOutput;
  readonly policy: ParsedOutput | null;
}

export type ReaderKind = keyof ReaderJobs;

/** A kind with its work. */
export type ReaderWork = { [Kind in ReaderKind]: { readonly kind: Kind } & ReaderJobs[Kind] }[ReaderKind];

/** From the thread. Every message says that it has made a step. */
export type FromReader =
  | { readonly type: 'change'; readonly change: ReadChange }
  /** A piece that was sent has been read. */
  | { readonly type: 'taken' }
  /** The last message. */
  | { readonly type: 'done'; readonly answer: ReaderAnswers[ReaderKind] };

/** To the thread. */
export type ToReader =
  /** End early, with what was read. */
  | { readonly type: 'cancel' }
  | { readonly type: 'piece'; readonly bytes: Uint8Array }
  /** No more pieces. */
  | { readonly type: 'end' };
