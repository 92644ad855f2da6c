/** `gopherbar lint [DIR]`: risks in the settings of go and git and in a project's files; known vulnerabilities. */
import { DEFAULT_LIMITS } from '../../../shared/domain/endpoint.ts';
import { failed, type Outcome, succeeded } from '../../../shared/domain/outcome.ts';
import type { InForce } from '../../../shared/domain/profile.ts';
import type { GoState } from '../../../shared/domain/snapshot.ts';
import { isBlocking, PUBLIC_DATABASE, type Vulnerability } from '../../../shared/domain/vulnerability.ts';
import { lookUpIn, openHttpClient } from '../../composition/http-client.ts';
import { checkoutOf } from '../../gate/checkout.ts';
import { findVulnerabilities } from '../../gate/find-vulnerabilities.ts';
import { projectFindings, type SelectedPlace, selectedModules } from '../../gate/project-rules.ts';
import { openDatabase } from '../../gate/vulnerability-database.ts';
import { lint } from '../../profile/lint.ts';
import { moduleHost } from '../../profile/preflight/plan-fetches.ts';
import { privateHosts } from '../../profile/preflight/private-hosts.ts';
import { type Project, readProject } from '../../profile/preflight/project.ts';
import { readDockerfiles } from '../../profile/read-dockerfiles.ts';
import { readLintEnvironment } from '../../profile/read-lint-environment.ts';
import type { Clock } from '../../system/clock.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import {
  type LintReport,
  lintCodeQuality,
  lintJson,
  lintSarif,
  lintText,
  type PlacedVulnerability,
} from '../lint-report.ts';
import { measureEntries } from '../measured-entries.ts';
import { reportProblem } from '../report.ts';
import { openStores, type Stores } from '../stores.ts';
import { UsageError } from '../usage-error.ts';
import { writeReport } from '../write-report.ts';
import type { LintArguments } from './lint.command.ts';

/** Go's own default since 1.13 (cmd/go/internal/cfg). */
const DEFAULT_GOPROXY = 'https://proxy.golang.org,direct';

/**
 * Lints the effective settings and the project in the folder, if there is one. Known vulnerabilities are looked up when
 * they are asked for or GOVULNDB is set. Exit 1 on an error or warning, or on a blocking vulnerability.
 */
export async function lintCommand(args: LintArguments, io: CliIo, clock: Clock): Promise<ExitCode> {
  const { folder, json = false, sarif = false, strict = false } = args;
  if (json && sarif) throw new UsageError(io.t('cli.one-of', { options: '--json, --sarif' }));
  const stores = await openStores(io, clock);
  const state = await stores.go.read();
  if (state.state !== 'found') {
    if (state.state !== 'detecting') reportProblem(io, state.problem);
    return EXIT.finding;
  }
  const read = await readProject(folder ?? io.folder);
  if (!read.ok && (folder !== undefined || args.vulnerabilities === true)) {
    reportProblem(io, read.problem);
    return EXIT.finding;
  }
  const project = read.ok ? read.project : null;
  const found = await vulnerabilitiesOf(project, state.version, args, stores, io, clock);
  if (io.signal.aborted) return EXIT.interrupted;
  if (!found.ok) {
    reportProblem(io, found.problem);
    return EXIT.finding;
  }
  const report: LintReport = {
    settings: await settingsFindings(project, state, stores, io, clock),
    files: project === null ? [] : await fileFindings(project, state),
    vulnerabilities: found.value,
    state,
    strict,
  };
  if (io.signal.aborted) return EXIT.interrupted;
  if (args.codeQuality !== undefined) await writeReport(args.codeQuality, lintCodeQuality(report, io.t), io);
  io.out(json ? lintJson(report) : sarif ? lintSarif(report, io.t) : lintText(report, io));
  const fails =
    [...report.settings, ...report.files].some(({ severity }) => severity !== 'hint') ||
    (report.vulnerabilities ?? []).some((one) => isBlocking(one, strict));
  return fails ? EXIT.finding : EXIT.ok;
}

type FoundGo = Extract<GoState, { state: 'found' }>;

async function settingsFindings(project: Project | null, state: FoundGo, stores: Stores, io: CliIo, clock: Clock) {
  const hosts = project === null ? [] : project.needed.map(({ path }) => moduleHost(path));
  const found = await privateHosts(hosts, lookUpIn(stores.settings.monitor.network, clock, io.signal));
  return lint({
    variables: state.effective,
    git: state.git ?? [],
    viewOf: await measureEntries([state.effective.GOPROXY ?? ''], stores, io),
    uptimeOf: () => null,
    privateHosts: [...found],
    goLines:
      project === null ? null : { goLine: project.go, toolchainLine: project.toolchain, goVersion: state.version },
    ...(await readLintEnvironment(stores.go, io.env)),
  });
}

async function fileFindings(project: Project, { effective }: InForce) {
  return projectFindings({
    project,
    checkout: await checkoutOf(project.folder),
    dockerfiles: await readDockerfiles(project.folder),
    hasOwnProxy: (effective.GOPROXY ?? DEFAULT_GOPROXY) !== DEFAULT_GOPROXY,
  });
}

/** null = not looked up. */
async function vulnerabilitiesOf(
  project: Project | null,
  version: string,
  { vulnerabilities }: LintArguments,
  stores: Stores,
  io: CliIo,
  clock: Clock,
): Promise<Outcome<readonly PlacedVulnerability[] | null>> {
  const address = (io.env.GOVULNDB ?? '').trim();
  if (project === null || (vulnerabilities !== true && address === '')) return succeeded(null);
  if (address === 'off') return vulnerabilities === true ? failed('vulnerability-database-off') : succeeded(null);
  const http = openHttpClient(stores.settings.monitor.network, DEFAULT_LIMITS, clock);
  io.atEnd(() => http.close());
  const database = openDatabase(address === '' ? PUBLIC_DATABASE : address, http, io.signal);
  if (!database.ok) return database;
  const own = { version: version.replace(/^go/, ''), file: 'go.mod', line: null };
  const modules = [...selectedModules(project), { path: 'stdlib', ...own }, { path: 'toolchain', ...own }];
  if (io.showsProgress) io.error(`${io.t('lint.asking-database')}\n`);
  const found = await findVulnerabilities(modules, database.value);
  return found.ok ? succeeded(found.value.map((one) => ({ ...one, ...placeIn(modules, one) }))) : found;
}

function placeIn(modules: readonly SelectedPlace[], { module, version }: Vulnerability) {
  const found = modules.find((one) => one.path === module && one.version === version);
  return { file: found?.file ?? 'go.mod', line: found?.line ?? null };
}
