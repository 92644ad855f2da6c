/**
 * The arguments of a command line that leaves nothing to explain: a command by its full name, its positionals, and
 * options as they are declared. Scripts and prompts type such lines, and for them the parser with its help (a quarter of a
 * bare node's start) need not be loaded. Everything else, wrong usage first of all, is left to parser.ts.
 */
import type { Command, Declaration, Option } from './command.ts';

/** A command and the arguments for its code, as parser.ts would pass them. */
export interface PlainCall {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is called; null when the line needs the whole parser. */
export function plainArguments(args: readonly string[], commands: readonly Command[]): PlainCall | null {
  const command = commands.find(({ declaration: { name } }) => name === args.slice(0, words(name)).join(' '));
  if (command === undefined) return null;
  const { declaration } = command;
  const given = readTokens(args.slice(words(declaration.name)), declaration.options ?? {});
  const positionals = given === null ? null : named(given.positionals, declaration);
  if (given === null || positionals === null) return null;
  const options: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(declaration.options ?? {})) {
    if (option.default !== undefined) options[key] = option.default;
    if (option.required === true && !(key in given.options)) return null;
  }
  return { command, values: { ...positionals, ...options, ...given.options } };
}

function words(name: string): number {
  return name.split(' ').length;
}

interface Tokens {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** Splits into positionals and options; null where a token is not one of the declared, or has no plain value. */
function readTokens(tokens: readonly string[], declared: NonNullable<Declaration['options']>): Tokens | null {
  const flags = new Map(Object.keys(declared).map((key) => [`--${flagOf(key)}`, key]));
  const positionals: string[] = [];
  const options: Record<string, unknown> = {};
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] ?? '';
    const key = flags.get(token) ?? '';
    const option = declared[key];
    if (option === undefined) {
      if (token.startsWith('-') && token !== '-') return null;
      positionals.push(token);
    } else if (option.value === undefined) options[key] = true;
    else {
      i += 1;
      const value = givenValue(option, tokens[i], options[key]);
      if (value === null) return null;
      options[key] = value;
    }
  }
  return { positionals, options };
}

/** The value of an option after an earlier one; null when there is none, or none that is plain. */
function givenValue(option: Option, text: string | undefined, before: unknown): unknown {
  if (text === undefined || text.startsWith('-')) return null;
  if (option.as === 'list') return [...(Array.isArray(before) ? before : []), text];
  if (option.as === undefined) return text;
  const number = Number(text);
  return number > 0 && number < Number.POSITIVE_INFINITY ? number : null;
}

/** Positionals by name; null when there are too few or too many. */
function named(given: readonly string[], { positionals = {} }: Declaration): Record<string, unknown> | null {
  const entries = Object.entries(positionals);
  const [, last] = entries.at(-1) ?? [];
  const isOpen = last?.takes === 'many' || last?.takes === 'any';
  const needed = entries.filter(([, { takes }]) => takes === undefined || takes === 'many').length;
  if (given.length < needed || (!isOpen && given.length > entries.length)) return null;
  return Object.fromEntries(
    entries.map(([name, { takes }], i) => [name, takes === 'many' || takes === 'any' ? given.slice(i) : given[i]]),
  );
}

/** `otherProxy` → `other-proxy`. */
export function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
