/**
 * A command whose output is at hand (a colleague's, a recording) and the reader that understands it. What a reader gives
 * is what `gopherbar policy parse` prints as `value`.
 */
import { describeCommand, type NamedCommand } from './command-name.ts';
import { parseDnsConfiguration } from './dns-configuration.ts';
import { parseFirewall, parseFirewallAndApps, parseFirewallApps } from './firewall.ts';
import {
  parseAutoDiscovery,
  parseAutoProxy,
  parseBypassDomains,
  parseDnsServers,
  parseNetworkServices,
  parseSearchDomains,
  parseServiceProxy,
} from './networksetup.ts';
import { parseOsascript, parseTccutil, parseTcpdump } from './outcomes.ts';
import { reportRules } from './pf/describe-rules.ts';
import { parsePfEverything } from './pf/everything.ts';
import {
  isDenied,
  parsePfAnchors,
  parsePfEnable,
  parsePfInfo,
  parsePfInterfaces,
  parsePfReferences,
  parsePfTable,
  parsePfTables,
} from './pf/info.ts';
import { parsePfRules, type UnreadLine } from './pf/rules.ts';
import { withoutPrompts } from './prompt-lines.ts';
import { parseProxyConfiguration } from './proxy-configuration.ts';
import { parseRoute, parseRouteTable } from './routes.ts';
import { suspectsInText } from './suspects.ts';
import { parseSystemExtensions } from './system-extensions.ts';
import { readTccDump } from './tcc.ts';
import { parseCodeSignature, parseSystemVersion } from './versions.ts';
import { parseVpnServices, parseVpnStatus } from './vpn-services.ts';

/** What was read of an output. */
export interface ParsedOutput {
  readonly value: unknown;
  /** Lines that were not understood. */
  readonly unread: readonly UnreadLine[];
}

/**
 * Parses an output; null for a command without a parser. Total otherwise. A text in which nothing of the
 * command's own was found is `{state: 'unknown', reason}`: nothing read must not look like nothing there.
 */
export function parseOutput(command: string, pasted: string): ParsedOutput | null {
  const text = withoutPrompts(pasted, command);
  const read = readOutput(command, text);
  if (read === null) return null;
  if (text.trim() === '') return mayBeEmpty(command) ? read : unknownBecause('empty output', []);
  const said = text.split('\n').filter((line) => line.trim() !== '').length;
  if (read.unread.length < said) return read;
  const nothing = JSON.stringify(readOutput(command, '')?.value);
  return JSON.stringify(read.value) === nothing ? unknownBecause('unrecognised output', read.unread) : read;
}

function unknownBecause(reason: string, unread: readonly UnreadLine[]): ParsedOutput {
  return { value: { state: 'unknown', reason }, unread };
}

/** pfctl prints nothing for an empty list, osascript nothing for a script without a result; a TCC dump has its own outcome. */
function mayBeEmpty(command: string): boolean {
  const named = describeCommand(command);
  if (named === null) return false;
  const { tool, flags } = named;
  return tool === 'osascript' || tool === 'sqlite3' || (tool === 'pfctl' && !/^i(?:nfo)?$/.test(flags.get('s') ?? ''));
}

function readOutput(command: string, text: string): ParsedOutput | null {
  const named = describeCommand(command);
  if (named === null) return null;
  if (named.tool === 'pfctl') return parsePfctl(named, text);
  return (
    OTHERS.find(({ tool, words }) => tool.test(named.tool) && words.test(named.words.join(' ')))?.read(text) ??
    symptom(command, text)
  );
}

/** A program's own words about a failure: suspects. */
function symptom(command: string, text: string): ParsedOutput | null {
  return /\b(?:go|curl|git|ping|nc|wget|ssh)\b/.test(command)
    ? { value: suspectsInText(text, command), unread: [] }
    : null;
}

