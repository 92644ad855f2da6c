/** `gopherbar canary MODULE@VERSION…`: a real `go mod download` of each into an empty cache, with a chosen profile. */
import type { Endpoint } from '../../../shared/domain/endpoint.ts';
import { DEFAULT_LIMITS, parseModuleVersion } from '../../../shared/domain/endpoint.ts';
import { tellsMore } from '../../../shared/domain/private-modules.ts';
import type { Profile } from '../../../shared/domain/profile.ts';
import type { ProbeResult } from '../../../shared/domain/result.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import type { Clock } from '../../system/clock.ts';
import { variablesUnder } from '../../verdict/routes.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { findProfile } from '../find-profile.ts';
import { probeJson } from '../probe-json.ts';
import { renderProbe } from '../render-probe.ts';
import { reportError, reportProblem } from '../report.ts';
import { openStores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import type { CanaryArguments } from './canary.command.ts';

/** Downloads every module; exit 1 when one cannot be. */
export async function canaryCommand(args: CanaryArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { core, settings } = await openStores(io, clock);
  const profile = args.profile === undefined ? undefined : findProfile(settings.profiles, args.profile, io);
  if (profile !== undefined) {
    const program = core.go.unallowedProgram(profile);
    if (program !== null) {
      reportProblem(io, { key: 'runs-program', params: { program, profile: profile.id } });
      return EXIT.finding;
    }
    const secret = secretUnder(profile, args.modules, await core.go.read());
    if (secret !== undefined) {
      reportError(io, io.t('cli.private-under-profile', { module: secret, profile: profile.id }));
      return EXIT.finding;
    }
  }
  const endpoints = args.modules.map((text) => endpointOf(text, profile, args.timeout, io));
  const pool = await core.pool();
  const network = settings.monitor.network;
  const results = await Promise.all(
    endpoints.map((endpoint) => pool.probe({ endpoint, depth: 'full', limits: DEFAULT_LIMITS, network }, io.signal)),
  );
  io.out(args.json ? `${JSON.stringify(asJson(results), null, 2)}\n` : rendered(results, io));
  if (results.some(({ outcome }) => outcome === 'cancelled')) return EXIT.interrupted;
  return results.every(({ outcome }) => outcome === 'ok') ? EXIT.ok : EXIT.finding;
}

/** The first private module whose path the profile would give away. */
function secretUnder(profile: Profile, modules: readonly string[], state: GoState): string | undefined {
  if (state.state !== 'found') return undefined;
  const { effective } = state;
  const paths = modules.map((text) => parseModuleVersion(text)?.path ?? text);
  return paths.find((path) => tellsMore(path, effective, variablesUnder(profile, effective)));
}

function endpointOf(text: string, profile: Profile | undefined, seconds: number | undefined, { t }: CliIo): Endpoint {
  const module = parseModuleVersion(text);
  if (module === null) throw new UsageError(t('cli.bad-module', { module: text }));
  return {
    id: text,
    kind: 'module',
    name: text,
    url: `module://${text}`,
    module,
    variables: profile?.variables,
    limits: seconds === undefined ? undefined : { hard: { totalMs: seconds * 1_000 } },
  };
}

/** One module: its result as `probe --json` prints it; several: a list of them. */
function asJson(results: readonly ProbeResult[]) {
  const [only, ...more] = results.map(probeJson);
  return more.length === 0 ? only : { schema: 1, results: [only, ...more] };
}

function rendered(results: readonly ProbeResult[], io: CliIo): string {
  const texts = results.map((result) => renderProbe(result, io));
  const ok = results.filter(({ outcome }) => outcome === 'ok').length;
  if (results.length > 1) texts.push(`${io.t('cli.canary-summary', { ok, count: results.length })}\n`);
  return texts.join('\n');
}
