/** The command line as completion and manual need it: commands, options and what follows them, from the declarations. */
import { isMessageKey, type Translate } from '../../../shared/messages/messages.ts';
import type { Declaration, Option } from '../command.ts';
import { textKeys } from '../parser.ts';

/** What a value is completed with. */
export type ValueKind = 'file' | 'folder' | 'other';

export interface OptionNode {
  /** `--kebab-case`. */
  readonly flag: string;
  readonly summary: string;
  /** null = a switch. */
  readonly value: { readonly name: string; readonly kind: ValueKind; readonly choices: readonly string[] } | null;
  readonly repeats: boolean;
  readonly default: string | null;
}

export interface CommandNode {
  /** One word, or two for a command of a group. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly options: readonly OptionNode[];
  readonly positionals: readonly { readonly shows: string; readonly kind: ValueKind; readonly takes: string }[];
  readonly example: string | null;
}

export interface CommandTree {
  readonly commands: readonly CommandNode[];
  /** Groups by name, with their summary. */
  readonly groups: ReadonlyMap<string, string>;
  /** Options that every command takes. */
  readonly shared: readonly OptionNode[];
}

const FILES = new Set(['file', 'pcap']);
const FOLDERS = new Set(['dir', 'folder']);
/** Values that are one of a few words, by command and option. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  'ci --when-down': ['fail', 'warn', 'skip'],
  'probe --kind': ['goproxy', 'sumdb', 'vcs', 'dns', 'forward-proxy', 'module'],
};

/** The tree in one language. */
export function commandTree(declarations: readonly Declaration[], t: Translate): CommandTree {
  const say = (key: string) => (isMessageKey(key) ? t(key) : '');
  const commands = declarations.map((declaration): CommandNode => {
    const { name, options = {}, positionals = {}, example = null } = declaration;
    const keys = textKeys(declaration);
    return {
      words: name.split(' '),
      summary: say(keys.summary),
      options: Object.entries(options).map(([key, option], i) =>
        optionNode(name, key, option, say(keys.options[i] ?? '')),
      ),
      positionals: Object.values(positionals).map(({ shows, takes = 'one' }) => ({
        shows,
        kind: kindOf(shows),
        takes,
      })),
      example,
    };
  });
  const names = commands.flatMap(({ words }) => (words.length === 2 ? [words[0] ?? ''] : []));
  const lang: OptionNode = {
    flag: '--lang',
    summary: t('help.lang'),
    value: { name: 'language', kind: 'other', choices: ['en', 'zh-CN'] },
    repeats: false,
    default: null,
  };
  const help: OptionNode = { flag: '--help', summary: t('help.help'), value: null, repeats: false, default: null };
  return {
    commands,
    groups: new Map([...new Set(names)].map((name) => [name, say(`help.${name}.summary`)])),
    shared: [help, lang],
  };
}

function optionNode(command: string, key: string, option: Option, summary: string): OptionNode {
  const flag = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const { value, as, default: preset = null } = option;
  return {
    flag,
    summary,
    value:
      value === undefined ? null : { name: value, kind: kindOf(value), choices: CHOICES[`${command} ${flag}`] ?? [] },
    repeats: as === 'list',
    default: preset,
  };
}

function kindOf(name: string): ValueKind {
  if (FILES.has(name)) return 'file';
  return FOLDERS.has(name) ? 'folder' : 'other';
}
