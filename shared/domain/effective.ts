/** Which value of each variable wins in each context, and why. */
import { PROFILE_VARIABLES } from './profile.ts';
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
 */
export const CONTEXT_IDS = ['interactive-shell', 'login-shell', 'gui', 'app'] as const;
export type ContextId = (typeof CONTEXT_IDS)[number];

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

export interface EffectiveContext {
  readonly id: ContextId;
  /** The shell that was asked; null for the others. */
  readonly shell: string | null;
  /** Why it could not be looked into: a key under `effective.problem-`; null when it could. */
  readonly problem: 'no-shell' | 'shell-silent' | 'not-here' | null;
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

export interface EffectiveTable {
  readonly contexts: readonly EffectiveContext[];
  /** Every `go` on this machine, each once. */
  readonly gos: readonly InstalledGo[];
  readonly project: ProjectGo | null;
}