const OTHERS: readonly {
  readonly tool: RegExp;
  readonly words: RegExp;
  readonly read: (text: string) => ParsedOutput;
}[] = [
  { tool: /^socketfilterfw$/, words: /^--listapps$/, read: readFirewallApps },
  { tool: /^socketfilterfw$/, words: /--listapps/, read: parseFirewallAndApps },
  { tool: /^socketfilterfw$/, words: /./, read: readFirewall },
  { tool: /^scutil$/, words: /^--dns/, read: parseDnsConfiguration },
  { tool: /^scutil$/, words: /^--proxy/, read: parseProxyConfiguration },
  { tool: /^scutil$/, words: /^--nc list/, read: parseVpnServices },
  { tool: /^scutil$/, words: /^--nc status/, read: parseVpnStatus },
  { tool: /^networksetup$/, words: /^-getdnsservers/i, read: parseDnsServers },
  { tool: /^networksetup$/, words: /^-getsearchdomains/i, read: parseSearchDomains },
  { tool: /^networksetup$/, words: /^-getproxybypassdomains/i, read: parseBypassDomains },
  { tool: /^networksetup$/, words: /^-getautoproxyurl/i, read: parseAutoProxy },
  { tool: /^networksetup$/, words: /^-getproxyautodiscovery/i, read: parseAutoDiscovery },
  { tool: /^networksetup$/, words: /^-listallnetworkservices/i, read: parseNetworkServices },
  { tool: /^networksetup$/, words: /^-get(?:secure)?web ?proxy|^-getsocksfirewallproxy/i, read: parseServiceProxy },
  { tool: /^route$/, words: /\bget\b/, read: parseRoute },
  { tool: /^netstat$/, words: /^-\w*r/, read: parseRouteTable },
  { tool: /^systemextensionsctl$/, words: /^list/, read: parseSystemExtensions },
  { tool: /^sw_vers$/, words: /^$/, read: parseSystemVersion },
  { tool: /^codesign$/, words: /^-/, read: parseCodeSignature },
  { tool: /^osascript$/, words: /./, read: parseOsascript },
  { tool: /^tccutil$/, words: /^reset/, read: parseTccutil },
  { tool: /^tcpdump$/, words: /./, read: parseTcpdump },
  { tool: /^sqlite3$/, words: /TCC\.db/i, read: parseTcc },
  { tool: /^(?:file|ls|stat|cat|sqlite3)$/, words: /TCC\.db/i, read: parseTcc },
];

/** The command may be only the first of several whose answers are in the output. */
function readFirewall(text: string): ParsedOutput {
  return /total number of apps/i.test(text) ? parseFirewallAndApps(text) : parseFirewall(text);
}

function readFirewallApps(text: string): ParsedOutput {
  return /^[ \t]*(?:Firewall|Block all|Stealth mode|Automatically allow) /im.test(text)
    ? parseFirewallAndApps(text)
    : parseFirewallApps(text);
}

/** A dump of a TCC database, or what a command said that could not open it. */
function parseTcc(text: string): ParsedOutput {
  if (
    /operation not permitted|authorization denied|permission denied/i.test(text.slice(0, 2_000)) &&
    !/CREATE TABLE/i.test(text)
  ) {
    const needs = 'Full Disk Access for the app (root alone is not enough)';
    return { value: { readable: false, needs }, unread: [] };
  }
  const outcome = readTccDump(text);
  return {
    value: outcome.ok ? outcome.report : { readable: false, why: outcome.why, detail: outcome.detail },
    unread: [],
  };
}

function parsePfctl({ flags, words }: NamedCommand, text: string): ParsedOutput | null {
  const anchor = flags.get('a') ?? null;
  const path = anchor === null || anchor.includes('*') ? null : anchor;
  const shown = flags.get('s');
  if (flags.has('t')) return /show/i.test(flags.get('T') ?? words.join(' ')) ? parsePfTable(text) : null;
  switch (shown) {
    case 'r':
    case 'rules':
    case 'n':
    case 'nat': {
      const listing = parsePfRules(text);
      const report = reportRules(listing, path);
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
      return parsePfEverything(text, path);
    default:
      if (['E', 'e', 'd', 'X', 'F', 'f'].some((flag) => flags.has(flag))) return parsePfEnable(text);
      return isDenied(text) ? { value: { state: 'unknown', needs: 'root' }, unread: [] } : null;
  }
}
