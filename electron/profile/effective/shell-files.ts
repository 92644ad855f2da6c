/**
 * Where a shell's start files set a variable, read without running them: for shells whose trace lacks file and
 * line (fish; bash for root, which takes no PS4 from outside). Which files are read: zsh(1) STARTUP/SHUTDOWN FILES,
 * bash(1) INVOCATION, fish(1) Configuration Files.
 */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Place } from '../../../shared/domain/effective.ts';
import { readTextIfRegular } from '../../system/read-file.ts';

export type ShellKind = 'zsh' | 'bash' | 'fish' | 'other';

/** One assignment as it is written. */
export interface WrittenValue {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

export interface ShellHome {
  readonly home: string;
  readonly zdotdir: string | undefined;
  readonly xdgConfigHome: string | undefined;
}

/** A larger file is not a start file. */
const MAX_BYTES = 1024 * 1024;
/** Limits files that source each other. */
const MAX_FILES = 100;
/** Of all files together: what is read takes well under a second, as the time grows with the length alone. */
const MAX_TOTAL = 4 * MAX_BYTES;
/** A home folder on a network drive that does not respond, ms; what was found until then counts. */
const READ_MS = 3_000;

/** All assignments of the names in the files that the shell reads, in reading order. Never rejects. */
export async function writtenValues(
  kind: ShellKind,
  shellHome: ShellHome,
  interactive: boolean,
  names: readonly string[],
): Promise<readonly WrittenValue[]> {
  const late = AbortSignal.timeout(READ_MS);
  const queue = await before(late, startFiles(kind, shellHome, interactive), []);
  const seen = new Set<string>();
  const found: WrittenValue[] = [];
  let left = MAX_TOTAL;
  const read = async (file: string): Promise<void> => {
    if (seen.has(file) || seen.size >= MAX_FILES || left <= 0 || late.aborted) return;
    seen.add(file);
    const text = (await before(late, readText(file), null)) ?? '';
    left -= text.length;
    for (const [i, line] of text.split('\n').entries()) {
      found.push(...assignmentsIn(line, names).map((one) => ({ ...one, place: { file, line: i + 1 } })));
      const other = sourcedFile(line, shellHome.home);
      if (other !== null) await read(other);
    }
  };
  for (const file of queue) await read(file);
  return found;
}

/** What comes of a reading in time; `otherwise` when it is late. */
async function before<T>(late: AbortSignal, reading: Promise<T>, otherwise: T): Promise<T> {
  if (late.aborted) return otherwise;
  let isLate = () => {};
  const ended = new Promise<T>((resolve) => {
    isLate = () => resolve(otherwise);
    late.addEventListener('abort', isLate, { once: true });
  });
  try {
    return await Promise.race([reading, ended]);
  } finally {
    late.removeEventListener('abort', isLate);
  }
}

/** The origin of a value: the last assignment with that value, else the last of all. */
export function placeOf(written: readonly WrittenValue[], name: string, value: string): Place | null {
  const own = written.filter((one) => one.name === name);
  return (own.findLast((one) => one.value === value) ?? own.at(-1))?.place ?? null;
}

async function startFiles(kind: ShellKind, home: ShellHome, interactive: boolean): Promise<readonly string[]> {
  const at = (...parts: string[]) => join(home.home, ...parts);
  const early = ['/etc/environment'];
  switch (kind) {
    case 'zsh': {
      const own = (name: string) => join(home.zdotdir ?? home.home, name);
      const etc = (name: string) => [`/etc/${name}`, `/etc/zsh/${name}`];
      const rc = interactive ? [...etc('zshrc'), own('.zshrc')] : [];
      const profile = [...etc('zprofile'), own('.zprofile')];
      return [...early, ...etc('zshenv'), own('.zshenv'), ...profile, ...rc, ...etc('zlogin'), own('.zlogin')];
    }
    case 'bash': {
      const login = await firstReadable(['.bash_profile', '.bash_login', '.profile'].map((name) => at(name)));
      return [...early, '/etc/profile', ...(await listed('/etc/profile.d', '.sh')), ...login];
    }
    case 'fish': {
      const config = home.xdgConfigHome ?? at('.config');
      const snippets = await listed(join(config, 'fish', 'conf.d'), '.fish');
      const universal = join(config, 'fish', 'fish_variables');
      return [...early, universal, '/etc/fish/config.fish', ...snippets, join(config, 'fish', 'config.fish')];
    }
    case 'other':
      return [...early, '/etc/profile', at('.profile')];
  }
}

const WORD = `("(?:[^"\\\\]|\\\\.)*"|'[^']*'|(?:[^\\s;"'\\\\&|]|\\\\.)*)`;

/**
 * Assignments of the names in one line: `export A=1 B=2`, `typeset -x`, `A=1`, fish's `set -gx` and universal
 * variables.
 */
export function assignmentsIn(line: string, names: readonly string[]): readonly { name: string; value: string }[] {
  // A pattern costs a hundred times as much as this look, and most lines set nothing of ours.
  const mentioned = names.filter((name) => line.includes(name));
  if (mentioned.length === 0 || /^\s*#/.test(line)) return [];
  return mentioned.flatMap((name) => {
    const posix = new RegExp(`(?:^|[\\s;&(])${name}=${WORD}`).exec(line);
    const set = new RegExp(`(?:^|[\\s;])set\\s+(?:-[^\\s;]+\\s+)*${name}\\s+${WORD}`).exec(line);
    const universal = new RegExp(`^SETUVAR\\s+(?:--\\S+\\s+)*${name}:(.*)$`).exec(line);
    const raw = posix?.[1] ?? set?.[1];
    if (raw !== undefined) return [{ name, value: unquoted(raw) }];
    return universal === null ? [] : [{ name, value: unescaped(universal[1] ?? '') }];
  });
}

function unquoted(word: string): string {
  if (word.startsWith("'")) return word.slice(1, -1);
  return (word.startsWith('"') ? word.slice(1, -1) : word).replace(/\\(.)/g, '$1');
}

/** fish writes `:` and the like as \x3a in fish_variables. */
function unescaped(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const SOURCED = new RegExp(`(?:^|[\\s;&])(?:source|\\.)\\s+${WORD}`);

/** `source FILE` and `. FILE` with a plain, `~` or `$HOME` path. */
export function sourcedFile(line: string, home: string): string | null {
  const match = SOURCED.exec(line);
  if (match === null || /^\s*#/.test(line)) return null;
  const path = unquoted(match[1] ?? '')
    .replace(/^~(?=\/)/, home)
    .replace(/\$\{?HOME\}?/g, home);
  return isAbsolute(path) && !path.includes('$') ? path : null;
}

async function firstReadable(files: readonly string[]): Promise<readonly string[]> {
  for (const file of files) if ((await readText(file)) !== null) return [file];
  return [];
}

async function listed(folder: string, end: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name));
}

async function readText(file: string): Promise<string | null> {
  return readTextIfRegular(file, MAX_BYTES);
}
