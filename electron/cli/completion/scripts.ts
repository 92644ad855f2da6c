/**
 * Completion scripts for bash, zsh and fish: static, so that a key press starts no process. Sources: bash(1)
 * "Programmable Completion"; zshcompsys(1) `_arguments`, `_describe`; fish's complete(1).
 */
import type { CommandNode, CommandTree, OptionNode, ValueKind } from './tree.ts';

/** The shells that have a script. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** The script of a shell. */
export function completionScript(shell: Shell, tree: CommandTree): string {
  return { bash, zsh, fish }[shell](tree);
}

function bash(tree: CommandTree): string {
  const of = ({ words, options, positionals }: CommandNode) => {
    const all = [...options, ...tree.shared];
    const flags = all.map(({ flag }) => flag).join(' ');
    const values = all.flatMap((option) => (option.value === null ? [] : [`      ${bashValue(option)}`]));
    return [
      `    ${bashPattern(words)})`,
      `      flags=${quoted(flags)}`,
      ...(values.length === 0 ? [] : ['      case "$before" in', ...values.map((one) => `  ${one}`), '      esac']),
      `      rest=${positionals[0]?.kind ?? 'other'}`,
      '      ;;',
    ].join('\n');
  };
  const firsts = topLevel(tree).map(([name]) => name);
  const groups = [...tree.groups.keys()].map(
    (group) =>
      `    ${group}) firsts=${quoted(
        secondWords(tree, group)
          .map(([name]) => name)
          .join(' '),
      )} ;;`,
  );
  return `# gopherbar completion for bash: eval "$(gopherbar completion bash)"
_gopherbar() {
  local word before command firsts flags rest
  word=\${COMP_WORDS[COMP_CWORD]}
  before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W ${quoted([...firsts, '--help', '--version', '--lang'].join(' '))} -- "$word"))
    return
  fi
  firsts=
  case "\${COMP_WORDS[1]}" in
${groups.join('\n')}
  esac
  if [ -n "$firsts" ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W "$firsts --help --lang" -- "$word"))
    return
  fi
  command=\${COMP_WORDS[1]}
  [ -n "$firsts" ] && command="$command \${COMP_WORDS[2]}"
  flags='--help --lang'
  rest=other
  case "$command" in
${tree.commands.map(of).join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")) ;;
    *)
      case "$rest" in
        file) COMPREPLY=($(compgen -f -- "$word")) ;;
        folder) COMPREPLY=($(compgen -d -- "$word")) ;;
      esac
      ;;
  esac
}
complete -F _gopherbar gopherbar
`;
}

function bashPattern(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? '') : quoted(words.join(' '));
}

function bashValue({ flag, value }: OptionNode): string {
  const answer = (() => {
    if (value === null) return ':';
    if (value.choices.length > 0) return `COMPREPLY=($(compgen -W ${quoted(value.choices.join(' '))} -- "$word"))`;
    if (value.kind === 'file') return 'COMPREPLY=($(compgen -f -- "$word"))';
    return value.kind === 'folder' ? 'COMPREPLY=($(compgen -d -- "$word"))' : ':';
  })();
  return `${flag}) ${answer}; return ;;`;
}

const ZSH_ACTIONS: Readonly<Record<ValueKind, string>> = { file: '_files', folder: '_files -/', other: '' };

