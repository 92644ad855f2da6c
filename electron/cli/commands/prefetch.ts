/** `gopherbar prefetch [FOLDER]`: all that a project needs into the gateway's cache, verified, so that it builds offline. */
import { resolve } from 'node:path';
import type { NeededModule } from '../../../shared/domain/preflight.ts';
import { problemText } from '../../../shared/messages/messages.ts';
import { openGateway } from '../../composition/gateway.ts';
import { prefetch } from '../../gateway/prefetch.ts';
import { TOOLCHAIN } from '../../gateway/private-modules.ts';
import { compareGo, type Project, readProject } from '../../profile/preflight/project.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { gatewaySettings } from '../gateway-options.ts';
import { oneLine } from '../text-width.ts';
import type { PrefetchArguments } from './prefetch.command.ts';

const SHOWN_MISSING = 10;

/** Exit 1 when something is missing; what was fetched stays, and the next run goes on from there. */
export async function prefetchCommand(args: PrefetchArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const read = await readProject(resolve(io.folder, args.folder ?? '.'));
  if (!read.ok) {
    io.error(`gopherbar: ${problemText(io.t, read.problem)}\n`);
    return EXIT.finding;
  }
  const { project } = read;
  const settings = await gatewaySettings(args, io, clock);
  const gateway = await openGateway(settings, () => {}, io.env, clock);
  // Ctrl-C ends the downloads as well; what they had is fetched again next time.
  const stop = () => void gateway.close();
  io.signal.addEventListener('abort', stop);
  const report = await prefetch([...project.needed, ...toolchainOf(project, settings.asking.version)], {
    answer: (route) => gateway.answer(route),
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

/** The toolchain that `go` would fetch for this project (go.dev/doc/toolchain); none for one that is new enough. */
function toolchainOf({ go, toolchain }: Project, own: string | null): readonly NeededModule[] {
  const wanted = toolchain?.replace(/^go/, '') ?? go ?? '';
  const isRelease = /^1\.\d+(?:\.\d+|rc\d+)$/.test(wanted);
  if (own === null || !isRelease || compareGo(wanted, own.replace(/^go/, '')) <= 0) return [];
  const system = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  return [{ path: TOOLCHAIN, version: `v0.0.1-go${wanted}.${system}`, part: 'zip' }];
}
