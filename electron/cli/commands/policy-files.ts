/** `gopherbar policy parse` and `policy decide`: saved outputs of macOS commands. */
import { isIP } from 'node:net';
import { lookUpIn } from '../../composition/http-client.ts';
import { isDenied, parsePfInfo, parsePfTable } from '../../macos/pf/info.ts';
import { portNumber } from '../../macos/pf/ports.ts';
import { parsePfRules } from '../../macos/pf/rules.ts';
import { type Decision, decideFlow, type PfWorld } from '../../macos/pf/walk-rules.ts';
import type { Clock } from '../../system/clock.ts';
import { readRegularFile } from '../../system/read-file.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readApart } from '../read-apart.ts';
import { openStores } from '../stores.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { PolicyDecideArguments, PolicyParseArguments } from './policy-files.command.ts';

/** Larger than any output of these commands. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Reads a recorded output; exit 1 when it has unknown lines. Throws UsageError for an unknown command. */
export async function policyParseCommand(args: PolicyParseArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { file, command, json } = args;
  const text = await readBounded(file, io);
  const parsed = await readApart('policy', { command, text }, file, io, clock);
  if (io.signal.aborted) return EXIT.interrupted;
  if (parsed === null) throw new UsageError(io.t('policy.unknown-command', { command }));
  const { value, unread } = parsed;
  if (json === true) io.out(`${JSON.stringify({ schema: 1, command, value, unread }, null, 2)}\n`);
  else {
    io.out(`${JSON.stringify(value, null, 2)}\n`);
    for (const { line, text } of unread) io.error(`${io.t('policy.unread-line', { line, text })}\n`);
  }
  return unread.length === 0 ? EXIT.ok : EXIT.finding;
}

/** Prints what pf would do; exit 1 unless it passes. Throws UsageError for invalid arguments. */
export async function policyDecideCommand(args: PolicyDecideArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { t } = io;
  const { host, port } = readTarget(args.to, io);
  const proto = args.proto ?? 'tcp';
  if (!/^(?:tcp|udp|icmp|ipv6-icmp|\d{1,3})$/.test(proto)) throw new UsageError(t('policy.bad-proto', { proto }));
  const uid = args.user === undefined ? undefined : Number(args.user);
  if (uid !== undefined && !Number.isInteger(uid))
    throw new UsageError(t('policy.bad-user', { user: args.user ?? '' }));
  const text = await readBounded(args.rules, io);
  if (isDenied(text)) throw new UsageError(t('policy.rules-denied', { file: args.rules }));
  const listing = parsePfRules(text);
  const world: PfWorld = {
    enabled: args.status === undefined ? null : await readStatus(args.status, io),
    name: 'main',
    rules: listing.rules,
    anchors: await readNamed(args.anchor ?? [], io, (content) => parsePfRules(content).rules),
    tables: await readNamed(args.table ?? [], io, (content) => {
      const table = parsePfTable(content).value;
      return 'addresses' in table ? table.addresses : [];
    }),
    skipped: [],
  };
  const addresses = await addressesOf(host, io, clock);
  const decisions = addresses.map((address) => ({
    address,
    ...decideFlow({ dir: 'out', proto, dst: address, dport: port, iface: args.iface, uid }, world),
  }));
  const together = summary(decisions);
  const ruleText = ({ rule }: Decision) => (rule === null ? null : (listing.texts.get(rule) ?? null));
  const [first] = decisions;
  if (args.json === true) {
    const answer = {
      schema: 1,
      decision: together,
      rule: first === undefined ? null : ruleText(first),
      decidedBy: first?.decidedBy ?? 'default',
      unreadAnchors: first?.unreadAnchors ?? [],
      mayAlso: first?.mayAlso ?? [],
      addresses: decisions.map((one) => ({
        address: one.address,
        decision: one.verdict,
        decidedBy: one.decidedBy,
        rule: ruleText(one),
      })),
      unread: listing.unread,
    };
    io.out(`${JSON.stringify(answer, null, 2)}\n`);
  } else {
    for (const one of decisions) io.out(`${render(one, ruleText(one), `${one.address}:${port ?? ''}`, io)}\n`);
    if (args.status === undefined) io.out(`${io.style('dim', t('policy.status-unknown'))}\n`);
    for (const { line, text: said } of listing.unread) io.error(`${t('policy.unread-line', { line, text: said })}\n`);
  }
  return together === 'pass' ? EXIT.ok : EXIT.finding;
}

