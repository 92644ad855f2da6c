import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import type { Command, Declaration } from './command.ts';
import { COMMAND_GROUPS, COMMANDS } from './commands/index.ts';
import { parserOf } from './parser.ts';
import { flagOf, plainArguments } from './plain-arguments.ts';

/** What the whole parser makes of a line; null for help and wrong usage. */
async function parsed(args: readonly string[]): Promise<{ command: Command; values: unknown } | null> {
  let called: { command: Command; values: unknown } | null = null;
  const parser = parserOf(COMMAND_GROUPS, '1', new MemoryTerminal().io, async (command, values) => {
    called = { command, values };
  });
  await parser.parseAsync(args, { from: 'user' }).catch(() => {});
  return called;
}

/** Lines for a command that are mostly right: its options and values, positionals, and words that belong to neither. */
function lines({ name, options = {} }: Declaration): fc.Arbitrary<readonly string[]> {
  const value = fc.constantFrom('1', '2.5', 'soon', 'x', '', '-', '-1', 'help', 'read');
  const option = fc
    .tuple(fc.constantFrom('json', ...Object.keys(options)), value, fc.boolean())
    .map(([key, text, isJoined]) =>
      isJoined && text === 'x'
        ? [`--${flagOf(key)}=${text}`]
        : [`--${flagOf(key)}`, ...(options[key]?.value === undefined ? [] : [text])],
    );
  const other = fc.constantFrom('--', '--lang', '-h', '--help', '--jso', '-V').map((token) => [token]);
  const token = fc.oneof(
    { arbitrary: option, weight: 6 },
    { arbitrary: value.map((text) => [text]), weight: 4 },
    { arbitrary: other, weight: 1 },
  );
  return fc.array(token, { maxLength: 5 }).map((tokens) => [...name.split(' '), ...tokens.flat()]);
}

it.each(COMMANDS.map(({ declaration }) => declaration))(
  '$name: is read as by the whole parser',
  async (declaration) => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(lines(declaration), async (args) => {
        const plain = plainArguments(args, COMMANDS);
        if (plain === null) return;
        read += 1;
        expect(await parsed(args)).toEqual(plain);
      }),
      { numRuns: 40, examples: [[declaration.name.split(' ')]] },
    );
    const { positionals = {}, options = {} } = declaration;
    const isNeeded = [
      ...Object.values(positionals).map(({ takes }) => takes === undefined || takes === 'many'),
      ...Object.values(options).map(({ required }) => required === true),
    ];
    // What a command needs, chance may not give it.
    if (!isNeeded.includes(true)) expect(read).toBeGreaterThan(0);
  },
);

it.each([
  [[]],
  [['nonsense']],
  [['stat']],
  [['config']],
  [['status', '--help']],
  [['status', '--nonsense']],
  [['status', 'extra']],
  [['--lang', 'en', 'status']],
  [['watch', '--for']],
  [['watch', '--for', '0']],
  [['watch', '--for=3']],
  [['policy', 'decide', '--to', 'x:1']],
  [['probe']],
])('leaves %j to the whole parser', (args) => {
  expect(plainArguments(args, COMMANDS)).toBeNull();
});
