/** `gopherbar config edit` with real editors: shell scripts that change the copy they are given. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { dataFolder, type Env } from '../system/files.ts';
import { editorCommand } from './editor.ts';

let home: string;
let file: string;
const TEXT = '{\n  // mine\n  "intervals": { "visibleMs": 20000 }\n}\n';
const NEXT = '{\n  // yours\n  "intervals": { "visibleMs": 30000 }\n}\n';
const WRONG = '{\n  "intervals": {\n    "visibleMs": "soon"\n  }\n}\n';

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-config-edit-'));
  mkdirSync(join(home, 'tmp'));
  file = join(dataFolder(process.platform, env()), 'settings.json');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, TEXT);
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

function env(more: Env = {}): Env {
  const at = (name: string) => join(home, name);
  const { PATH } = process.env;
  return { PATH, HOME: home, TMPDIR: at('tmp'), XDG_DATA_HOME: at('data'), GOENV: at('goenv'), ...more };
}

/** A program that runs a script with the copy as `$1`; each call is counted in `calls`. */
function editor(script: string): string {
  const path = join(home, 'my editor');
  writeFileSync(path, `#!/bin/sh\necho x >> "${home}/calls"\n${script}\n`, { mode: 0o755 });
  return `"${path}"`;
}

/** Writes a text into the copy. */
function writes(text: string): string {
  writeFileSync(join(home, 'text'), text);
  return `cat "${home}/text" > "$1"`;
}

const copies = () => readdirSync(join(home, 'tmp'));
const settings = () => readFileSync(file, 'utf8');

function edit(script: string, isTerminal = false): MemoryTerminal {
  return new MemoryTerminal({ env: env({ EDITOR: editor(script) }), folder: home, isTerminal });
}

it('saves a valid text to the byte, and removes the copy', async () => {
  const { code, out } = await edit(`grep -q mine "$1" && ${writes(NEXT)}`).run(['config', 'edit']);
  expect({ code, out }).toEqual({ code: 0, out: `✓ ${file} saved\n` });
  expect(settings()).toBe(NEXT);
  expect(copies()).toEqual([]);
});

it('edits a copy that only its owner can read', async () => {
  await edit(`ls -ld "$(dirname "$1")" "$1" > "${home}/modes"`).run(['config', 'edit']);
  const modes = readFileSync(join(home, 'modes'), 'utf8')
    .split('\n')
    .map((line) => line.slice(0, 10));
  expect(modes).toEqual(['drwx------', '-rw-------', '']);
});

it('says so when nothing was changed', async () => {
  const { code, out } = await edit('true').run(['config', 'edit']);
  expect({ code, out }).toEqual({ code: 0, out: `${file} was not changed\n` });
  expect(copies()).toEqual([]);
});

it('names line and field of a mistake, leaves the file alone and keeps the text', async () => {
  const { code, err } = await edit(writes(WRONG)).run(['config', 'edit']);
  expect(code).toBe(1);
  expect(err).toMatch(/Line 3.*intervals\.visibleMs/);
  expect(settings()).toBe(TEXT);
  const [folder = ''] = copies();
  expect(readFileSync(join(home, 'tmp', folder, 'settings.json'), 'utf8')).toBe(WRONG);
  expect(err).toContain(join(home, 'tmp', folder, 'settings.json'));
});

it('offers to edit again, with the text as it was left', async () => {
  const second = `if grep -q soon "$1"; then sed -i.bak 's/"soon"/25000/' "$1"; else ${writes(WRONG)}; fi`;
  const terminal = edit(second, true);
  const running = terminal.run(['config', 'edit']);
  await vi.waitFor(() => expect(terminal.errors).toContain('Edit it again?'), 5_000);
  expect(settings()).toBe(TEXT);
  terminal.press('y\n');
  expect((await running).code).toBe(0);
  expect(settings()).toBe(WRONG.replace('"soon"', '25000'));
  expect(copies()).toEqual([]);
});

it('corrects a file that has a mistake', async () => {
  writeFileSync(file, '{ broken');
  expect((await edit(`grep -q broken "$1" && ${writes(NEXT)}`).run(['config', 'edit'])).code).toBe(0);
  expect(settings()).toBe(NEXT);
});

it('never writes over what another program wrote meanwhile', async () => {
  const { code, err } = await edit(`${writes(NEXT)}; echo '{}' > "${file}"`).run(['config', 'edit']);
  expect(code).toBe(1);
  expect(settings()).toBe('{}\n');
  expect(copies()).toHaveLength(1);
  expect(err).toContain('your text is in');
});

it('refuses a file of a newer version, in either direction', async () => {
  expect((await edit(writes('{"schema":99}')).run(['config', 'edit'])).code).toBe(1);
  writeFileSync(file, '{"schema":99}');
  expect((await edit(writes(NEXT)).run(['config', 'edit'])).code).toBe(1);
  expect(settings()).toBe('{"schema":99}');
});

it.each([
  ['fails', 'exit 3', 'exit 3'],
  ['is killed', 'kill -9 $$', 'SIGKILL'],
])('changes nothing when the editor %s', async (_, script, detail) => {
  const { code, err } = await edit(`${writes(NEXT)}; ${script}`).run(['config', 'edit']);
  expect(code).toBe(1);
  expect(err).toContain(detail);
  expect(settings()).toBe(TEXT);
  expect(copies()).toEqual([]);
});

it('runs no shell: what an editor is called is words', async () => {
  const mark = join(home, 'mark');
  const terminal = new MemoryTerminal({ env: env({ VISUAL: `true; touch ${mark}` }), folder: home });
  const { code, err } = await terminal.run(['config', 'edit']);
  expect(code).toBe(1);
  expect(err).toContain('true;');
  expect(existsSync(mark)).toBe(false);
});

it.each([
  [{}, ['vi']],
  [{ EDITOR: 'nano' }, ['nano']],
  [{ VISUAL: 'code --wait', EDITOR: 'nano' }, ['code', '--wait']],
  [{ VISUAL: ' ', EDITOR: `'/Applications/My Editor/e' -w "a b"` }, ['/Applications/My Editor/e', '-w', 'a b']],
])('reads %j', (variables, expected) => {
  expect(editorCommand(variables)).toEqual(expected);
});
