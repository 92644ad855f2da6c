/**
 * Finds the real `go` as the user's terminal would. A GUI app does not inherit the shell's PATH (launchd gives it
 * /usr/bin:/bin:/usr/sbin:/sbin), so the login shell is asked, then common locations are tried.
 */
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { failed } from '../../shared/domain/outcome.ts';
import type { Problem } from '../../shared/domain/snapshot.ts';
import type { Env } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';

export interface FoundGo {
  /** Absolute path of the executable. */
  readonly path: string;
  /** As `go version` prints it, for example `go1.26.10`. */
  readonly version: string;
}

export type FindGoOutcome =
  | { readonly ok: true; readonly go: FoundGo }
  | { readonly ok: false; readonly problem: Problem };

/** A login shell with a slow rc file takes a second or two; beyond this it hangs. */
const SHELL_TIMEOUT_MS = 5_000;
const VERSION_TIMEOUT_MS = 10_000;
/** Rc files print banners: only the text between the markers counts. */
const MARKER = '__gopherbar_path__';

/** Where installers put `go`, best guess first. */
export function usualPlaces(home: string | undefined): readonly string[] {
  const own =
    home === undefined
      ? []
      : [join(home, 'sdk', 'go', 'bin'), join(home, '.local', 'go', 'bin'), join(home, 'go', 'bin')];
  const shims =
    home === undefined
      ? []
      : [join(home, '.asdf', 'shims'), join(home, '.local', 'share', 'mise', 'shims'), join(home, '.goenv', 'shims')];
  return [
    '/usr/local/go/bin',
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/opt/local/bin',
    '/usr/lib/go/bin',
    '/snap/bin',
    ...shims,
    ...own,
  ];
}

/**
 * Finds `go`: the chosen path, the process's PATH, the login shell's PATH, common locations; the first whose
 * `go version` works wins. Problems: `go-missing`, `go-broken` (a chosen or found one does not run).
 */
export async function findGo(
  runner: ProcessRunner,
  env: Env,
  chosen: string | undefined,
  usual: readonly string[] = usualPlaces(env.HOME),
): Promise<FindGoOutcome> {
  if (chosen !== undefined && chosen !== '') return tryGo(runner, env, chosen);
  let broken: FindGoOutcome | null = null;
  for await (const folder of toolFolders(runner, env, usual)) {
    const path = join(folder, 'go');
    if (!(await isExecutable(path))) continue;
    const outcome = await tryGo(runner, env, path);
    if (outcome.ok) return outcome;
    broken ??= outcome;
  }
  return broken ?? failed('go-missing');
}

/**
 * Folders where a tool may be: the process's PATH, the login shell's PATH (read only when needed), common locations.
 */
export async function* toolFolders(runner: ProcessRunner, env: Env, usual: readonly string[]): AsyncGenerator<string> {
  const seen = new Set<string>();
  const fresh = (list: readonly string[]) => list.filter((one) => isAbsolute(one) && !seen.has(one) && seen.add(one));
  yield* fresh((env.PATH ?? '').split(delimiter));
  yield* fresh(await loginShellPath(runner, env));
  yield* fresh(usual);
}

/** The PATH of a login shell; empty when there is no shell or it does not respond. */
export async function loginShellPath(runner: ProcessRunner, env: Env): Promise<readonly string[]> {
  const shell = env.SHELL;
  if (shell === undefined || !isAbsolute(shell)) return [];
  // A constant, nothing interpolated; fish prints lists with spaces, so printenv reads the environment.
  const script = `echo ${MARKER}; /usr/bin/printenv PATH; echo ${MARKER}`;
  const outcome = await runner.run({ file: shell, args: ['-l', '-c', script], env, timeoutMs: SHELL_TIMEOUT_MS });
  if (outcome.ended !== 'exited') return [];
  const path = outcome.stdout.split(MARKER)[1]?.trim();
  return path === undefined || path === '' ? [] : path.split(delimiter);
}

/** Asks an executable for its version. */
export async function tryGo(runner: ProcessRunner, env: Env, path: string): Promise<FindGoOutcome> {
  const outcome = await runner.run({
    file: path,
    args: ['version'],
    // `local`: a nearby go.mod must not make this first command download a toolchain. `off`: nor may it wait for a FIFO.
    env: { ...env, GOTOOLCHAIN: 'local', GOFLAGS: '', GOENV: 'off' },
    cwd: '/',
    timeoutMs: VERSION_TIMEOUT_MS,
  });
  if (outcome.ended === 'exited' && outcome.exitCode === 0) {
    const version = /^go version (\S+)/.exec(outcome.stdout)?.[1];
    if (version !== undefined) return { ok: true, go: { path, version } };
  }
  if (outcome.ended === 'killed' && outcome.by === 'timeout') {
    return failed('go-silent', { path, seconds: VERSION_TIMEOUT_MS / 1_000 });
  }
  if (outcome.ended === 'not-started') return failed('go-broken', { path, detail: outcome.code });
  const ending = outcome.ended === 'exited' ? `go version: exit ${outcome.exitCode}` : (outcome.signalName ?? '');
  return failed('go-broken', { path, detail: firstLine(outcome.stderr) || ending });
}

/** Whether a file exists and is executable. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first non-empty line, for a message. */
export function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
