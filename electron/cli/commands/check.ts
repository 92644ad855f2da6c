/** `gopherbar check`: downloads modules for real, into empty caches, and says which are healthy, slow or failing. */
import { join } from 'node:path';
import { DEFAULT_LIMITS, type Endpoint, parseModuleVersion } from '../../../shared/domain/endpoint.ts';
import type { ProbeResult } from '../../../shared/domain/result.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { type CheckItem, type CheckList, MAX_ITEMS, parseCheckList } from '../../ci/check-list.ts';
import { type CheckRow, checkVerdict } from '../../ci/check-verdict.ts';
import { judge } from '../../ci/judge.ts';
import { explain } from '../../explain/explain.ts';
import { selectedModules } from '../../gate/project-rules.ts';
import { probeModule } from '../../probe/canary.ts';
import { readProject } from '../../profile/preflight/project.ts';
import type { Clock } from '../../system/clock.ts';
import { limiter } from '../../system/limiter.ts';
import { readRegularFile } from '../../system/read-file.ts';
import { checkAnnotations, checkCodeQuality, checkJson, checkJunit, checkText, rowText } from '../check-report.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportProblem } from '../report.ts';
import { routeHosts } from '../route-hosts.ts';
import { openStores, type Stores } from '../stores.ts';
import { CLEAR_LINE } from '../terminal-text.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import { writeReport } from '../write-report.ts';
import type { CheckArguments } from './check.command.ts';

const MAX_LIST_BYTES = 4 * 1024 * 1024;
/** More at once would only wait for each other, and be measured as slow. */
const MAX_PARALLEL = 16;

/** 0 healthy; 1 a critical module failed; 75 only infrastructure failed. */
export async function checkCommand(args: CheckArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const items = await itemsOf(args, io);
  const stores = await openStores(io, clock);
  const state = await stores.go.read();
  if (state.state !== 'found') {
    if (state.state !== 'detecting') reportProblem(io, state.problem);
    return EXIT.finding;
  }
  const rows = await downloadAll(items, args, state, stores, io, clock);
  const verdict = checkVerdict(rows, args.strict === true);
  const code = io.signal.aborted
    ? EXIT.interrupted
    : { passed: EXIT.ok, infrastructure: EXIT.infrastructure, failed: EXIT.finding }[verdict.outcome];
  if (args.junit !== undefined) await writeReport(args.junit, checkJunit(rows, io.t), io);
  if (args.codeQuality !== undefined) await writeReport(args.codeQuality, checkCodeQuality(rows, io.t), io);
  io.out(args.json === true ? checkJson(rows, verdict, code) : checkText(rows, verdict, io));
  io.error(checkAnnotations(rows, io));
  return code;
}

/** From a list, from the arguments, or from the project in a folder. */
async function itemsOf({ targets, file }: CheckArguments, io: CliIo): Promise<readonly CheckItem[]> {
  const listed = file === undefined ? [] : await fromFile(file, io);
  const given = targets.map((text) => ({ text, module: parseModuleVersion(text) }));
  const named = given.flatMap(({ module }) =>
    module === null ? [] : [{ module, isCritical: true, expectedMs: null }],
  );
  const folders = given.flatMap(({ text, module }) => (module === null ? [text] : []));
  const wantsProject = file === undefined && targets.length === 0;
  const own = await Promise.all((wantsProject ? ['.'] : folders).map((folder) => fromProject(folder, io)));
  const items = [...listed, ...named, ...own.flat()];
  if (items.length > MAX_ITEMS) throw new UsageError(io.t('check.too-many', { count: items.length, max: MAX_ITEMS }));
  if (items.length === 0) throw new UsageError(io.t('check.nothing'));
  return items;
}

async function fromFile(file: string, io: CliIo): Promise<readonly CheckItem[]> {
  const read = await readRegularFile(join(file.startsWith('/') ? '' : io.folder, file), MAX_LIST_BYTES);
  if (!read.ok) throw new UsageError(unreadText(file, read, io.t));
  const list: CheckList = parseCheckList(read.bytes.toString('utf8'));
  if (!list.ok) throw new UsageError(io.t('check.bad-line', { file, line: list.line, text: list.text }));
  return list.items;
}

async function fromProject(folder: string, io: CliIo): Promise<readonly CheckItem[]> {
  const read = await readProject(join(folder.startsWith('/') ? '' : io.folder, folder));
  if (!read.ok) throw new UsageError(problemText(io.t, read.problem));
  return selectedModules(read.project).map(({ path, version }) => ({
    module: { path, version },
    isCritical: true,
    expectedMs: null,
  }));
}

type FoundGo = Extract<GoState, { state: 'found' }>;

async function downloadAll(
  items: readonly CheckItem[],
  args: CheckArguments,
  { effective }: FoundGo,
  { core, settings }: Stores,
  io: CliIo,
  clock: Clock,
): Promise<readonly CheckRow[]> {
  // Not by the pool, which holds canaries back for the sake of probes that run at the same time: there are none here.
  const slots = limiter(Math.max(1, Math.min(MAX_PARALLEL, Math.round(args.parallel ?? 4))));
  const hosts = routeHosts(effective, io.env);
  const { network } = settings.monitor;
  let done = 0;
  const progress = (row: CheckRow) => {
    done += 1;
    if (io.showsProgress) io.error(`${CLEAR_LINE}${io.t('check.progress', { done, count: items.length })}`);
    else if (row.status !== 'healthy') io.error(`${rowText(row, io)}\n`);
  };
  const rows = await Promise.all(
    items.map((item) =>
      slots(async () => {
        if (io.signal.aborted) return cancelled(item);
        const endpoint = endpointOf(item, args);
        const request = { endpoint, depth: 'full' as const, limits: DEFAULT_LIMITS, network };
        const result = await probeModule(request, { clock, signal: io.signal }, core.canaryTools);
        const row = rowOf(item, result, hosts);
        progress(row);
        return row;
      }),
    ),
  );
  if (io.showsProgress) io.error(CLEAR_LINE);
  return rows;
}

function endpointOf({ module, expectedMs }: CheckItem, { timeout, expect }: CheckArguments): Endpoint {
  const id = `${module.path}@${module.version}`;
  const hardMs = (timeout ?? 60) * 1_000;
  const softMs = Math.min(expectedMs ?? (expect ?? 10) * 1_000, hardMs);
  const limits = { soft: { totalMs: softMs }, hard: { totalMs: hardMs } };
  return { id, kind: 'module', name: id, url: `module://${id}`, module, limits };
}

function cancelled(item: CheckItem): CheckRow {
  return { item, status: 'cancelled', durationMs: null, cause: null, message: '', side: null };
}

function rowOf(item: CheckItem, result: ProbeResult, hosts: ReadonlySet<string>): CheckRow {
  if (result.outcome === 'cancelled') return cancelled(item);
  const { totalMs } = result;
  if (result.outcome === 'ok') {
    const status = result.slow.length > 0 ? 'slow' : 'healthy';
    return { item, status, durationMs: totalMs, cause: null, message: '', side: null };
  }
  const { cause, message = '' } = result.failure;
  const findings = explain(message);
  const { side, ground } = judge({ findings, codeLine: null, routeHosts: hosts });
  // A download that was stopped has said nothing that can be read: the limit itself is the finding.
  const isHung = ground === 'silent' && cause === 'response-timeout';
  return { item, status: 'failed', durationMs: totalMs, cause, message, side: isHung ? 'infrastructure' : side };
}
