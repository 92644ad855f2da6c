/** Which value of each variable wins in each context, and why. */
import { PROFILE_VARIABLES, type ProfileVariable } from './profile.ts';
import type { ShellCommand } from './shell-command.ts';

/** The variables of a profile, and others that affect them. */
export const EFFECTIVE_NAMES = [
  ...PROFILE_VARIABLES,
  'GOENV',
  'GOFLAGS',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
] as const;
export type EffectiveName = (typeof EFFECTIVE_NAMES)[number];

/**
 * Who runs `go`. `login-shell` is a terminal's shell that runs a command; `interactive-shell` one that is typed into.
 * `editor` is VS Code or one that is built on it, `launchd-job` an agent with an environment of its own.
 */
export const CONTEXT_IDS = [
  'interactive-shell',
  'login-shell',
  'gui',
  'app',
  'editor',
  'goland',
  'homebrew',
  'cron',
  'launchd-job',
  'sudo',
] as const;
export type ContextId = (typeof CONTEXT_IDS)[number];

/** Contexts that are shown by what differs from the terminal. */
export const COMPARED_IDS = [
  'editor',
  'goland',
  'homebrew',
  'cron',
  'launchd-job',
  'sudo',
] as const satisfies readonly ContextId[];
export type ComparedId = (typeof COMPARED_IDS)[number];

/** Whether a context is shown by what differs from the terminal. */
export function isCompared(id: ContextId): id is ComparedId {
  return COMPARED_IDS.some((one) => one === id);
}

/** Reading order of cmd/go/internal/cfg, the strongest first. */
export const LAYERS = ['environment', 'go-env-file', 'goroot', 'built-in'] as const;
export type Layer = (typeof LAYERS)[number];

/** Where a value is written. */
export interface Place {
  /** A file's absolute path, or `launchctl`. */
  readonly file: string;
  /** From 1; null = not known, or no file. */
  readonly line: number | null;
}

/** One layer that has a value. */
export interface LayerValue {
  readonly layer: Layer;
  readonly value: string;
  readonly place: Place | null;
}

export interface EffectiveValue {
  readonly name: EffectiveName;
  /** What `go` says it uses. */
  readonly value: string;
  /** Layers that have a value, the strongest first; the first one wins. Empty = nothing sets it. */
  readonly layers: readonly LayerValue[];
  /** `go` reports a value that no layer explains: set by something unknown to Gopherbar. */
  readonly unexplained: boolean;
  /** The command that removes the winning value; null when there is nothing to remove. */
  readonly remedy: ShellCommand | null;
}

/** A `go` that was found. */
export interface InstalledGo {
  readonly path: string;
  readonly version: string;
  /** The installer of this `go`, derived from its path. */
  readonly installer: 'go.dev' | 'homebrew' | 'sdk' | 'gvm' | 'asdf' | 'mise' | 'goenv' | 'system' | 'other';
}

/** How a context gets the values that the terminal uses: a command, or text for a file. */
export interface ContextRemedy {
  /** Commands to run; for `sudo` the way to call go. Empty where a file is edited by hand. */
  readonly commands: readonly ShellCommand[];
  /** Lines for the file or dialog; empty where commands do it. */
  readonly lines: readonly string[];
  /** The file that changes; null = none, or one that a dialog or `crontab -e` opens. */
  readonly file: string | null;
}

export interface EffectiveContext {
  readonly id: ContextId;
  /** The shell that was asked, the editor's name or the job's label; null for the others. */
  readonly shell: string | null;
  /** Files that were read for this context, beside those of shells and of go. */
  readonly sources: readonly string[];
  /** Variables of a profile whose value is another one than in a terminal. */
  readonly differs: readonly ProfileVariable[];
  /** null where nothing differs, or nothing can be done without a password in it. */
  readonly remedy: ContextRemedy | null;
  /** Why it could not be looked into: a key under `effective.problem-`; null when it could. */
  readonly problem: 'no-shell' | 'shell-silent' | 'not-here' | 'unreadable' | null;
  /** The `go` that its PATH finds; null = none. */
  readonly go: InstalledGo | null;
  readonly values: readonly EffectiveValue[];
}

/** What the project at hand asks of Go. */
export interface ProjectGo {
  readonly file: string;
  /** The `go` line; null when there is none. */
  readonly go: string | null;
  /** The `toolchain` line; null when there is none. */
  readonly toolchain: string | null;
}

/** One variable inside an image that is built. */
export interface BuildValue {
  readonly name: ProfileVariable;
  /** What a terminal uses. */
  readonly wanted: string;
  /** What the command sees; null = nothing sets it but, perhaps, the base image. */
  readonly value: string | null;
  /** How it gets there; `undeclared` = there is no ARG that could carry it. */
  readonly by: 'env' | 'arg' | 'command' | 'undeclared';
}

/** A stage of a Dockerfile in which `go` may download, as `docker build` or a Compose service builds it. */
export interface ImageBuild {
  /** The Dockerfile, relative to the folder. */
  readonly file: string;
  /** `compose.yaml: api`; null = `docker build` by hand. */
  readonly service: string | null;
  readonly stage: string;
  /** Line of the command, from 1. */
  readonly line: number;
  readonly command: string;
  /** Every variable that the terminal sets, whether it arrives or not. */
  readonly values: readonly BuildValue[];
  /** Lines to insert after line `after` of the Dockerfile; null = none are missing. */
  readonly insert: { readonly after: number; readonly lines: readonly string[] } | null;
  /** `docker build --build-arg …`; null where Compose builds, nothing is needed or a password would be in it. */
  readonly build: ShellCommand | null;
  /** Lines for `build.args` of the service; empty = none are missing. */
  readonly composeArgs: readonly string[];
}

export interface EffectiveTable {
  readonly contexts: readonly EffectiveContext[];
  /** Image builds of the folder. */
  readonly builds: readonly ImageBuild[];
  /** Every `go` on this machine, each once. */
  readonly gos: readonly InstalledGo[];
  readonly project: ProjectGo | null;
}

/** The context that stands for the terminal: what is typed into, else what runs commands, else this process. */
export function terminalOf<T extends { readonly id: ContextId; readonly problem: unknown }>(
  contexts: readonly T[],
): T | null {
  const ids: readonly ContextId[] = ['interactive-shell', 'login-shell', 'app'];
  return ids.flatMap((id) => contexts.filter((one) => one.id === id && one.problem === null))[0] ?? null;
}

/** The terminal's values. */
export function terminalValues(contexts: readonly EffectiveContext[]): readonly EffectiveValue[] {
  return terminalOf(contexts)?.values ?? [];
}
