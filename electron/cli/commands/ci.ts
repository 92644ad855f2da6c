import { redactUrl } from '../../../shared/domain/goproxy-list.ts';
import { hostAndPortOf } from '../../../shared/domain/host.ts';
import type { GoVariables } from '../../../shared/domain/profile.ts';
import { formatDuration } from '../../../shared/messages/format.ts';
import { causeShort } from '../../../shared/messages/messages.ts';
import { type RouteView, runStep, type Step, type StepEvent, type StepResult } from '../../ci/step.ts';
import { openGateway } from '../../composition/gateway.ts';
import { gatewayAddress } from '../../composition/gateway-settings.ts';
import { patternEnvironment } from '../../gateway/private-modules.ts';
import { goproxyOf } from '../../profile/gateway-profile.ts';
import type { Clock } from '../../system/clock.ts';
import type { Env } from '../../system/files.ts';
import { annotationText, ciJson, levelOf, summaryText, type WhenDown } from '../ci-report.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { gatewaySettings } from '../gateway-options.ts';
import { measureEntries } from '../measured-entries.ts';
import { proxiesOf, routeHosts } from '../route-hosts.ts';
import { openStores, type Stores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { writeReport } from '../write-report.ts';
import type { CiArguments } from './ci.command.ts';

const DEFAULT_COMMAND = ['go', 'mod', 'download'] as const;
const WHEN_DOWN: readonly WhenDown[] = ['fail', 'warn', 'skip'];

/** 0 passed; 1 your code, or the command cannot be run; 75 infrastructure, unless `--when-down` says otherwise. */
export async function ciCommand(args: CiArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const whenDown = WHEN_DOWN.find((one) => one === args.whenDown);
  if (whenDown === undefined) throw new UsageError(io.t('ci.bad-when-down', { value: args.whenDown }));
  const stores = await openStores(io, clock);
  const variables = await goVariables(stores);
  const result = await runStep(await stepOf(args, variables, io, clock), {
    runner: stores.core.runner,
    clock,
    signal: io.signal,
    random: Math.random,
    pass: io.pass,
    probeRoute: () => probeRoute(variables, stores, io),
    onEvent: (event) => io.error(`${io.style('dim', `gopherbar: ${eventText(event, io)}`)}\n`),
  });
  const code = exitCodeOf(result, whenDown);
  await tell(result, code, whenDown, args, io);
  return code;
}

function exitCodeOf({ outcome }: StepResult, whenDown: WhenDown): ExitCode {
  switch (outcome) {
    case 'passed':
      return EXIT.ok;
    case 'interrupted':
      return EXIT.interrupted;
    case 'infrastructure':
      return whenDown === 'fail' ? EXIT.infrastructure : EXIT.ok;
    default:
      return EXIT.finding;
  }
}

async function tell(result: StepResult, code: ExitCode, whenDown: WhenDown, args: CiArguments, io: CliIo) {
  const level = levelOf(result, whenDown);
  if (level !== null) io.error(annotationText(result, level, io));
  const json = () => `${JSON.stringify(ciJson(result, code, io.t))}\n`;
  const summary = args.summary ?? io.env.GITHUB_STEP_SUMMARY ?? '';
  if (summary !== '' && level !== null) await writeReport(summary, summaryText(result, io.t), io, 'a');
  const { report } = args;
  if (report !== undefined) await writeReport(report, json(), io);
  if (args.json === true) io.out(json());
}

async function stepOf(args: CiArguments, variables: GoVariables, io: CliIo, clock: Clock): Promise<Step> {
  const [file, ...rest] = args.command.length === 0 ? DEFAULT_COMMAND : args.command;
  return {
    command: [file ?? DEFAULT_COMMAND[0], ...rest],
    env: args.gateway === true ? await withGateway(variables, io, clock) : io.env,
    folder: io.folder,
    retries: Math.round(Number(args.retries)),
    budgetMs: Number(args.budget) * 1_000,
    timeoutMs: args.timeout === undefined ? null : args.timeout * 1_000,
    waitVisibleMs: readDuration(args.waitVisible, io),
    routeHosts: routeHosts(variables, io.env),
  };
}

/** `90`, `90s`, `5m` or `1h`, in ms. */
function readDuration(text: string | undefined, io: CliIo): number {
  if (text === undefined) return 0;
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  if (number === '') throw new UsageError(io.t('ci.bad-duration', { value: text }));
  return Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}

/** What is in force; empty when there is no working `go`: the command itself will say so. */
async function goVariables({ go }: Stores): Promise<GoVariables> {
  const state = await go.read();
  return state.state === 'found' ? state.effective : {};
}

/** The command's environment with a gateway in front of the proxies that are in force, until the command line ends. */
async function withGateway(variables: GoVariables, io: CliIo, clock: Clock): Promise<Env> {
  const upstream = proxiesOf(variables);
  const settings = await gatewaySettings(upstream.length === 0 ? {} : { upstream }, io, clock);
  const gateway = await openGateway(settings, () => {}, io.env, clock);
  io.atEnd(() => gateway.close());
  const listening = await gateway.listen(0);
  if (!listening.ok) throw new Error(listening.message);
  const goproxy = goproxyOf(gatewayAddress(listening.port), settings.cooldown.days);
  return { ...io.env, GOPROXY: goproxy, ...patternEnvironment(settings.patterns) };
}

/** One light request to each proxy of the list; no module of the project is named. */
async function probeRoute(variables: GoVariables, stores: Stores, io: CliIo): Promise<readonly RouteView[]> {
  const urls = proxiesOf(variables);
  const viewOf = await measureEntries([variables.GOPROXY ?? ''], stores, io);
  return urls.flatMap((url) => {
    const view = viewOf(url);
    if (view === null) return [];
    const { status, cause, latencyMs } = view;
    const host = hostAndPortOf(url) ?? url;
    return [
      { url: redactUrl(url), host, status: status === 'down' ? ('down' as const) : ('up' as const), cause, latencyMs },
    ];
  });
}

function eventText(event: StepEvent, { t }: CliIo): string {
  switch (event.event) {
    case 'retry': {
      const { retry, retries, waitMs, finding } = event;
      const cause = finding === null ? t('ci.ground-hung') : causeShort(t, finding.cause);
      return t('ci.retry', { retry, retries, wait: formatDuration(waitMs, t), cause });
    }
    case 'still-down':
      return t('ci.still-down', {
        host: event.host,
        cause: event.cause === null ? t('ci.ground-unknown') : causeShort(t, event.cause),
      });
    case 'not-visible':
      return t('ci.not-visible', { wait: formatDuration(event.waitMs, t) });
  }
}
