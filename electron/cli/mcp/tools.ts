/** The tools of `gopherbar mcp`: the commands that only look, called in this process with their JSON as the answer. */
import { Readable } from 'node:stream';
import * as v from 'valibot';
import type { Clock } from '../../system/clock.ts';
import { errorMessage } from '../../system/error-facts.ts';
import { type CliIo, inSession, type Terminal } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { UsageError } from '../usage-error.ts';
import { withoutWeakening } from './weakening.ts';

/** A tool; `name` is also the key of its texts, `mcp.NAME`. */
export interface Tool {
  readonly name: 'status' | 'explain' | 'why' | 'doctor' | 'effective' | 'lint';
  readonly input: v.GenericSchema<Record<string, unknown>>;
  /** Whether it sends requests to hosts of the settings. */
  readonly contacts: boolean;
  /** Runs the command; `args` match `input`. */
  run(args: Record<string, unknown>, io: CliIo, clock: Clock): Promise<ExitCode>;
}

/** A log of more than this is for a file and `gopherbar explain`. */
const MAX_TEXT = 2_000_000;

const described = (text: string) => v.pipe(v.string(), v.maxLength(4_096), v.description(text));

/** Joins a schema with a command that takes its output. */
function tool<S extends v.GenericSchema<Record<string, unknown>>>(
  name: Tool['name'],
  input: S,
  contacts: boolean,
  run: (args: v.InferOutput<S>, io: CliIo, clock: Clock) => Promise<ExitCode>,
): Tool {
  return { name, input, contacts, run: async (args, io, clock) => run(v.parse(input, args), io, clock) };
}

export const TOOLS: readonly Tool[] = [
  tool('status', v.object({}), false, async (_, io, clock) =>
    (await import('../commands/status.ts')).statusCommand({ json: true }, io, clock),
  ),
  tool(
    'explain',
    v.object({
      text: v.pipe(v.string(), v.maxLength(MAX_TEXT), v.description('Output or log of go or git, as it is.')),
    }),
    false,
    async ({ text }, io, clock) => {
      const { explainCommand } = await import('../commands/explain.ts');
      return explainCommand({ file: undefined, json: true }, withInput(io, text), clock);
    },
  ),
  tool(
    'why',
    v.object({ module: described('Module path, with @version or without.') }),
    true,
    async ({ module }, io, clock) => (await import('../commands/why.ts')).whyCommand({ module, json: true }, io, clock),
  ),
  tool(
    'doctor',
    v.object({ target: v.optional(described('A module@version, host, URL or endpoint; everything without.')) }),
    true,
    async ({ target }, io, clock) =>
      (await import('../commands/doctor.ts')).doctorCommand({ target, json: true }, io, clock),
  ),
  tool('effective', v.object({}), false, async (_, io, clock) =>
    (await import('../commands/effective.ts')).effectiveCommand({ json: true }, io, clock),
  ),
  tool(
    'lint',
    v.object({
      folder: v.optional(described('Folder of the project, absolute; that of the server without.')),
      vulnerabilities: v.optional(v.pipe(v.boolean(), v.description('Also look up known vulnerabilities.'))),
    }),
    true,
    async ({ folder, vulnerabilities = false }, io, clock) =>
      (await import('../commands/lint.ts')).lintCommand({ folder, vulnerabilities, json: true }, io, clock),
  ),
];

/** The answer of a tool: JSON of its published schema, or what went wrong. */
export type ToolAnswer =
  | { readonly ok: true; readonly value: Record<string, unknown> }
  | { readonly ok: false; readonly text: string };

/** Runs a tool to its end; never rejects. A finding (exit code 1) is an answer, too. */
export async function runTool(
  { run }: Tool,
  args: Record<string, unknown>,
  terminal: Terminal,
  clock: Clock,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  const said = { out: '', error: '' };
  const silent: Terminal = {
    ...terminal,
    input: () => Readable.from([]),
    isTerminal: false,
    showsProgress: false,
    out: (text) => {
      said.out += text;
    },
    error: (text) => {
      said.error += text;
    },
    pass: () => {},
    style: (_, text) => text,
    signal: AbortSignal.any([terminal.signal, signal]),
  };
  try {
    const code = await inSession(silent, (io) => run(args, io, clock));
    if (code === EXIT.interrupted || said.out === '')
      return { ok: false, text: said.error.trim() || terminal.t('mcp.no-answer') };
    const { value, removed } = withoutWeakening(JSON.parse(said.out));
    const notes = [said.error.trim(), removed > 0 ? terminal.t('mcp.weakening-removed') : ''].filter(
      (one) => one !== '',
    );
    return { ok: true, value: { ...(value as object), ...(notes.length === 0 ? {} : { notes }) } };
  } catch (error) {
    if (error instanceof UsageError || error instanceof v.ValiError) return { ok: false, text: error.message };
    return { ok: false, text: errorMessage(error) };
  }
}

function withInput(io: CliIo, text: string): CliIo {
  return { ...io, input: () => Readable.from([Buffer.from(text)]) };
}
