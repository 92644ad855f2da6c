/**
 * A command whose output is at hand (a colleague's, a recording) and the reader that understands it. What a reader gives
 * is what `gopherbar policy parse` prints as `value`.
 */
import { describeCommand, type NamedCommand } from './command-name.ts';
import { reportRules } from './pf/describe-rules.ts';
import {
  isDenied,
  parsePfAnchors,
  parsePfEnable,
  parsePfEverything,
  parsePfInfo,
  parsePfInterfaces,
  parsePfReferences,
  parsePfTable,
  parsePfTables,
} from './pf/info.ts';
import { parsePfRules, type UnreadLine } from './pf/rules.ts';

export interface ParsedOutput {
  readonly value: unknown;
  /** Lines that were not understood. */
  readonly unread: readonly UnreadLine[];
}

/** Reads an output; null when the command is none of those that are read. Total otherwise. */
export function parseOutput(command: string, text: string): ParsedOutput | null {
  const named = describeCommand(command);
  if (named === null) return null;
  return named.tool === 'pfctl' ? parsePfctl(named, text) : null;
}

function parsePfctl({ flags, words }: NamedCommand, text: string): ParsedOutput | null {
  const anchor = flags.get('a') ?? null;
  const shown = flags.get('s');
  if (flags.has('E')) return parsePfEnable(text);
  if (flags.has('t')) return /show/i.test(flags.get('T') ?? words.join(' ')) ? parsePfTable(text) : null;
  switch (shown) {
    case 'r':
    case 'rules':
    case 'n':
    case 'nat': {
      const listing = parsePfRules(text);
      const report = reportRules(listing, anchor === null || /\*/.test(anchor) ? null : anchor);
      return { value: report, unread: listing.unread };
    }
    case 'i':
    case 'info':
      return parsePfInfo(text);
    case 'Anchors':
    case 'A':
      return parsePfAnchors(text);
    case 'References':
      return parsePfReferences(text);
    case 'T':
    case 'Tables':
      return parsePfTables(text);
    case 'I':
    case 'Interfaces':
      return parsePfInterfaces(text);
    case 'a':
    case 'all':
      return parsePfEverything(text);
    default:
      return isDenied(text) ? { value: { state: 'unknown', needs: 'root' }, unread: [] } : null;
  }
}
