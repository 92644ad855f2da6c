/** The faults of the environment: how each is caused and healed, and which problem tells it. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { migrate, NEWEST_VERSION } from '../../electron/history/migrations/migrate.ts';
import type { Fault } from './fault.ts';
import type { World } from './fault-world.ts';
import { MACHINE_FAULTS } from './machine-faults.ts';

const putBack = ({ settingsFile, goodSettings }: World) => {
  rmSync(settingsFile, { recursive: true, force: true });
  writeFileSync(settingsFile, goodSettings);
};
const nothing = () => {};

function settings(name: string, told: string | null, cause: (world: World) => void): Fault {
  return { name: `settings ${name}`, told, by: 'snapshot', cause, heal: putBack };
}

const SETTINGS: readonly Fault[] = [
  settings('not JSON', 'settings-not-json', (w) => writeFileSync(w.settingsFile, '{ "endpoints": [')),
  settings('invalid', 'settings-invalid', (w) => writeFileSync(w.settingsFile, '{"intervals":{"visibleMs":"x"}}')),
  settings('of a newer version', 'settings-newer', (w) => writeFileSync(w.settingsFile, '{"schema":99}')),
  settings('of 20 MB', 'settings-too-large', (w) => writeFileSync(w.settingsFile, Buffer.alloc(20_000_000, ' '))),
  settings('zero bytes', 'settings-not-json', (w) => writeFileSync(w.settingsFile, '')),
  settings('a folder', 'settings-not-readable', (w) => {
    unlinkSync(w.settingsFile);
    mkdirSync(w.settingsFile);
  }),
  settings('a link to itself', 'settings-not-readable', (w) => {
    unlinkSync(w.settingsFile);
    symlinkSync(w.settingsFile, w.settingsFile);
  }),
  settings('a link to a good file', null, (w) => {
    renameSync(w.settingsFile, join(w.home, 'elsewhere.json'));
    symlinkSync(join(w.home, 'elsewhere.json'), w.settingsFile);
  }),
];

/** A history as an earlier run leaves it. */
function makeHistory({ historyFile }: World, version = NEWEST_VERSION): void {
  const database = new DatabaseSync(historyFile);
  database.exec(`CREATE TABLE x (y); PRAGMA user_version = ${version}`);
  database.close();
}

const locks = new Map<World, DatabaseSync>();

const HISTORY: readonly Fault[] = [
  {
    name: 'history a folder',
    told: 'history-waiting',
    by: 'snapshot',
    atStart: true,
    cause: (w) => mkdirSync(w.historyFile),
    heal: (w) => rmdirSync(w.historyFile),
  },
  {
    name: 'history a named pipe',
    told: 'history-waiting',
    by: 'snapshot',
    atStart: true,
    cause: (w) => execFileSync('mkfifo', [w.historyFile]),
    heal: (w) => unlinkSync(w.historyFile),
  },
  {
    name: 'history locked by another process',
    told: 'history-waiting',
    by: 'snapshot',
    atStart: true,
    cause: (w) => {
      const database = new DatabaseSync(w.historyFile);
      database.exec('CREATE TABLE held (y); BEGIN EXCLUSIVE');
      locks.set(w, database);
    },
    heal: (w) => {
      locks.get(w)?.exec('ROLLBACK; DROP TABLE held');
      locks.get(w)?.close();
      locks.delete(w);
    },
  },
  {
    name: 'history garbage',
    told: 'history-set-aside',
    by: 'snapshot',
    atStart: true,
    stays: true,
    cause: (w) => writeFileSync(w.historyFile, Buffer.alloc(40_000, 'garbage')),
    heal: nothing,
  },
  {
    name: 'history without its tables',
    told: 'history-set-aside',
    by: 'snapshot',
    atStart: true,
    stays: true,
    cause: (w) => makeHistory(w),
    heal: nothing,
  },
  {
    name: 'history truncated',
    told: 'history-set-aside',
    by: 'snapshot',
    atStart: true,
    stays: true,
    cause: (w) => {
      const database = new DatabaseSync(w.historyFile);
      migrate(database);
      database.close();
      truncateSync(w.historyFile, Math.floor(statSync(w.historyFile).size / 2));
    },
    heal: nothing,
  },
  {
    name: 'history zero bytes',
    told: null,
    by: 'snapshot',
    atStart: true,
    cause: (w) => writeFileSync(w.historyFile, ''),
    heal: nothing,
  },
  {
    name: 'history of a newer version',
    told: 'history-newer',
    by: 'snapshot',
    atStart: true,
    stays: true,
    cause: (w) => makeHistory(w, NEWEST_VERSION + 1),
    heal: nothing,
  },
];

