/**
 * Commands that people copy from the app into a terminal. They are built from an argument vector alone: text of
 * servers, logs and projects stands in them, and no word of it may become a command, an option or a second line.
 * Secrets are taken out of the arguments, because a change of the finished line could take a quote with it.
 */
import { HIDDEN, hideSecrets } from './secrets.ts';

/** A command line that is safe to paste; only the functions of this file make one. */
export type ShellCommand = string & { readonly [safe]: true };
declare const safe: unique symbol;

/** Characters without a special meaning in POSIX shells, zsh and fish, at any position in a word. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;
/** Not as the first word: the shell would take `A=b` for an assignment. */
const PLAIN_ARGUMENT = /^[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*$/;

/** Control characters, and those that hide or reorder what a person sees (Unicode Cc, Cf, Zl, Zp). */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * One argument, quoted where it must be. Invisible characters become escapes of `$'…'` (bash, zsh and ksh;
 * POSIX.1-2024),
 * so that what is pasted is what is seen.
 */
function shellWord(text: string): string {
  const clean = hideSecrets(text);
  const word = PLAIN_ARGUMENT.test(clean) ? clean : quoted(clean);
  // Between escapes something may look like a secret that did not before; hiding it later must not cut the word.
  return hideSecrets(word) === word ? word : HIDDEN;
}

/** The command of an argument vector: the program and its arguments, each one word. */
export function shellCommand(program: string, args: readonly string[] = []): ShellCommand {
  return join([PLAIN.test(program) ? program : quoted(program), ...args.map(shellWord)]);
}

/** `export NAME=value`, for the rest of a terminal's session. */
export function exportCommand(name: string, value: string): ShellCommand {
  // Together with the name, which tells whether the value is a secret.
  const [, clean = ''] = hideSecrets(`${name}=${value}`).split(/^[^=]*=/);
  return join(['export', `${name}=${shellWord(clean)}`]);
}

/** What may stand before or behind a command: fixed texts that a shell does mean something by. */
export type Before = 'GIT_CURL_VERBOSE=1' | 'GOMODCACHE=$(mktemp -d) GOFLAGS=-modcacherw';
export type Behind = '</dev/null';

/** A command with a fixed environment, or with nothing to read. */
export function decoratedCommand(
  command: ShellCommand,
  { before, behind }: { readonly before?: Before; readonly behind?: Behind },
): ShellCommand {
  return join([...(before === undefined ? [] : [before]), command, ...(behind === undefined ? [] : [behind])]);
}

/** Whole lines in which nothing is put in. */
export type FixedLine =
  | 'env | grep -i _proxy'
  | 'export SSL_CERT_FILE=company-ca.pem'
  | 'security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db company-ca.pem';

/** A fixed line. */
export function fixedCommand(line: FixedLine): ShellCommand {
  return join([line]);
}

function join(words: readonly string[]): ShellCommand {
  return words.join(' ') as ShellCommand;
}

/** Quotes and backslashes stand outside the quotes: within them fish reads `\'` as a quote, other shells do not. */
function quoted(text: string): string {
  if (INVISIBLE.test(text)) return ansiQuoted(text);
  if (text === '') return "''";
  const parts = text.split(/([\\'])/).filter((part) => part !== '');
  return parts.map((part) => (part === "'" || part === '\\' ? `\\${part}` : `'${part}'`)).join('');
}

function ansiQuoted(text: string): string {
  const escaped = [...text].map((letter) => {
    // No quote within the word, not even an escaped one.
    if (letter !== '\\' && letter !== "'" && !INVISIBLE.test(letter)) return letter;
    const code = letter.codePointAt(0) ?? 0;
    return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `$'${escaped.join('')}'`;
}