function zsh(tree: CommandTree): string {
  const specs = ({ options, positionals }: CommandNode) =>
    [
      ...[...options, ...tree.shared].map((option) => zshOption(option)),
      ...positionals.map(({ shows, kind, takes }) => {
        const many = takes === 'many' || takes === 'any';
        return quoted(`${many ? '*' : ''}:${zshText(shows)}:${ZSH_ACTIONS[kind]}`);
      }),
    ].join(' \\\n        ');
  const alone = tree.commands.filter(({ words }) => words.length === 1);
  const grouped = [...tree.groups.keys()].map((group) => {
    const inside = tree.commands.filter(({ words }) => words.length === 2 && words[0] === group);
    const cases = inside.map((one) => `            ${one.words[1]}) _arguments ${specs(one)} ;;`);
    return `      ${group})
        if (( CURRENT == 2 )); then
          local -a words_of_group=(${described(secondWords(tree, group))})
          _describe command words_of_group
        else
          shift words; (( CURRENT-- ))
          case $words[1] in
${cases.join('\n')}
          esac
        fi
        ;;`;
  });
  return `#compdef gopherbar
# gopherbar completion for zsh: gopherbar completion zsh > "\${fpath[1]}/_gopherbar", or: source <(gopherbar completion zsh)
_gopherbar() {
  local curcontext=$curcontext state line
  if (( CURRENT == 2 )); then
    local -a commands=(${described(topLevel(tree))})
    _describe command commands
    return
  fi
  shift words; (( CURRENT-- ))
  case $words[1] in
${alone.map((one) => `      ${one.words[0]}) _arguments ${specs(one)} ;;`).join('\n')}
${grouped.join('\n')}
  esac
}
if [ "$funcstack[1]" = _gopherbar ]; then _gopherbar "$@"; else compdef _gopherbar gopherbar; fi
`;
}

function zshOption({ flag, summary, value, repeats }: OptionNode): string {
  const tail = (() => {
    if (value === null) return '';
    const action = value.choices.length > 0 ? `(${value.choices.join(' ')})` : ZSH_ACTIONS[value.kind];
    return `:${zshText(value.name)}:${action}`;
  })();
  return quoted(`${repeats ? '*' : ''}${flag}[${zshText(summary)}]${tail}`);
}

/** In a spec of _arguments, brackets and colons end a part. */
function zshText(text: string): string {
  return text.replace(/[[\]:\\]/g, (letter) => `\\${letter}`);
}

function described(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, summary]) => quoted(`${name}:${summary.replaceAll(':', '\\:')}`)).join(' ');
}

function fish(tree: CommandTree): string {
  const lines = ['# gopherbar completion for fish: gopherbar completion fish | source', 'complete -c gopherbar -f'];
  const names = topLevel(tree)
    .map(([name]) => name)
    .join(' ');
  const none = `not __fish_seen_subcommand_from ${names}`;
  for (const [name, summary] of topLevel(tree)) {
    lines.push(`complete -c gopherbar -n ${quoted(none)} -a ${name} -d ${quoted(summary)}`);
  }
  for (const group of tree.groups.keys()) {
    const second = secondWords(tree, group);
    const open = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${second.map(([name]) => name).join(' ')}`;
    for (const [name, summary] of second) {
      lines.push(`complete -c gopherbar -n ${quoted(open)} -a ${name} -d ${quoted(summary)}`);
    }
  }
  for (const { words, options, positionals } of tree.commands) {
    const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    for (const option of options) lines.push(`complete -c gopherbar -n ${quoted(seen)} ${fishOption(option)}`);
    const kind = positionals[0]?.kind ?? 'other';
    if (kind === 'file') lines.push(`complete -c gopherbar -n ${quoted(seen)} -F`);
    if (kind === 'folder') lines.push(`complete -c gopherbar -n ${quoted(seen)} -a '(__fish_complete_directories)'`);
  }
  for (const option of tree.shared) lines.push(`complete -c gopherbar ${fishOption(option)}`);
  return `${lines.join('\n')}\n`;
}

function fishOption({ flag, summary, value }: OptionNode): string {
  const takes = (() => {
    if (value === null) return '';
    if (value.choices.length > 0) return ` -x -a ${quoted(value.choices.join(' '))}`;
    if (value.kind === 'file') return ' -r -F';
    return value.kind === 'folder' ? " -x -a '(__fish_complete_directories)'" : ' -x';
  })();
  return `-l ${flag.slice(2)}${takes} -d ${quoted(summary)}`;
}

/** First words with their summaries: commands and groups. */
function topLevel({ commands, groups }: CommandTree): readonly (readonly [string, string])[] {
  const alone = commands.flatMap(({ words, summary }) =>
    words.length === 1 ? [[words[0] ?? '', summary] as const] : [],
  );
  return [...alone, ...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function secondWords({ commands }: CommandTree, group: string): readonly (readonly [string, string])[] {
  return commands.flatMap(({ words: [first, second], summary }) =>
    first === group && second !== undefined ? [[second, summary] as const] : [],
  );
}

/** For every one of the three shells: inside single quotes nothing is special but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
