/** Every command of `gopherbar`, in the order of the help. The code of a command is loaded when it is called. */
import { type Command, type CommandGroup, command } from '../command.ts';
import { canary } from './canary.command.ts';
import { capture } from './capture.command.ts';
import { check } from './check.command.ts';
import { ci } from './ci.command.ts';
import { completion } from './completion.command.ts';
import {
  configCheck,
  configEdit,
  configExport,
  configGet,
  configImport,
  configList,
  configPath,
  configSet,
  configUnset,
} from './config.command.ts';
import { diff } from './diff.command.ts';
import { doctor } from './doctor.command.ts';
import { effective } from './effective.command.ts';
import { explain } from './explain.command.ts';
import { exportLines } from './export.command.ts';
import { gatewayClear, gatewayRun, gatewayStats } from './gateway.command.ts';
import { history } from './history.command.ts';
import { hosts } from './hosts.command.ts';
import { initCi } from './init-ci.command.ts';
import { lag } from './lag.command.ts';
import { lint } from './lint.command.ts';
import { mcp } from './mcp.command.ts';
import { policyRead } from './policy.command.ts';
import { policyDecide, policyParse } from './policy-files.command.ts';
import { prefetch } from './prefetch.command.ts';
import { preflight } from './preflight.command.ts';
import { probe } from './probe.command.ts';
import { profiles, undo, use } from './profiles.command.ts';
import { shellHint, shellInit, shellInstall, shellUninit } from './shell.command.ts';
import { since } from './since.command.ts';
import { status } from './status.command.ts';
import { trace } from './trace.command.ts';
import { verify } from './verify.command.ts';
import { watch } from './watch.command.ts';
import { why } from './why.command.ts';

/** The groups of the help, in their order; their titles are `help.group-NAME`. */
export const COMMAND_GROUPS: readonly { readonly group: CommandGroup; readonly commands: readonly Command[] }[] = [
  {
    group: 'start',
    commands: [
      command(status, async () => (await import('./status.ts')).statusCommand),
      command(doctor, async () => (await import('./doctor.ts')).doctorCommand),
      command(since, async () => (await import('./since.ts')).sinceCommand),
      command(explain, async () => (await import('./explain.ts')).explainCommand),
      command(check, async () => (await import('./check.ts')).checkCommand),
    ],
  },
  {
    group: 'fix',
    commands: [
      command(profiles, async () => (await import('./profiles.ts')).profilesCommand),
      command(use, async () => (await import('./profiles.ts')).useCommand),
      command(undo, async () => (await import('./profiles.ts')).undoCommand),
      command(diff, async () => (await import('./diff.ts')).diffCommand),
      command(gatewayRun, async () => (await import('./gateway.ts')).gatewayCommand),
      command(gatewayStats, async () => (await import('./gateway-files.ts')).gatewayStatsCommand),
      command(gatewayClear, async () => (await import('./gateway-files.ts')).gatewayClearCommand),
      command(prefetch, async () => (await import('./prefetch.ts')).prefetchCommand),
    ],
  },
  {
    group: 'look',
    commands: [
      command(probe, async () => (await import('./probe.ts')).probeCommand),
      command(why, async () => (await import('./why.ts')).whyCommand),
      command(verify, async () => (await import('./verify.ts')).verifyCommand),
      command(canary, async () => (await import('./canary.ts')).canaryCommand),
      command(lag, async () => (await import('./lag.ts')).lagCommand),
      command(trace, async () => (await import('./trace.ts')).traceCommand),
      command(capture, async () => (await import('./capture.ts')).captureCommand),
      command(policyRead, async () => (await import('./policy.ts')).policyCommand),
      command(policyParse, async () => (await import('./policy-files.ts')).policyParseCommand),
      command(policyDecide, async () => (await import('./policy-files.ts')).policyDecideCommand),
      command(preflight, async () => (await import('./preflight.ts')).preflightCommand),
      command(effective, async () => (await import('./effective.ts')).effectiveCommand),
      command(lint, async () => (await import('./lint.ts')).lintCommand),
    ],
  },
  {
    group: 'settings',
    commands: [
      command(configList, async () => (await import('./config.ts')).configListCommand),
      command(configGet, async () => (await import('./config.ts')).configGetCommand),
      command(configSet, async () => (await import('./config.ts')).configSetCommand),
      command(configUnset, async () => (await import('./config.ts')).configUnsetCommand),
      command(configPath, async () => (await import('./config.ts')).configPathCommand),
      command(configCheck, async () => (await import('./config.ts')).configCheckCommand),
      command(configEdit, async () => (await import('./config-edit.ts')).configEditCommand),
      command(configExport, async () => (await import('./config-exchange.ts')).configExportCommand),
      command(configImport, async () => (await import('./config-exchange.ts')).configImportCommand),
      command(hosts, async () => (await import('./hosts.ts')).hostsCommand),
      command(completion, async () => (await import('./completion.ts')).completionCommand(COMMANDS)),
      command(shellInit, async () => (await import('./shell.ts')).shellInitCommand),
      command(shellInstall, async () => (await import('./shell.ts')).shellInstallCommand),
      command(shellUninit, async () => (await import('./shell.ts')).shellUninitCommand),
      command(shellHint, async () => (await import('./shell.ts')).shellHintCommand),
    ],
  },
  {
    group: 'monitor',
    commands: [
      command(watch, async () => (await import('./watch.ts')).watchCommand),
      command(history, async () => (await import('./history.ts')).historyCommand),
      command(exportLines, async () => (await import('./export.ts')).exportCommand),
      command(ci, async () => (await import('./ci.ts')).ciCommand),
      command(initCi, async () => (await import('./init-ci.ts')).initCiCommand),
      command(mcp, async () => (await import('./mcp.ts')).mcpCommand),
    ],
  },
];

export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
