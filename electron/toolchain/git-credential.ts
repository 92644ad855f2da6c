/**
 * GOAUTH=git DIR: what `git credential fill` returns for a URL, as cmd/go runs it (cmd/go/internal/auth/gitauth.go).
 * Nothing
 * is approved or rejected afterwards: the helper's store stays as it is.
 */
import type { Env } from '../system/files.ts';
import type { ProcessRunner } from '../system/process-runner.ts';
import { parseUrl } from '../system/web.ts';

/** Login and password for a URL that begins with `prefix`. Secret. */
export interface GitCredential {
  readonly prefix: string;
  readonly login: string;
  readonly password: string;
}

/** A helper that talks to a keychain or a server takes a moment; one that waits for the user takes longer. */
const TIMEOUT_MS = 5_000;

/** There is no user to prompt: git, its helpers and their windows must fail instead. */
const NEVER_ASK = { GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '', GCM_INTERACTIVE: 'never' };

/**
 * Asks the credential helpers that git has in `folder`. null when they do not know the URL, when git fails, and when
 * the answer is for another URL. Aborting ends git and its helpers.
 */
export async function gitCredential(
  runner: ProcessRunner,
  git: string,
  folder: string,
  url: string,
  env: Env,
  signal?: AbortSignal,
): Promise<GitCredential | null> {
  // A line break would add a line to the request.
  if (/[\r\n\0]/.test(url)) return null;
  const outcome = await runner.run({
    file: git,
    args: ['-c', 'credential.interactive=false', 'credential', 'fill'],
    cwd: folder,
    env: { ...env, ...NEVER_ASK },
    input: `url=${url}\n`,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return null;
  const found = parseGitCredential(outcome.stdout);
  return found !== null && url.startsWith(found.prefix) ? found : null;
}

/** Reads `key=value` lines (git-credential(1)); null without a host and a password. */
export function parseGitCredential(text: string): GitCredential | null {
  const values = new Map(text.split('\n').map(keyAndValue));
  const { protocol = '', host = '', path = '', username = '', password = '', url } = Object.fromEntries(values);
  const whole = url === undefined ? null : parseUrl(url);
  const prefix = whole === null ? `${protocol}://${host}${path === '' ? '' : `/${path}`}` : whole.href;
  if ((whole === null && (protocol === '' || host === '')) || password === '') return null;
  return { prefix, login: username, password };
}

/** Split at the first `=`; without one, or without a key, an empty pair. */
function keyAndValue(line: string): readonly [key: string, value: string] {
  const at = line.indexOf('=');
  return at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}
