/**
 * GOAUTH: where `go` (1.24 and later) gets credentials from. A list separated by `;` of `off`, `netrc`, `git DIR` and
 * commands that `go` runs. Source: cmd/go/internal/auth/auth.go (runGoAuth), https://pkg.go.dev/cmd/go#hdr-GOAUTH_environment_variable.
 */

/** One method of a GOAUTH list. */
export type GoauthMethod =
  | { readonly kind: 'off' | 'netrc' }
  /** `git credential fill` in an absolute folder. */
  | { readonly kind: 'git'; readonly folder: string }
  /** A program that `go` runs with the first https request. */
  | { readonly kind: 'program'; readonly command: string }
  /** `go` ends with an error: an empty entry, `off` beside others, `git` without an absolute folder. */
  | { readonly kind: 'invalid'; readonly text: string };

/** Reads a list as cmd/go does; '' is the default, `netrc`. */
export function parseGoauth(value: string): readonly GoauthMethod[] {
  if (value === '') return [{ kind: 'netrc' }];
  const entries = value.split(';').map((entry) => entry.trim());
  return entries.map((entry) => methodOf(entry, entries.length === 1));
}

function methodOf(entry: string, isAlone: boolean): GoauthMethod {
  const [word = '', ...rest] = entry.split(/\s+/);
  switch (word) {
    case '':
      return { kind: 'invalid', text: entry };
    case 'off':
      return isAlone ? { kind: 'off' } : { kind: 'invalid', text: entry };
    case 'netrc':
      return { kind: 'netrc' };
    case 'git': {
      const [folder = ''] = rest;
      return rest.length === 1 && folder.startsWith('/') ? { kind: 'git', folder } : { kind: 'invalid', text: entry };
    }
    default:
      return { kind: 'program', command: entry };
  }
}

/** The programs that `go` would run for a list, in its order. */
export function goauthPrograms(value: string): readonly string[] {
  return parseGoauth(value).flatMap((method) => (method.kind === 'program' ? [method.command] : []));
}

/** The first of them; null when it runs none. */
export function goauthProgram(value: string): string | null {
  return goauthPrograms(value)[0] ?? null;
}

/** Whether a profile that comes from elsewhere may hold the list: it runs no program, and `go` accepts it. */
export function isGoauthData(value: string): boolean {
  return parseGoauth(value).every(({ kind }) => kind !== 'program' && kind !== 'invalid');
}
