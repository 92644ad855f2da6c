import { expect, test } from 'vitest';
import { readLowPower } from './low-power.ts';
import type { Command, CommandOutcome, ProcessRunner } from './process-runner.ts';

const PMSET = (mode: number) => `System-wide power settings:
Currently in use:
 standby              1
 Sleep On Power Button 1
 lowpowermode         ${mode}
 displaysleep         2
`;

function playing(stdout: string): ProcessRunner & { readonly ran: Command[] } {
  const ran: Command[] = [];
  return {
    ran,
    async run(command): Promise<CommandOutcome> {
      ran.push(command);
      return { ended: 'exited', exitCode: 0, stdout, stderr: '' };
    },
  };
}

test('Low Power Mode is read from what pmset prints', async () => {
  expect(await readLowPower(playing(PMSET(1)), {}, 'darwin')).toBe(true);
  expect(await readLowPower(playing(PMSET(0)), {}, 'darwin')).toBe(false);
  expect(await readLowPower(playing('pmset: nonsense'), {}, 'darwin')).toBe(false);
});

test('runs nothing on other systems', async () => {
  const runner = playing(PMSET(1));
  expect(await readLowPower(runner, {}, 'linux')).toBe(false);
  expect(runner.ran).toEqual([]);
});
