/** How `gopherbar mcp` is called. */
import type { ArgumentsOf, Declaration } from '../command.ts';

export const mcp = { name: 'mcp' } as const satisfies Declaration;

export type McpArguments = ArgumentsOf<typeof mcp>;
