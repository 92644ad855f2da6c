/** `gopherbar why MODULE`: how `go` would resolve a module now, entry by entry, with a real request to each. */
import { DEFAULT_LIMITS, parseModuleVersion } from '../../../shared/domain/endpoint.ts';
import { isProxyEntry, parseGoproxyList } from '../../../shared/domain/goproxy-list.ts';
import { isModuleVersion } from '../../../shared/domain/module-path.ts';
import { isPrivateModule, skipsProxies } from '../../../shared/domain/private-modules.ts';
import { redactDeep } from '../../../shared/domain/secrets.ts';
import type { Walk } from '../../../shared/domain/verdict.ts';
import { causeShort } from '../../../shared/messages/messages.ts';
import { openHttpClient } from '../../composition/http-client.ts';
import { listVersions } from '../../probe/list-versions.ts';
import type { Clock } from '../../system/clock.ts';
import { variablesUnder } from '../../verdict/routes.ts';
import { type EntryView, reportedStep, type ViewOf, walkModule } from '../../verdict/walk.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findProfile } from '../find-profile.ts';
import { measureEntries, unlisted } from '../measured-entries.ts';
import { reportProblem } from '../report.ts';
import { openStores, type Stores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { WhyArguments } from './why.command.ts';

/** Walks the current list, or a profile's; exit 1 when it stops. Throws UsageError for anything but a module. */
export async function whyCommand(args: WhyArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { module } = args;
  const { path, version } = parseModuleVersion(module) ?? { path: module, version: null };
  if (!isModuleVersion({ path, version: 'v0.0.0' })) throw new UsageError(io.t('cli.bad-module-path', { module }));
  const stores = await openStores(io, clock);
  const state = await stores.go.read();
  if (state.state !== 'found') {
    if (state.state !== 'detecting') reportProblem(io, state.problem);
    return EXIT.finding;
  }
  const profile = args.profile === undefined ? null : findProfile(stores.settings.profiles, args.profile, io);
  const variables = profile === null ? state.effective : variablesUnder(profile, state.effective);
  const { GOPROXY = '', GONOPROXY = '' } = variables;
  const isPrivate = skipsProxies(path, variables);
  // A profile may name public proxies and no GOPRIVATE: what is private now must not be asked of them.
  const isKept = isPrivate || (profile !== null && isPrivateModule(path, state.effective));
  const viewOf = await presence({ path, version }, isKept ? null : GOPROXY, stores, io, clock);
  if (io.signal.aborted) return EXIT.interrupted;
  const walk = walkModule({ goproxy: GOPROXY, gonoproxy: GONOPROXY }, path, viewOf);
  const answer = { module: path, version, profile: profile?.id ?? null, private: isPrivate, goproxy: GOPROXY };
  if (args.json === true) io.out(`${JSON.stringify({ schema: 1, ...redactDeep({ ...answer, walk }) }, null, 2)}\n`);
  else {
    io.out(renderWalk(path, walk, isPrivate, io));
    if (isKept && !isPrivate) io.out(`${io.style('yellow', io.t('walk.not-asked'))}\n`);
  }
  return walk.outcome === 'stops' || (isKept && !isPrivate) ? EXIT.finding : EXIT.ok;
}

/**
 * The response of each entry: it has the module, it does not, or it fails; for `direct` its discovery page. Without a
 * list
 * no proxy is asked.
 */
async function presence(
  module: { readonly path: string; readonly version: string | null },
  list: string | null,
  stores: Stores,
  io: CliIo,
  clock: Clock,
): Promise<ViewOf> {
  const { network, limits } = stores.settings.monitor;
  const health = await measureEntries(list === null ? [] : [list], stores, io);
  const client = openHttpClient(network, DEFAULT_LIMITS, clock);
  const views = new Map<string, EntryView | null>();
  const proxies = parseGoproxyList(list ?? '').filter(isProxyEntry);
  await Promise.all(
    proxies.map(async ({ value }) => {
      const view = health(value);
      views.set(value, view);
      if (view === null || view.status === 'down') return;
      const listing = await listVersions(unlisted(value), module.path, client, io.signal);
      const has =
        module.version === null || listing.versions === null
          ? listing.latest !== null || (listing.versions?.length ?? 0) > 0
          : listing.versions.includes(module.version) || /-\d{14}-[0-9a-f]{12}$/.test(module.version);
      if (has) return;
      const cause = listing.refused === true ? 'module-blocked' : 'module-not-found';
      views.set(value, { ...view, status: 'down', cause, ofThisModule: true });
    }),
  );
  await client.close();
  const url = `https://${module.path}`;
  const source = { id: 'direct', kind: 'vcs' as const, name: module.path, url };
  const pool = await stores.core.pool();
  const result = await pool.probe({ endpoint: source, depth: 'light', limits, network }, io.signal);
  const direct: EntryView | null =
    result.outcome === 'cancelled'
      ? null
      : {
          endpointId: 'direct',
          status: result.outcome === 'ok' ? 'up' : 'down',
          cause: result.outcome === 'ok' ? null : result.failure.cause,
          latencyMs: result.outcome === 'ok' ? result.totalMs : null,
        };
  return (value) => (value === 'direct' ? direct : (views.get(value) ?? null));
}

function renderWalk(module: string, walk: Walk, isPrivate: boolean, io: CliIo): string {
  const { t, style } = io;
  const said = reportedStep(walk);
  const lines = walk.steps.map(({ text, separator, action, cause }, i) => {
    const mark = MARKS[action];
    const why = cause === null ? '' : ` — ${causeShort(t, cause)}`;
    const words = `${t(`walk.${action}`)}${why}${i === said ? ` ${style('dim', t('walk.printed'))}` : ''}`;
    const after = separator === null ? ' ' : separator;
    return `  ${style(mark.style, mark.sign)} ${text} ${style('bold', after)}  ${words}\n`;
  });
  const head = `${style('bold', module)}${isPrivate ? `  ${style('dim', t('walk.private'))}` : ''}\n`;
  return `${head}${lines.join('')}${t(`walk.outcome-${walk.outcome}`, { entry: (walk.endsAt ?? 0) + 1 })}\n`;
}

const MARKS = {
  answers: { sign: '●', style: 'green' },
  'fails-over': { sign: '↓', style: 'yellow' },
  stops: { sign: '✗', style: 'red' },
  'not-reached': { sign: '·', style: 'dim' },
} as const;