function summary(decisions: readonly Decision[]): Decision['verdict'] {
  const verdicts = new Set(decisions.map(({ verdict }) => verdict));
  const [only] = verdicts;
  return verdicts.size === 1 && only !== undefined ? only : 'unknown';
}

const COLOURS = { pass: 'green', block: 'red', unknown: 'yellow' } as const;

function render(decision: Decision, rule: string | null, to: string, { t, style }: CliIo): string {
  const { verdict, decidedBy, unreadAnchors, mayAlso } = decision;
  const lines = [`${style([COLOURS[verdict], 'bold'], t(`policy.${verdict}`))}  ${to}`];
  lines.push(
    `  ${rule === null ? t(decidedBy === 'default' ? 'policy.by-default' : 'policy.by', { rule: decidedBy }) : `${decidedBy}: ${rule}`}`,
  );
  if (mayAlso.length > 0) lines.push(`  ${t('policy.may-also', { rules: mayAlso.join(', ') })}`);
  if (unreadAnchors.length > 0)
    lines.push(style('dim', `  ${t('policy.unread-anchors', { anchors: unreadAnchors.join(', ') })}`));
  return lines.join('\n');
}

function readTarget(text: string, { t }: CliIo): { readonly host: string; readonly port: number | null } {
  const found = /^\[([0-9a-fA-F:.%]+)\](?::([\w-]+))?$/.exec(text) ?? /^([^:\s/]+)(?::([\w-]+))?$/.exec(text);
  const host = found?.[1] ?? (isIP(text) === 6 ? text : undefined);
  const port = found?.[2] === undefined ? null : portNumber(found[2]);
  const isBad = host === undefined || (found?.[2] !== undefined && (port === null || port > 65_535));
  if (isBad) throw new UsageError(t('policy.bad-target', { target: text }));
  return { host: host ?? '', port };
}

async function addressesOf(host: string, io: CliIo, clock: Clock): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  const { settings } = await openStores(io, clock);
  const found = await lookUpIn(settings.monitor.network, clock, io.signal)(host);
  if (found === null || found.length === 0) throw new UsageError(io.t('policy.no-address', { host }));
  return found;
}

async function readStatus(file: string, io: CliIo): Promise<boolean | null> {
  const { value } = parsePfInfo(await readBounded(file, io));
  return 'enabled' in value ? value.enabled : null;
}

/** `name=file` pairs. */
async function readNamed<T>(
  pairs: readonly string[],
  io: CliIo,
  read: (text: string) => T,
): Promise<Readonly<Record<string, T>>> {
  const entries = await Promise.all(
    pairs.map(async (pair) => {
      const at = pair.lastIndexOf('=');
      if (at <= 0) throw new UsageError(io.t('policy.bad-pair', { pair }));
      return [pair.slice(0, at), read(await readBounded(pair.slice(at + 1), io))] as const;
    }),
  );
  return Object.fromEntries(entries);
}

/**
 * A file, or standard input for `-`. Invalid UTF-8 becomes replacement characters: such a line then counts as unread.
 */
async function readBounded(file: string, io: CliIo): Promise<string> {
  if (file !== '-') {
    const read = await readRegularFile(file, MAX_BYTES);
    if (!read.ok) throw new UsageError(unreadText(file, read, io.t));
    return read.bytes.toString('utf8');
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of io.input() as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
