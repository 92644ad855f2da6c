/** `gopherbar prefetch [FOLDER]`: all that a project needs into the gateway's cache, verified, so that it builds offline. */
import { resolve } from 'node:path';
import type { NeededModule } from '../../../shared/domain/preflight.ts';
import { formatBytes } from '../../../shared/messages/gateway-text.ts';
import { type OpenGateway, openGateway } from '../../composition/gateway.ts';
import { neededOffline } from '../../composition/offline.ts';
import { GOPLS, neededByTool } from '../../composition/tool-needs.ts';
import type { Fetched, PrefetchPlan, PrefetchReport } from '../../gateway/prefetch.ts';
import { Prefetch } from '../../gateway/prefetch.ts';
import type { ModuleRoute } from '../../gateway/route.ts';
import { type Project, readProject } from '../../profile/preflight/project.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { gatewaySettings } from '../gateway-options.ts';
import { reportProblem } from '../report.ts';
import { oneLine } from '../text-width.ts';
import type { PrefetchArguments } from './prefetch.command.ts';

const SHOWN_MISSING = 10;
/** Back to the start of the line, and all of it deleted. */
const NEW_LINE = '\r\u001b[2K';

/** Exit 1 when something is missing; what was fetched stays, and the next run goes on from there. */
export async function prefetchCommand(args: PrefetchArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const read = await readProject(resolve(io.folder, args.folder ?? '.'));
  // Outside of a project --gopls alone is a task.
  if (!read.ok && (args.gopls !== true || args.folder !== undefined || read.problem.key !== 'no-project')) {
    reportProblem(io, read.problem);
    return EXIT.finding;
  }
  const project = read.ok ? read.project : null;
  const settings = await gatewaySettings(args, io, clock);
  let show = () => {};
  const gateway = await openGateway(settings, ({ event }) => event === 'progress' && show(), io.env, clock);
  // Ctrl-C ends the downloads as well: a file that was not complete is fetched again next time.
  const stop = () => void gateway.close();
  io.signal.addEventListener('abort', stop);
  if (io.showsProgress) io.error(io.t('cli.prefetch-sizes'));
  const { needed, unknown } = await needs(gateway, project, args.gopls === true, settings.asking.version);
  const run = new Prefetch(needed, {
    size: (route) => gateway.size(route, io.signal),
    fetch: (route) => fetchInto(gateway, route),
    transfers: () => gateway.activity().transfers,
    signal: io.signal,
    onPlan: (plan) => {
      if (io.showsProgress) io.error(NEW_LINE);
      if (args.json !== true) io.out(`${planText(plan, io)}\n`);
    },
    onFile: () => show(),
  });
  if (io.showsProgress) {
    show = () => {
      const { received, total, done, of } = run.progress();
      const params = { received: formatBytes(received), total: formatBytes(total), done, of };
      io.error(`${NEW_LINE}${io.t('cli.prefetch-progress', params)}`);
    };
  }
  const ran = await run.run();
  show = () => {};
  io.signal.removeEventListener('abort', stop);
  await gateway.close();
  if (io.showsProgress) io.error(NEW_LINE);
  const report = { ...ran, missing: [...unknown, ...ran.missing] };
  const isCancelled = io.signal.aborted;
  if (args.json === true) {
    io.out(
      `${JSON.stringify({ schema: 1, file: project?.file ?? null, cancelled: isCancelled, ...report }, null, 2)}\n`,
    );
  } else {
    showReport(report, isCancelled, io);
  }
  if (isCancelled) return EXIT.interrupted;
  return report.missing.length === 0 ? EXIT.ok : EXIT.finding;
}

/** What the project and the tool need; `unknown` = the tool, when its needs cannot be read. */
async function needs(gateway: OpenGateway, project: Project | null, gopls: boolean, own: string | null) {
  const ofProject = project === null ? [] : neededOffline(project, own);
  if (!gopls) return { needed: ofProject, unknown: [] };
  const tool = await neededByTool(gateway, GOPLS, own);
  if (!tool.ok) return { needed: ofProject, unknown: [{ module: `${GOPLS}@latest`, reason: tool.reason }] };
  return { needed: merged([...ofProject, ...tool.needed]), unknown: [] };
}

/** Of a module wanted twice the larger part. */
function merged(all: readonly NeededModule[]): readonly NeededModule[] {
  const kept = new Map<string, NeededModule>();
  for (const one of all) {
    const key = `${one.path}@${one.version}`;
    if (kept.get(key)?.part !== 'zip') kept.set(key, one);
  }
  return [...kept.values()];
}

async function fetchInto(gateway: OpenGateway, route: ModuleRoute): Promise<Fetched> {
  const answer = await gateway.answer(route);
  if (!('file' in answer)) return { ok: false, reason: answer.text };
  return { ok: true, bytes: answer.file.bytes, cached: answer.cached };
}

function planText({ modules, here, bytes, unsized }: PrefetchPlan, io: CliIo): string {
  const params = { modules, here, size: formatBytes(bytes), unsized };
  return io.t(unsized === 0 ? 'cli.prefetch-plan' : 'cli.prefetch-plan-least', params);
}

function showReport({ missing, fetched, fetchedBytes }: PrefetchReport, isCancelled: boolean, io: CliIo): void {
  io.out(`${io.t('cli.prefetch-fetched', { fetched, size: formatBytes(fetchedBytes) })}\n`);
  if (isCancelled) {
    io.out(`${io.t('cli.prefetch-cancelled')}\n`);
    return;
  }
  io.out(`${io.t('cli.prefetch-offline', { missing: missing.length })}\n`);
  for (const { module, reason } of missing.slice(0, SHOWN_MISSING)) io.out(`  ${module}  ${oneLine(reason)}\n`);
}
