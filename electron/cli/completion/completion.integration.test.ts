/** Completion in the real shells, as a person presses Tab; and the manual page. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAN_FILE, manPage } from '../../../build/man-page.ts';
import { LANGUAGES } from '../../../shared/domain/snapshot.ts';
import { translator } from '../../../shared/messages/messages.ts';
import { COMMANDS } from '../commands/index.ts';
import { completionScript, SHELLS } from './scripts.ts';
import { commandTree } from './tree.ts';

const declarations = COMMANDS.map(({ declaration }) => declaration);
let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-completion-'));
  mkdirSync(join(home, 'logs'));
  writeFileSync(join(home, 'build.log'), '');
  for (const shell of SHELLS)
    writeFileSync(script(shell), completionScript(shell, commandTree(declarations, translator('en'))));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const script = (shell: string) => join(home, shell === 'zsh' ? '_gopherbar' : `completion.${shell}`);

function bash(line: string): readonly string[] {
  const words = line.split(' ');
  const list = words.map((word) => `'${word}'`).join(' ');
  const run = `source ${script('bash')}; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _gopherbar; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', run], { cwd: home, encoding: 'utf8' }).split('\n').filter(Boolean);
}

function fish(line: string): readonly string[] {
  const run = `source ${script('fish')}; complete -C '${line}'`;
  const out = execFileSync('fish', ['--no-config', '-c', run], {
    cwd: home,
    encoding: 'utf8',
    env: { HOME: home, PATH: process.env.PATH },
  });
  return out
    .split('\n')
    .filter(Boolean)
    .map((one) => one.split('\t')[0] ?? '');
}

/** What zsh lists below the line after two presses of Tab, in a pseudo-terminal; `last` is awaited. */
function zsh(line: string, last: string): string {
  const driver = `zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; stty -echo; fpath=(${home} \\$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-prompt ''; unset LISTMAX; LISTMAX=9999; LINES=200; COLUMNS=200"
sleep 1
zpty -w -n shell ${JSON.stringify(line)}$'\\t\\t'
seen=
for i in {1..100}; do sleep 0.1; while zpty -r -t shell part; do seen+=$part; done; [[ $seen == *'${last}'* ]] && break; done
print -rn -- "$seen"
zpty -d shell`;
  const { stdout } = spawnSync('zsh', ['-f', '-c', driver], {
    cwd: home,
    encoding: 'utf8',
    env: { HOME: home, PATH: process.env.PATH, TERM: 'dumb' },
    timeout: 15_000,
  });
  return stdout;
}

describe('Tab', () => {
  it('completes commands, groups, options, choices and files in bash', () => {
    expect(bash('gopherbar do')).toEqual(['doctor']);
    expect(bash('gopherbar gateway ')).toEqual(expect.arrayContaining(['run', 'stats', 'clear']));
    expect(bash('gopherbar gateway run --up')).toEqual(['--upstream']);
    expect(bash('gopherbar ci --when-down ')).toEqual(['fail', 'warn', 'skip']);
    expect(bash('gopherbar explain bu')).toEqual(['build.log']);
    expect(bash('gopherbar lint l')).toEqual(['logs']);
    expect(bash('gopherbar use --l')).toEqual(['--lang']);
  });

  it('completes the same in fish', () => {
    expect(fish('gopherbar do')).toEqual(['doctor']);
    expect(fish('gopherbar gateway ')).toEqual(expect.arrayContaining(['run', 'stats', 'clear']));
    expect(fish('gopherbar gateway run --up')).toEqual(['--upstream']);
    expect(fish('gopherbar ci --when-down ')).toEqual(expect.arrayContaining(['fail', 'warn', 'skip']));
    expect(fish('gopherbar explain bu')).toEqual(['build.log']);
  });

  it('completes the same in zsh', () => {
    expect(zsh('gopherbar gateway ', 'stats')).toMatch(/clear[\s\S]*run[\s\S]*stats/);
    expect(zsh('gopherbar ci --when-down ', 'warn')).toMatch(/fail[\s\S]*skip[\s\S]*warn/);
    expect(zsh('gopherbar do', 'doctor')).toContain('doctor');
  });
});

describe('scripts', () => {
  it.each(SHELLS.flatMap((shell) => LANGUAGES.map((language) => [shell, language] as const)))(
    '%s in %s is valid',
    (shell, language) => {
      const text = completionScript(shell, commandTree(declarations, translator(language)));
      const check = { bash: ['-n'], zsh: ['-n'], fish: ['--no-execute'] }[shell];
      const file = join(home, `check.${shell}`);
      writeFileSync(file, text);
      const { status, stderr } = spawnSync(shell, [...check, file], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it('name every command and every option', () => {
    for (const shell of SHELLS) {
      const text = completionScript(shell, commandTree(declarations, translator('en')));
      for (const { words, options } of commandTree(declarations, translator('en')).commands) {
        for (const word of words) expect(text).toContain(word);
        for (const { flag } of options) expect(text).toContain(shell === 'fish' ? `-l ${flag.slice(2)}` : flag);
      }
    }
  });
});

describe('the manual page', () => {
  it('is that of the commands (otherwise: npm run man:page), and mandoc finds nothing wrong with it', () => {
    expect(readFileSync(MAN_FILE, 'utf8')).toBe(manPage());
    const { stdout, status } = spawnSync('mandoc', ['-Tlint', MAN_FILE], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
  });
});
