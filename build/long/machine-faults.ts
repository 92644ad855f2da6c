/** Faults of what lies around the engine: its folder, the clock, other users and engines, and what files have besides bytes. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './fault.ts';
import type { World } from './fault-world.ts';
import { setAttribute } from './file-attributes.ts';
import { setWallClock } from './jumping-date.ts';

const nothing = () => {};
const aside = (w: World) => `${w.data}.aside`;

/** The folder itself goes, while the engine holds files of it open. */
const FOLDER: readonly Fault[] = [
  {
    name: 'data folder removed while running',
    told: 'history-replaced',
    by: 'snapshot',
    stays: true,
    cause: (w) => rmSync(w.data, { recursive: true, maxRetries: 5 }),
    heal: (w) => {
      mkdirSync(w.data, { recursive: true, mode: 0o700 });
      writeFileSync(w.settingsFile, w.goodSettings);
    },
  },
  {
    name: 'data folder moved away and replaced by an empty one',
    told: 'history-replaced',
    by: 'snapshot',
    stays: true,
    cause: (w) => {
      renameSync(w.data, aside(w));
      mkdirSync(w.data, { mode: 0o700 });
      writeFileSync(w.settingsFile, w.goodSettings);
    },
    heal: (w) => rmSync(aside(w), { recursive: true }),
  },
  {
    name: 'data folder restored from a copy',
    told: 'history-replaced',
    by: 'snapshot',
    stays: true,
    cause: (w) => {
      cpSync(w.data, aside(w), { recursive: true });
      rmSync(w.data, { recursive: true });
      renameSync(aside(w), w.data);
    },
    heal: nothing,
  },
];

const HOUR_MS = 3_600_000;

function time(name: string, cause: (world: World) => void | Promise<void>): Fault {
  const heal = () => setWallClock(0);
  return { name, told: null, by: 'snapshot', alone: true, cause, heal };
}

const TIME: readonly Fault[] = [
  time('clock set five hours ahead', () => setWallClock(5 * HOUR_MS)),
  time('clock set five hours back', () => setWallClock(-5 * HOUR_MS)),
  time('clock set a year ahead', () => setWallClock(365 * 24 * HOUR_MS)),
  time('sleep of nine hours', async ({ engine }) => {
    engine.power.suspend();
    setWallClock(9 * HOUR_MS);
    await delay(500);
    engine.power.wake();
  }),
  {
    ...time('time zone changed', () => {
      process.env.TZ = 'Pacific/Kiritimati';
    }),
    heal: () => {
      delete process.env.TZ;
    },
  },
];

/** What one user may not do, root may: the process is another user meanwhile. */
const NOBODY = 65_534;
const OTHERS: readonly Fault[] = [
  {
    name: 'settings unreadable by mode',
    told: 'settings-not-readable',
    by: 'snapshot',
    alone: true,
    root: true,
    cause: (w) => {
      execFileSync('chown', ['-R', String(NOBODY), w.home]);
      chmodSync(w.settingsFile, 0o000);
      process.seteuid?.(NOBODY);
      // The settings are read again when the file is touched.
      utimesSync(w.settingsFile, new Date(), new Date());
    },
    heal: (w) => {
      process.seteuid?.(0);
      chmodSync(w.settingsFile, 0o600);
      utimesSync(w.settingsFile, new Date(), new Date());
      execFileSync('chown', ['-R', '0', w.home]);
    },
  },
  {
    name: 'second engine on the same data folder',
    told: null,
    by: 'snapshot',
    cause: (w) => w.startSecond(),
    heal: (w) => w.endSecond(),
  },
];

function kept(name: string, cause: (world: World) => void): Fault {
  return { name: `a switch keeps ${name}`, told: null, by: 'switch', atStart: true, cause, heal: nothing };
}

const KEPT: readonly Fault[] = [
  kept('the mode', (w) => {
    for (const file of [w.goEnv, w.gitConfig]) chmodSync(file, 0o604);
  }),
  {
    ...kept('the owner', (w) => {
      for (const file of [w.goEnv, w.gitConfig]) chownSync(file, 1_234, 5_678);
    }),
    root: true,
  },
  kept('links', (w) => {
    for (const file of [w.goEnv, w.gitConfig]) {
      mkdirSync(join(w.home, 'dotfiles'), { recursive: true });
      const target = join(w.home, 'dotfiles', basename(file));
      renameSync(file, target);
      symlinkSync(target, `${file}.link`);
      symlinkSync(`${file}.link`, file);
    }
  }),
  kept('hard links', (w) => linkSync(w.goEnv, join(w.home, 'other-name'))),
  // Of git's file, git itself takes them away.
  kept('extended attributes', (w) => setAttribute(w.goEnv, 'user.gopherbar', 'mine')),
];

/** All of them. */
export const MACHINE_FAULTS: readonly Fault[] = [...FOLDER, ...OTHERS, ...KEPT, ...TIME];
