/**
 * How a command of `gopherbar` is declared: as data next to its code, from which the parser, the help and the types
 * of its arguments are derived. Its texts are `help.NAME.…` of the messages: `summary`, and one for each option.
 */
import type { Clock } from '../system/clock.ts';
import type { CliIo } from './cli-io.ts';
import type { ExitCode } from './exit-codes.ts';

/**
 * A positional argument; `shows` is its name in the help. `many` takes one or more, `any` none or more, `optional` none or
 * one.
 */
export interface Positional {
  readonly shows: string;
  readonly takes?: 'optional' | 'many' | 'any';
}

/** An option `--kebab-case`, by its camelCase name; without `value` it is a switch. */
export interface Option {
  /** Name of its value in the help, such as `file`. */
  readonly value?: string;
  /** `seconds` and `count` are numbers above 0; `list` may be repeated. */
  readonly as?: 'seconds' | 'count' | 'list';
  readonly default?: string;
  readonly required?: true;
}

export interface Declaration {
  /** As it is typed; with a space for a command of a group (`policy parse`). */
  readonly name: string;
  readonly positionals?: { readonly [name: string]: Positional };
  readonly options?: { readonly [name: string]: Option };
  /** A working command line, shown by --help. */
  readonly example?: string;
  /** The default command of its group. */
  readonly isDefault?: true;
}

type PositionalValue<P> = P extends { takes: 'many' | 'any' }
  ? readonly string[]
  : P extends { takes: 'optional' }
    ? string | undefined
    : string;

type OptionValue<O> = O extends { as: 'list' }
  ? readonly string[]
  : O extends { as: string }
    ? number
    : O extends { value: string }
      ? string
      : boolean;

type Always<O> = { [K in keyof O]: O[K] extends { required: true } | { default: string } ? K : never }[keyof O];

/** The arguments of a command's code: positionals and options by name. */
export type ArgumentsOf<D extends Declaration> = {
  readonly [K in keyof D['positionals']]: PositionalValue<D['positionals'][K]>;
} & { readonly [K in Always<D['options']>]: OptionValue<D['options'][K & keyof D['options']]> } & {
  readonly [K in Exclude<keyof D['options'], Always<D['options']>>]?: OptionValue<D['options'][K]>;
};

/** A command's code. Throws UsageError for invalid arguments; resolves when nothing of it runs any more. */
export type CommandCode<A> = (args: A, io: CliIo, clock: Clock) => Promise<ExitCode>;

/** Where a command stands in the help. */
export type CommandGroup = 'start' | 'fix' | 'look' | 'settings' | 'monitor';

/** A declaration with the import of its code, which is loaded when the command is called. */
export interface Command {
  readonly declaration: Declaration;
  run(args: unknown, io: CliIo, clock: Clock): Promise<ExitCode>;
}

/** Joins a declaration and its code; the compiler checks the code against the declaration. */
export function command<const D extends Declaration>(
  declaration: D,
  load: () => Promise<CommandCode<ArgumentsOf<D>>>,
): Command {
  // The parser builds the arguments from this declaration.
  return { declaration, run: async (args, io, clock) => (await load())(args as ArgumentsOf<D>, io, clock) };
}
