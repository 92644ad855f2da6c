/** The environment that a shell gives its commands, with the places where it was set. */
import { basename, isAbsolute } from 'node:path';
import type { Place } from '../../../shared/domain/effective.ts';
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';
import { placeOf, type ShellKind, writtenValues } from './shell-files.ts';
import { TRACE_PROMPTS, tracedPlaces } from './shell-trace.ts';

/** An rc file with half a dozen version managers takes two seconds; one that waits for input never ends. */
const TIMEOUT_MS = 6_000;
const MARKER = '__gopherbar_env__';
/** A constant: no user input is put into it. */
const SCRIPT = `echo ${MARKER}; /usr/bin/env -0 2>/dev/null || /usr/bin/env; echo ${MARKER}`;
/** Traces of plugin managers are long. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

export interface ShellEnvironment {
  readonly env: Env;
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Starts the user's shell from a clean environment (that of a terminal under launchd, nothing of our own process),
 * as a login shell, and interactive if wanted; null when it does not respond.
 */
export async function shellEnvironment(
  runner: ProcessRunner,
  base: Env,
  shell: string,
  interactive: boolean,
  names: readonly string[],
): Promise<ShellEnvironment | null> {
  const kind = kindOf(shell);
  const prompt = kind === 'zsh' || kind === 'bash' ? TRACE_PROMPTS[kind] : undefined;
  const outcome = await runner.run({
    file: shell,
    args: [...(prompt === undefined ? [] : ['-x']), '-l', ...(interactive ? ['-i'] : []), '-c', SCRIPT],
    env: { ...base, TERM: 'dumb', ...(prompt === undefined ? {} : { PS4: prompt }) },
    cwd: base.HOME,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: MAX_OUTPUT_BYTES,
  });
  if (outcome.ended !== 'exited') return null;
  const printed = outcome.stdout.split(`${MARKER}\n`)[1];
  if (printed === undefined) return null;
  const env = parseEnvironment(printed);
  const traced = tracedPlaces(outcome.stderr, names);
  const missing = names.filter((name) => (env[name] ?? '') !== '' && !traced.has(name));
  if (missing.length === 0) return { env, places: traced };
  const home = { home: base.HOME ?? '/', zdotdir: env.ZDOTDIR, xdgConfigHome: env.XDG_CONFIG_HOME };
  const written = await writtenValues(kind, home, interactive, missing);
  const searched = missing.flatMap((name) => {
    const place = placeOf(written, name, env[name] ?? '');
    return place === null ? [] : [[name, place] as const];
  });
  return { env, places: new Map([...traced, ...searched]) };
}

/** The user's shell; null when the environment names none. */
export function shellOf(env: Env): string | null {
  return env.SHELL !== undefined && isAbsolute(env.SHELL) ? env.SHELL : null;
}

function kindOf(shell: string): ShellKind {
  const name = basename(shell);
  return name === 'zsh' || name === 'bash' || name === 'fish' ? name : 'other';
}

/** `NAME=VALUE` separated by NUL, or by newlines where `env` knows no -0. */
function parseEnvironment(text: string): Record<string, string> {
  const separator = text.includes('\0') ? '\0' : '\n';
  const entries = text.split(separator).flatMap((entry) => {
    const at = entry.indexOf('=');
    return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
  });
  return Object.fromEntries(entries);
}
