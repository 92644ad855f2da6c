/** `gopherbar prefetch [FOLDER]`: all that a project needs into the gateway's cache, verified, so that it builds offline. */
import { resolve } from 'node:path';
import { openGateway } from '../../composition/gateway.ts';
import { neededOffline } from '../../composition/offline.ts';
import { prefetch } from '../../gateway/prefetch.ts';
import { readProject } from '../../profile/preflight/project.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { gatewaySettings } from '../gateway-options.ts';
import { reportProblem } from '../report.ts';
import { oneLine } from '../text-width.ts';
import type { PrefetchArguments } from './prefetch.command.ts';

const SHOWN_MISSING = 10;

/** Exit 1 when something is missing; what was fetched stays, and the next run goes on from there. */
export async function prefetchCommand(args: PrefetchArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const read = await readProject(resolve(io.folder, args.folder ?? '.'));
  if (!read.ok) {
    reportProblem(io, read.problem);
    return EXIT.finding;
  }
  const { project } = read;
  const settings = await gatewaySettings(args, io, clock);
  const gateway = await openGateway(settings, () => {}, io.env, clock);
  // Ctrl-C ends the downloads as well; what they had is fetched again next time.
  const stop = () => void gateway.close();
  io.signal.addEventListener('abort', stop);
  const report = await prefetch(neededOffline(project, settings.asking.version), {
    fetch: async (route) => {
      const answer = await gateway.answer(route);
      if (!('file' in answer)) return { ok: false, reason: answer.text };
      return { ok: true, bytes: answer.file.bytes, cached: answer.cached };
    },
    signal: io.signal,
    onProgress: (done, of) => {
      if (io.showsProgress) io.error(`\r${io.t('cli.prefetch-progress', { done, of })}`);
    },
  });
  io.signal.removeEventListener('abort', stop);
  await gateway.close();
  if (io.showsProgress) io.error('\n');
  if (args.json === true) io.out(`${JSON.stringify({ schema: 1, file: project.file, ...report }, null, 2)}\n`);
  else {
    const { missing, fetched, bytes } = report;
    io.out(`${io.t('cli.prefetch-fetched', { fetched, megabytes: (bytes / 1_000_000).toFixed(1) })}\n`);
    io.out(`${io.t('cli.prefetch-offline', { missing: missing.length })}\n`);
    for (const { module, reason } of missing.slice(0, SHOWN_MISSING)) io.out(`  ${module}  ${oneLine(reason)}\n`);
  }
  if (io.signal.aborted) return EXIT.interrupted;
  return report.missing.length === 0 ? EXIT.ok : EXIT.finding;
}
