/** `gopherbar verify MODULE@VERSION`: after a SECURITY ERROR: which copy is wrong, with the evidence. */
import { join } from 'node:path';
import { DEFAULT_LIMITS, parseModuleVersion } from '../../../shared/domain/endpoint.ts';
import { isProxyEntry, parseGoproxyList } from '../../../shared/domain/goproxy-list.ts';
import { isModuleVersion } from '../../../shared/domain/module-path.ts';
import { isPrivateModule, skipsChecksums } from '../../../shared/domain/private-modules.ts';
import { causeShort } from '../../../shared/messages/messages.ts';
import { type Arbitrated, arbitrate } from '../../arbiter/arbiter.ts';
import { hashInGoSum } from '../../arbiter/judge-hashes.ts';
import { openHttpClient } from '../../composition/http-client.ts';
import type { Clock } from '../../system/clock.ts';
import { readRegularFile } from '../../system/read-file.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { unreadText } from '../unread-text.ts';
import { UsageError } from '../usage-error.ts';
import type { VerifyArguments } from './verify.command.ts';

/** Limit of copies that are fetched. */
const MAX_SOURCES = 6;

/** The largest known go.sum files have some megabytes. */
const MAX_SUM_BYTES = 64_000_000;

/** Arbitrates; exit 1 unless all agree. Throws UsageError for anything but a module version. */
export async function verifyCommand(args: VerifyArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const text = args.module;
  const module = parseModuleVersion(text);
  if (module === null || !isModuleVersion(module)) throw new UsageError(io.t('cli.bad-module', { module: text }));
  const { core, settings, go } = await openStores(io, clock);
  const state = await go.read();
  if (state.state !== 'found') {
    if (state.state !== 'detecting') reportProblem(io, state.problem);
    return EXIT.finding;
  }
  if (args.evenPrivate !== true && isPrivateModule(module.path, state.effective)) {
    reportError(io, io.t('cli.private-module', { module: module.path }));
    return EXIT.finding;
  }
  const goSumText = await readGoSum(args.goSum, io);
  const lists = [
    state.effective.GOPROXY ?? '',
    ...settings.monitor.endpoints.filter(({ kind }) => kind === 'goproxy').map(({ url }) => url),
  ];
  const proxies = lists.flatMap((list) =>
    parseGoproxyList(list)
      .filter(isProxyEntry)
      .map(({ value }) => value),
  );
  const sources = [...new Set(proxies)].slice(0, MAX_SOURCES);
  if (io.showsProgress)
    io.error(`${io.style('dim', io.t('verify.fetching', { module: text, count: sources.length }))}\n`);
  const asksDatabase = args.evenPrivate === true || !skipsChecksums(module.path, state.effective);
  const client = openHttpClient(settings.monitor.network, DEFAULT_LIMITS, clock);
  const done = await arbitrate({
    module,
    goSum: goSumText === null ? null : hashInGoSum(goSumText, module),
    gosumdb: asksDatabase ? (state.effective.GOSUMDB ?? '') : null,
    sources: args.direct === true ? [...sources, 'direct'] : sources,
    pool: await core.pool(),
    client,
    limits: DEFAULT_LIMITS,
    network: settings.monitor.network,
    signal: io.signal,
  });
  await client.close();
  if (io.signal.aborted) return EXIT.interrupted;
  io.out(args.json === true ? `${JSON.stringify({ schema: 1, ...done }, null, 2)}\n` : rendered(done, io));
  return done.verdict === 'all-agree' || (done.verdict === 'no-record-copies-agree' && done.wrong.length === 0)
    ? EXIT.ok
    : EXIT.finding;
}

function whyNoRecord(record: Arbitrated['record'], { t }: CliIo): string {
  if (record.ok) return '';
  return record.cause === null ? t('verify.not-asked') : causeShort(t, record.cause);
}

/** The given one, else that of this folder, else none. */
async function readGoSum(file: string | undefined, { folder, t }: CliIo): Promise<string | null> {
  const path = file ?? join(folder, 'go.sum');
  const read = await readRegularFile(path, MAX_SUM_BYTES);
  if (read.ok) return read.bytes.toString('utf8');
  if (file === undefined && read.why === 'missing') return null;
  throw new UsageError(unreadText(path, read, t));
}

function rendered({ module, verdict, wrong, goSum, record, copies }: Arbitrated, io: CliIo): string {
  const { t, style } = io;
  const isWell = verdict === 'all-agree';
  const row = (name: string, hash: string | null, why: string) =>
    `  ${wrong.includes(name) ? style('red', '✗') : hash === null ? style('dim', '–') : style('green', '✓')} ${name}  ${hash ?? style('dim', why)}`;
  const lines = [
    style('bold', module),
    row(t('verify.record'), record.ok ? record.hash : null, whyNoRecord(record, io)),
    ...copies.map(({ from, hash, cause }) => row(from, hash, cause === null ? '' : causeShort(t, cause))),
    row('go.sum', goSum, t('verify.no-line')),
    '',
    style([isWell ? 'green' : 'red', 'bold'], t(`verify.${verdict}`)),
    t(`verify.${verdict}-advice`),
  ];
  return `${lines.join('\n')}\n`;
}
