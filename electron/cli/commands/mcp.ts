/** `gopherbar mcp`: the looking commands as tools for an agent, over standard input and output. */
import { Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import type { Clock } from '../../system/clock.ts';
import { errorMessage } from '../../system/error-facts.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { runTool, TOOLS } from '../mcp/tools.ts';
import { VERSION } from '../version.ts';
import type { McpArguments } from './mcp.command.ts';

/** Serves until standard input ends or the command is interrupted; no tool runs any more then. */
export async function mcpCommand(_: McpArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const input = io.input();
  if (input.isTTY === true) io.error(`${io.t('mcp.for-agents')}\n`);
  const ending = new AbortController();
  const running = new Set<Promise<unknown>>();
  const createServer = (): McpServer => {
    const server = new McpServer({ name: 'gopherbar', version: VERSION }, { instructions: io.t('mcp.instructions') });
    for (const tool of TOOLS) {
      const config = {
        title: io.t(`mcp.${tool.name}-title`),
        description: io.t(`mcp.${tool.name}`),
        inputSchema: toStandardJsonSchema(tool.input),
        annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: tool.contacts },
      };
      server.registerTool(tool.name, config, async (args, context) => {
        const signal = AbortSignal.any([ending.signal, context.mcpReq.signal]);
        const answering = runTool(tool, args, io, clock, signal);
        running.add(answering);
        const answer = await answering.finally(() => running.delete(answering));
        if (!answer.ok) return { isError: true, content: [{ type: 'text', text: answer.text }] };
        return { content: [{ type: 'text', text: JSON.stringify(answer.value) }], structuredContent: answer.value };
      });
    }
    return server;
  };
  const transport = new StdioServerTransport(input, outputOf(io));
  const handle = serveStdio(createServer, { transport, onerror: (error) => io.error(`${errorMessage(error)}\n`) });
  await new Promise<void>((resolve) => {
    input.once('end', resolve);
    input.once('close', resolve);
    io.signal.addEventListener('abort', () => resolve(), { once: true });
    if (io.signal.aborted || input.destroyed) resolve();
  });
  ending.abort();
  await Promise.allSettled(running);
  await handle.close();
  // A terminal or pipe that is still open would keep the process alive.
  input.destroy();
  return io.signal.aborted ? EXIT.interrupted : EXIT.ok;
}

/** Control characters stand in JSON strings only, where they may be written as escapes: the terminal's filter keeps those. */
function outputOf(io: CliIo): Writable {
  return new Writable({
    decodeStrings: false,
    write: (chunk, _, done) => {
      io.out(String(chunk).replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeOf));
      done();
    },
  });
}

function escapeOf(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
