/** What the page about traffic shows: a download of `go` traced live, a saved trace, or a packet capture. */
import type { Cause } from './cause.ts';
import type { ShellCommand } from './shell-command.ts';
import type { Problem } from './snapshot.ts';
import type { EpochMs } from './units.ts';

/** A sentence: a key of the messages (its section is the field's own) and its parameters. */
export interface Sentence {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * `healthy`; `slow`: it works, late; `recovered`: after a retry; `fell-back`: by another entry of the list;
 * `failed`; `hung`: it had not ended when the trace did; `empty`: nothing of go's network is in it.
 */
export const TRACE_OUTCOMES = ['healthy', 'slow', 'recovered', 'fell-back', 'failed', 'hung', 'empty'] as const;
export type TraceOutcome = (typeof TRACE_OUTCOMES)[number];

export interface TracedRequest {
  /** Without secrets. */
  readonly url: string;
  /** ms since the trace began; null when not observed. */
  readonly at: number | null;
  /** Of the response's headers; null = none came. */
  readonly status: number | null;
  /** From the request to the headers, as go measured it. */
  readonly seconds: number | null;
  readonly error: string | null;
  /** Automatic retries by net/http. */
  readonly retries: number;
}

export interface TracedConnection {
  readonly id: string;
  readonly host: string;
  readonly address: string;
  /** Connect and TLS, ms. */
  readonly handshakeMs: number | null;
  readonly streams: number;
  /** GOAWAY, RST_STREAM and how it was lost, in the terms of the protocol. */
  readonly ends: readonly string[];
}

export interface TraceSummary {
  readonly outcome: TraceOutcome;
  readonly cause: Cause | null;
  readonly host: string | null;
  /** Keys under `trace`. */
  readonly statements: readonly Sentence[];
  readonly requests: readonly TracedRequest[];
  /** Requests before those; a build asks thousands. */
  readonly earlier: number;
  readonly connections: readonly TracedConnection[];
  /** When the last line came, ms. */
  readonly lastAt: number | null;
}

export interface CaptureMoment {
  /** ms since the connection's first packet. */
  readonly atMs: number;
  readonly from: 'client' | 'server';
  /** A key under `capture.happening`. */
  readonly what: string;
  readonly detail: string | null;
  /** Bytes each side had sent by then. */
  readonly clientBytes: number;
  readonly serverBytes: number;
}

/** A connection or a DNS query of a capture, with its verdict. */
export interface CapturedExchange {
  readonly kind: 'connection' | 'question';
  readonly client: string;
  readonly server: string;
  /** Server name, or what was asked for. */
  readonly name: string | null;
  /** A key under `capture.verdict`. */
  readonly verdict: string;
  readonly isFinding: boolean;
  /** 0 to 1. */
  readonly confidence: number;
  /** Of a reset. */
  readonly origin: 'injected' | 'genuine' | 'unclear' | null;
  /** Keys under `capture.evidence`. */
  readonly evidence: readonly Sentence[];
  readonly timeline: readonly CaptureMoment[];
}

export interface CaptureSummary {
  readonly packets: number;
  readonly connections: number;
  readonly questions: number;
  readonly seconds: number;
  /** Keys under `capture.problem`. */
  readonly problems: readonly Sentence[];
  /** Findings first. */
  readonly exchanges: readonly CapturedExchange[];
  /** Those that are not among them. */
  readonly more: number;
}

/** One trace or capture as it is shown; a running one grows. */
export interface Traffic {
  readonly kind: 'trace' | 'capture';
  /** The module, the file's name, or the hosts. */
  readonly source: string;
  readonly startedAt: EpochMs;
  /** null = it runs. */
  readonly endedAt: EpochMs | null;
  readonly cancelled: boolean;
  /** Share of the file that is read, 0 to 1; null when unknown. */
  readonly progress: number | null;
  /** The last lines of a running trace, without secrets. */
  readonly lines: readonly string[];
  readonly trace: TraceSummary | null;
  readonly capture: CaptureSummary | null;
  readonly problem: Problem | null;
  /** Made here and not saved to a file yet. */
  readonly canSave: boolean;
}

/** The plan of a recording, shown before macOS asks for a password. */
export type RecordingPlan =
  | { readonly ok: true; readonly command: ShellCommand }
  | { readonly ok: false; readonly problem: Problem };