const chosen = (w: World) => join(w.home, 'bin', 'chosen-go');
function go(name: string, told: string, script: string): Fault {
  return {
    name: `go ${name}`,
    told,
    by: 'snapshot',
    atStart: true,
    cause: (w) => {
      w.program('chosen-go', script);
      w.chooseGo(chosen(w));
    },
    heal: putBack,
  };
}
function git(name: string, told: string, script: string): Fault {
  return {
    name: `git ${name}`,
    told,
    by: 'switch',
    cause: (w) => writeFileSync(w.gitFault, `${script}\nexit\n`),
    heal: (w) => unlinkSync(w.gitFault),
  };
}

const TOOLS: readonly Fault[] = [
  { ...go('missing', 'go-broken', ''), cause: (w) => w.chooseGo('/nonexistent/go') },
  go('prints garbage', 'go-broken', 'head -c 4000 /dev/urandom'),
  go('floods its output', 'go-silent', 'yes'),
  go('hangs and ignores SIGTERM', 'go-silent', "trap '' TERM; sleep 300 & wait; sleep 300"),
  {
    name: 'git missing',
    told: 'git-refused',
    by: 'snapshot',
    atStart: true,
    cause: (w) => w.chooseGit('/nonexistent/git'),
    heal: putBack,
  },
  git('prints garbage', 'git-refused', 'head -c 4000 /dev/urandom; exit 1'),
  git('prints garbage and reports success', 'git-not-in-effect', 'head -c 4000 /dev/urandom'),
  git('prints nothing and reports success', 'git-not-in-effect', 'true'),
  git('floods its output', 'git-silent', 'yes'),
  git('hangs and ignores SIGTERM', 'git-silent', "trap '' TERM; while :; do sleep 1; done"),
];

function config(name: string, cause: (world: World) => void): Fault {
  return { name: `git config ${name}`, told: null, by: 'switch', atStart: true, cause, heal: nothing };
}

const CONFIG: readonly Fault[] = [
  config('a link into a dotfiles repository', (w) => {
    mkdirSync(join(w.home, 'dotfiles'));
    renameSync(w.gitConfig, join(w.home, 'dotfiles', 'gitconfig'));
    symlinkSync(join('dotfiles', 'gitconfig'), w.gitConfig);
  }),
  config('with an include', (w) => {
    writeFileSync(join(w.home, 'more'), '[core]\n\tpager = cat\n');
    appendFileSync(w.gitConfig, `[include]\n\tpath = ${join(w.home, 'more')}\n`);
  }),
  config('with CRLF', (w) => writeFileSync(w.gitConfig, '[user]\r\n\tname = Someone\r\n')),
  config('with a byte-order mark', (w) => writeFileSync(w.gitConfig, '\uFEFF[user]\n\tname = Someone\n')),
  config('with duplicate keys', (w) => appendFileSync(w.gitConfig, '[user]\n\tname = Other\n[user]\n\tname = Third\n')),
  {
    name: 'git config with a left-over lock',
    told: 'git-refused',
    by: 'switch',
    cause: (w) => writeFileSync(`${w.gitConfig}.lock`, ''),
    heal: (w) => unlinkSync(`${w.gitConfig}.lock`),
  },
];

/** Fills what is left of a file system. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4_096, 1));
  } catch {
    // Full.
  } finally {
    closeSync(file);
  }
}
function remount(w: World, mode: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${mode}`, w.data]);
}

const DISK: readonly Fault[] = [
  {
    name: 'data folder full, settings',
    told: 'settings-not-written',
    by: 'settings',
    mount: true,
    cause: (w) => fill(join(w.data, 'filler')),
    heal: (w) => unlinkSync(join(w.data, 'filler')),
  },
  {
    name: 'data folder full, history',
    told: 'history-write-failed',
    by: 'snapshot',
    mount: true,
    cause: (w) => fill(join(w.data, 'filler')),
    heal: (w) => unlinkSync(join(w.data, 'filler')),
  },
  {
    name: 'data folder full, switch',
    told: 'switch-failed',
    by: 'switch',
    mount: true,
    cause: (w) => fill(join(w.data, 'filler')),
    heal: (w) => unlinkSync(join(w.data, 'filler')),
  },
];

const SWITCHED: readonly Fault[] = [
  {
    name: 'data folder read-only at start',
    told: 'history-waiting',
    by: 'snapshot',
    atStart: true,
    mount: true,
    cause: (w) => remount(w, 'ro'),
    heal: (w) => remount(w, 'rw'),
  },
  {
    name: 'settings changed while running',
    told: null,
    by: 'switch',
    cause: (w) => writeFileSync(w.settingsFile, `${readFileSync(w.settingsFile, 'utf8')}\n`),
    heal: nothing,
  },
];

/** Every row, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  ...SETTINGS,
  ...HISTORY,
  ...TOOLS,
  ...CONFIG,
  ...DISK,
  ...SWITCHED,
  ...MACHINE_FAULTS,
];
