/** Runs the catalogue's read commands and returns each output, or why there is none. Effects live here. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import { type CatalogueEntry, dnsServersOf, inRoot, READS, routeTo, signatureOf } from './catalogue.ts';
import { parseNetworkServices } from './networksetup.ts';
import { parseOsascript } from './outcomes.ts';
import { osascriptArguments, type SnapshotPart, splitSnapshot } from './privileged-script.ts';
import { readTcc, type TccOutcome } from './tcc.ts';
import { bundlePath, DEVELOPER_APPS } from './terminals.ts';

/** What is gathered, and with which tools. */
export interface GatherOptions {
  readonly runner: ProcessRunner;
  /** `/`, or a test's own folder. */
  readonly root: string;
  readonly home?: string | undefined;
  /** Addresses whose routes are asked. */
  readonly addresses: readonly string[];
  readonly privileged: boolean;
  /** The `go` that is used, absolute; null when there is none. */
  readonly goPath: string | null;
  readonly signal?: AbortSignal | undefined;
}

/** Outputs as the tools printed them. */
export interface Gathered {
  /** Outputs by the entry's id. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly routes: ReadonlyMap<string, string>;
  /** Parts of the privileged snapshot; null when there was none. */
  readonly snapshot: readonly SnapshotPart[] | null;
  readonly prompt: 'done' | 'declined' | 'timed-out' | 'failed' | null;
  readonly tcc: readonly { readonly database: 'system' | 'user'; readonly outcome: TccOutcome }[];
  /** Resolvers set by hand, by network service. */
  readonly setByHand: ReadonlyMap<string, string>;
  /** Who signed `go`; null = not asked. */
  readonly goSignature: string | null;
  /** Bundle identifiers of terminals and editors that are installed. */
  readonly installed: readonly string[];
  readonly unread: readonly { readonly what: string; readonly why: string }[];
}

const READ_MS = 10_000;
/** More network services than anyone has. */
const MAX_SERVICES = 20;
/** Time to type a password; macOS itself times out later. */
const PROMPT_MS = 120_000;
const MAX_BYTES = 8 * 1024 * 1024;

/** Whether these commands are here at all. */
export function isAvailable(root: string): boolean {
  return existsSync(inRoot(root, '/usr/sbin/scutil'));
}

/** Reads everything. Never rejects. */
export async function gather(options: GatherOptions): Promise<Gathered> {
  const unread: { what: string; why: string }[] = [];
  const run = async (entry: CatalogueEntry): Promise<string | null> => {
    const outcome = await runEntry(options, entry);
    const why = whyNot(outcome);
    if (why !== null) unread.push({ what: entry.id, why });
    return why === null ? textOf(outcome) : null;
  };
  const outputs = new Map<string, string>();
  const routes = new Map<string, string>();
  await Promise.all([
    ...READS.map(async (entry) => {
      const text = await run(entry);
      if (text !== null) outputs.set(entry.id, text);
    }),
    ...options.addresses.map(async (address) => {
      const text = await run(routeTo(address));
      if (text !== null) routes.set(address, text);
    }),
  ]);
  const setByHand = new Map<string, string>();
  for (const name of activeServices(outputs.get('networksetup -listallnetworkservices') ?? '')) {
    const entry = dnsServersOf(name);
    const text = entry === null ? null : await run(entry);
    if (text !== null) setByHand.set(name, text);
  }
  const goSignature = options.goPath === null ? null : await run(signatureOf(options.goPath));
  const installed = Object.keys(DEVELOPER_APPS).filter((id) => existsSync(inRoot(options.root, bundlePath(id))));
  const tcc = readDatabases(options);
  const { snapshot, prompt } = options.privileged
    ? await readPrivileged(options, unread)
    : { snapshot: null, prompt: null };
  return { outputs, routes, snapshot, prompt, tcc, setByHand, goSignature, installed, unread };
}

function activeServices(listing: string): readonly string[] {
  const { services } = parseNetworkServices(listing).value;
  return services.flatMap(({ name, enabled }) => (enabled ? [name] : [])).slice(0, MAX_SERVICES);
}

function runEntry({ runner, root, signal }: GatherOptions, { file, args }: CatalogueEntry): Promise<CommandOutcome> {
  const env = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' };
  return runner.run({ file: inRoot(root, file), args, env, timeoutMs: READ_MS, signal, maxOutputBytes: MAX_BYTES });
}

/** A command that ended with an error still printed what there is (scutil without DNS exits with 1). */
function whyNot(outcome: CommandOutcome): string | null {
  if (outcome.ended === 'not-started') return outcome.code;
  if (outcome.ended === 'killed') return outcome.by;
  return outcome.exitCode !== 0 && textOf(outcome).trim() === '' ? `exit ${outcome.exitCode}` : null;
}

/** codesign and refusals write to standard error. */
function textOf(outcome: CommandOutcome): string {
  if (outcome.ended === 'not-started') return '';
  return outcome.stdout.trim() === '' ? outcome.stderr : outcome.stdout;
}

async function readPrivileged(
  { runner, root, signal }: GatherOptions,
  unread: { what: string; why: string }[],
): Promise<Pick<Gathered, 'snapshot' | 'prompt'>> {
  const nonce = randomBytes(12).toString('hex');
  const outcome = await runner.run({
    file: inRoot(root, '/usr/bin/osascript'),
    args: osascriptArguments(nonce, root),
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' },
    timeoutMs: PROMPT_MS,
    signal,
    maxOutputBytes: MAX_BYTES,
  });
  if (outcome.ended === 'not-started') {
    unread.push({ what: 'pfctl', why: outcome.code });
    return { snapshot: null, prompt: 'failed' };
  }
  if (outcome.ended === 'killed') {
    unread.push({ what: 'pfctl', why: outcome.by });
    return { snapshot: null, prompt: 'timed-out' };
  }
  const { result } = parseOsascript(outcome.stderr).value;
  if (outcome.exitCode !== 0) {
    const declined = result === 'cancelled' || result === 'auth-failed';
    unread.push({ what: 'pfctl', why: result });
    return { snapshot: null, prompt: declined ? 'declined' : 'failed' };
  }
  const { parts, complete } = splitSnapshot(outcome.stdout, nonce);
  if (!complete) unread.push({ what: 'pfctl', why: 'incomplete' });
  return { snapshot: parts, prompt: complete ? 'done' : 'failed' };
}

function readDatabases({ root, home = homedir() }: GatherOptions): Gathered['tcc'] {
  const below = 'Library/Application Support/com.apple.TCC/TCC.db';
  return [
    { database: 'system', outcome: readTcc(inRoot(root, `/${below}`)) },
    { database: 'user', outcome: readTcc(join(root === '/' ? home : join(root, home), below)) },
  ];
}
