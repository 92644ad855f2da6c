/**
 * A process that carries out one switch or undo and kills itself (SIGKILL) at a chosen effect: before or after a file
 * is written, before a tool is started, while it runs, or when it has ended. The argument is a JSON object; without a
 * kill it says how many effects there were.
 */

import { restoreFile } from '../../electron/profile/env-file.ts';
import { ProfileSwitcher } from '../../electron/profile/switcher.ts';
import { systemClock } from '../../electron/system/clock.ts';
import { writeFileAtomic } from '../../electron/system/files.ts';
import { silentLog } from '../../electron/system/log.ts';
import { type Command, SystemProcessRunner } from '../../electron/system/process-runner.ts';
import { GitCommand } from '../../electron/toolchain/git-config.ts';
import { GoCommand } from '../../electron/toolchain/go-env.ts';
import type { Profile } from '../../shared/domain/profile.ts';

/** What the process is to do. */
export interface ChildTask {
  readonly journal: string;
  readonly go: { readonly path: string; readonly version: string };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** null = undo the last switch. */
  readonly profile: Profile | null;
  /** The effect to die at; null = none. */
  readonly dieAt: number | null;
}

const task = JSON.parse(process.argv[2] ?? '') as ChildTask;
let effects = 0;

function effect(): void {
  if (effects++ === task.dieAt) process.kill(process.pid, 'SIGKILL');
}

const runner = new SystemProcessRunner(systemClock);
const dying = {
  async run(command: Command) {
    effect();
    const onStart = (pid: number) => {
      command.onStart?.(pid);
      effect();
    };
    const outcome = await runner.run({ ...command, onStart });
    effect();
    return outcome;
  },
};
const write: typeof writeFileAtomic = async (...args) => {
  effect();
  await writeFileAtomic(...args);
  effect();
};
const tools = { go: new GoCommand(task.go, dying, task.env), git: new GitCommand('git', dying, task.env) };
const restore: typeof restoreFile = async (...args) => {
  effect();
  await restoreFile(...args);
  effect();
};
const switcher = new ProfileSwitcher({ folder: task.journal, clock: systemClock, log: silentLog, write, restore });
const done = task.profile === null ? await switcher.undo(tools) : await switcher.apply(tools, task.profile, null);
console.log(JSON.stringify({ done, effects }));
