/** Which tool a command line calls, however it was written: `sudo /sbin/pfctl -a com.apple/x -vsr 2>&1`. */

export interface NamedCommand {
  /** The tool's bare name. */
  readonly tool: string;
  /** pfctl's single-letter flags with their values ('' = none); other tools' options stay in `words`. */
  readonly flags: ReadonlyMap<string, string>;
  /** The other words, in order. */
  readonly words: readonly string[];
}

/** pfctl's flags that take a value (pfctl(8)). */
const WITH_VALUE = new Set(['a', 's', 't', 'T', 'f', 'F', 'i', 'k', 'K', 'D', 'o', 'p', 'x', 'X']);

/** null for a line without a command. Of several, joined by `;` or `|`, the first counts. */
export function describeCommand(line: string): NamedCommand | null {
  const words = shellWords(line).filter((word) => !word.startsWith('('));
  const begins = words.findIndex((word, i) => !isWrapper(word, words[i - 1]));
  const [file, ...rest] = begins < 0 ? [] : words.slice(begins);
  if (file === undefined) return null;
  const tool = nameOf(file);
  return tool === 'pfctl' ? { tool, ...pfctlFlags(rest) } : { tool, flags: new Map(), words: rest };
}

function isWrapper(word: string, before: string | undefined): boolean {
  return (
    /^(?:sudo|doas|command|env|time)$/.test(nameOf(word)) ||
    /^[A-Z_][A-Z0-9_]*=/.test(word) ||
    (before === 'sudo' && word.startsWith('-'))
  );
}

function nameOf(file: string): string {
  return file.split('/').at(-1) ?? file;
}

function pfctlFlags(words: readonly string[]): Pick<NamedCommand, 'flags' | 'words'> {
  const flags = new Map<string, string>();
  const others: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      others.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? '';
      if (!WITH_VALUE.has(letter)) {
        flags.set(letter, '');
        continue;
      }
      // The rest of the word is the value, or the next word is.
      const joined = word.slice(at + 1);
      flags.set(letter, joined !== '' ? joined : (words[i + 1] ?? ''));
      if (joined === '') i += 1;
      break;
    }
  }
  return { flags, words: others };
}

/** Words of the first command as a shell would see them; no expansion, and no redirections. */
function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let isTarget = false;
  for (const [, double, single, operator, bare] of line.matchAll(
    /"([^"]*)"|'([^']*)'|(&&|\|\|?|;)|((?:\\.|[^\s"'\\;|&]|&(?!&))+)/g,
  )) {
    if (operator !== undefined) break;
    const redirection = /^\d?[<>]{1,2}(\S*)$/.exec(bare ?? '');
    if (redirection === null && !isTarget) words.push(double ?? single ?? (bare ?? '').replace(/\\(.)/g, '$1'));
    // Where it leads is the next word, unless it is part of this one.
    isTarget = redirection !== null && redirection[1] === '';
  }
  return words;
}
