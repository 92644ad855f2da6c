import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { version } from '../../package.json';
import { isMessageKey } from '../../shared/messages/messages.ts';
import type { Command, Declaration } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { parserOf, textKeys } from './parser.ts';
import { languageIn } from './run.ts';

const root = join(import.meta.dirname, '..', '..');
const gopherbar = (...args: string[]) => new MemoryTerminal().run(args);

/** The arguments that a command would receive. */
async function parsed(declaration: Declaration, ...args: string[]): Promise<unknown> {
  const command: Command = { declaration, run: async () => 0 };
  let called: unknown;
  const { io } = new MemoryTerminal();
  const parser = parserOf([{ group: 'start', commands: [command] }], '1', io, async (_, values) => {
    called = values;
  });
  await parser.parseAsync(args, { from: 'user' });
  return called;
}

describe('declared commands', () => {
  it('have a text for themselves and every option', () => {
    const missing = COMMANDS.flatMap(({ declaration }) => {
      const { summary, options } = textKeys(declaration);
      return [summary, ...options].filter((key) => !isMessageKey(key));
    });
    expect(missing).toEqual([]);
    expect(COMMANDS.length).toBeGreaterThan(20);
  });

  it.each(COMMANDS.map(({ declaration }) => declaration))(
    '$name has a --help with its options',
    async (declaration) => {
      const { code, out, err } = await gopherbar(...declaration.name.split(' '), '--help');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain(`Usage: gopherbar ${declaration.name} [options]`);
      expect(out).toContain('Exit codes: 0 ok; 1 unhealthy');
      if (declaration.example !== undefined) expect(out).toContain(declaration.example);
      for (const name of Object.keys(declaration.options ?? {})) {
        expect(out).toContain(`--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
      }
    },
  );

  it('show their help in Chinese', async () => {
    const { out } = await new MemoryTerminal({ language: 'zh-CN' }).run(['trace', '--help']);
    expect(out).toContain('用法：');
    expect(out).toContain('退出码：0 正常');
    expect(out).not.toMatch(/Options:|display help/);
  });
});

describe('arguments', () => {
  it('are passed by name, with defaults, numbers, lists and switches', async () => {
    const declaration = {
      name: 'try',
      positionals: { first: { shows: 'first' }, more: { shows: 'more', takes: 'optional' } },
      options: {
        kind: { value: 'kind', default: 'goproxy' },
        otherProxy: { value: 'URL' },
        each: { value: 'x', as: 'list' },
        timeout: { value: 'seconds', as: 'seconds' },
        json: {},
      },
    } as const satisfies Declaration;
    expect(await parsed(declaration, 'try', 'a')).toEqual({ first: 'a', more: undefined, kind: 'goproxy' });
    expect(
      await parsed(
        declaration,
        'try',
        'a',
        'b',
        '--other-proxy',
        'p',
        '--each',
        '1',
        '--each',
        '2',
        '--timeout',
        '1.5',
        '--json',
      ),
    ).toEqual({ first: 'a', more: 'b', kind: 'goproxy', otherProxy: 'p', each: ['1', '2'], timeout: 1.5, json: true });
  });

  it('accept one or more where `many` is declared', async () => {
    const declaration = { name: 'many', positionals: { all: { shows: 'all', takes: 'many' } } } as const;
    expect(await parsed(declaration, 'many', 'a', 'b')).toEqual({ all: ['a', 'b'] });
  });

  it('go to the default command of a group', async () => {
    const declaration = { name: 'group read', options: { deep: {} }, isDefault: true } as const;
    expect(await parsed(declaration, 'group', '--deep')).toEqual({ deep: true });
  });
});

describe('wrong usage', () => {
  const cases: [string[], string][] = [
    [['nonsense'], 'unknown command “nonsense”'],
    [['statu'], 'did you mean status?'],
    [['probe'], 'missing argument <url>'],
    [['lint', 'a', 'b'], 'too many arguments'],
    [['watch', '--fro', '3'], 'unknown option --fro; did you mean --for?'],
    [['watch', '--for'], 'option --for <seconds> needs a value'],
    [['policy', 'decide', '--to', 'x:1'], 'required option --rules <file> is missing'],
    ...['soon', '0', '-1', 'Infinity', ''].map((value): [string[], string] => [
      ['watch', `--for=${value}`],
      'invalid value for --for <seconds>: expected a number above 0',
    ]),
  ];
  it.each(cases)('%j exits with 2, says why, and where the usage stands', async (args, words) => {
    const { code, out, err } = await new MemoryTerminal().run(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(words);
    const [command = ''] = /^(?:probe|lint|watch|policy decide)(?= |$)/.exec(args.join(' ')) ?? [];
    expect(err).toMatch(/^gopherbar: .*\nUsage: gopherbar .*\n$/);
    expect(err).toContain(`Usage: gopherbar ${command}${command === '' ? '' : ' '}--help\n`);
  });

  it('is worded in Chinese', async () => {
    const { err } = await new MemoryTerminal({ language: 'zh-CN' }).run(['nonsense']);
    expect(err).toBe('gopherbar: 未知命令“nonsense”\n用法：gopherbar --help\n');
  });

  it('without a command shows how things stand and three next steps', async () => {
    const home = mkdtempSync(join(tmpdir(), 'gopherbar-bare-'));
    const env = { HOME: home, XDG_DATA_HOME: home, PATH: process.env.PATH };
    for (const args of [[], ['--lang', 'en'], ['--lang=en']]) {
      const { code, out, err } = await new MemoryTerminal({ env }).run(args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('goproxy.cn');
      expect(out.match(/^ {2}gopherbar /gm)).toHaveLength(3);
    }
    rmSync(home, { recursive: true, force: true });
  });

  it('shows the commands in groups', async () => {
    const { out } = await gopherbar('--help');
    expect(out.match(/^(?:Start here|Fix|Look deeper|Settings|Monitor and automate):$/gm)).toHaveLength(5);
  });
});

it('--lang is found at any position', () => {
  expect(languageIn(['--lang', 'zh-CN', 'hosts'])).toBe('zh-CN');
  expect(languageIn(['hosts', '--lang=en'])).toBe('en');
  expect(languageIn(['hosts', '--lang'])).toBeUndefined();
  expect(languageIn(['hosts'])).toBeUndefined();
});

describe('starting', () => {
  // Prints every module that is loaded.
  const spy = `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { process.stderr.write(url + '\\n'); return next(url, context); } });`;
  const loaded = async (...args: string[]) => {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(spy)}`, 'electron/cli/main.ts', ...args],
      { cwd: root },
    );
    return { stdout, modules: stderr.split('\n').filter((line) => line.startsWith('file:')) };
  };

  it.each([['--version'], ['--help'], ['probe', '--help']])('%j loads nothing of the engine', async (...args) => {
    const { stdout, modules } = await loaded(...args);
    expect(stdout).not.toBe('');
    const ours = modules.filter((url) => !url.includes('node_modules'));
    expect(ours.length).toBeGreaterThan(3);
    expect(
      ours.filter(
        (url) =>
          !/electron\/cli\/|shared\/|electron\/system\/(clock|error-facts|private-files)\.ts|package\.json/.test(url),
      ),
    ).toEqual([]);
    expect(ours.filter((url) => /commands\/(?!index)[^.]*\.ts$/.test(url))).toEqual([]);
  });

  it('--version is that of the package', async () => {
    expect((await loaded('--version')).stdout).toBe(`${version}\n`);
  });
});
