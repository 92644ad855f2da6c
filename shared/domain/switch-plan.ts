/** What a switch would change, and by which commands: shown before it is carried out, and carried out as shown. */
import type { ProfileVariable } from './profile.ts';
import { hideSecrets } from './secrets.ts';
import { type ShellCommand, shellCommand } from './shell-command.ts';

/** One call of a tool: an argument list, no shell. */
export interface PlannedCommand {
  readonly tool: 'go' | 'git';
  readonly args: readonly string[];
}

/** Id of the switch that a lint fix makes; no profile has this id. */
export const LINT_FIX_SWITCH_ID = 'lint-fix';

/** Id of the switch that reverts a change made outside of Gopherbar. */
export const REVERT_SWITCH_ID = 'before-the-change';

export interface SwitchPlan {
  /** Variables whose value changes; '' = the default. */
  readonly variables: readonly { readonly name: ProfileVariable; readonly from: string; readonly to: string }[];
  /** Git keys whose values change. */
  readonly git: readonly { readonly key: string; readonly from: readonly string[]; readonly to: readonly string[] }[];
  readonly commands: readonly PlannedCommand[];
  /** Variables of the profile that this `go` does not know. */
  readonly leftOut: readonly ProfileVariable[];
}

/**
 * Commands to suggest; none when one of them would contain a password or token: the masked value would be set
 * literally, and the secret itself is never shown.
 */
export function suggestedCommands(commands: readonly PlannedCommand[]): readonly ShellCommand[] {
  return commands.some(({ args }) => args.some((one) => hideSecrets(one) !== one)) ? [] : commands.map(commandLine);
}

/** A command as a person would type it. */
export function commandLine({ tool, args }: PlannedCommand): ShellCommand {
  return shellCommand(tool, args);
}
