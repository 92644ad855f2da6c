/** The truth table: reads every layer of every context, and finally what the real `go` reports. */
import { dirname, isAbsolute, join } from 'node:path';
import {
  type ContextId,
  EFFECTIVE_NAMES,
  type EffectiveContext,
  type EffectiveTable,
  type EffectiveValue,
  type InstalledGo,
  isCompared,
  type Place,
  type ProjectGo,
  terminalOf,
  terminalValues,
} from '../../../shared/domain/effective.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { PROFILE_VARIABLES, type ProfileVariable, unknownTo } from '../../../shared/domain/profile.ts';
import { emptyFolder } from '../../system/empty-folder.ts';
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';
import { readTextIfRegular } from '../../system/read-file.ts';
import { type ContextPlaces, contextRemedy, differing } from './context-remedy.ts';
import type { EffectivePorts } from './effective-ports.ts';
import { imageBuilds, type WantedValues } from './image-builds.ts';
import { goInPath, installedGos } from './installed-gos.ts';
import { guiEnvironment } from './launchctl.ts';
import type { Looked } from './looked.ts';
import { otherContexts, ownDefaultsOf } from './other-contexts.ts';
import { projectGo } from './project-go.ts';
import { type EnvFileText, resolveValue } from './resolve.ts';
import { shellEnvironment, shellOf } from './shell-environment.ts';

const NOWHERE: ReadonlyMap<string, Place> = new Map();
/** Nothing but shells and apps is read for these. */
const OWN = { places: NOWHERE, sources: [] } as const;

/** Contexts whose environment comes from shells, apps and this process; the first that could be read is the terminal. */
const BASIC_IDS = ['interactive-shell', 'login-shell', 'gui', 'app'] as const satisfies readonly ContextId[];

/** Reads everything; takes as long as starting the user's shell twice. Never rejects because of a broken shell. */
export async function effectiveTable(ports: EffectivePorts): Promise<EffectiveTable> {
  const gui = await guiEnvironment(ports);
  const basic = await Promise.all(BASIC_IDS.map((id) => lookAt(id, ports, gui)));
  const terminalEnv = terminalOf(basic)?.env ?? ports.env;
  const looked = [...basic, ...(await otherContexts(ports, terminalEnv, gui))];
  const gos = await installedGos(
    ports.runner,
    ports.env,
    looked.map(({ env }) => env.PATH),
  );
  const judged = await Promise.all(looked.map((one) => judge(one, gos, ports)));
  const project = ports.folder === null ? null : await projectGo(ports.folder);
  const terminal = terminalValues(judged.map(({ context }) => context));
  return {
    contexts: judged.map(({ context, places }) => compared(context, places, terminal)),
    builds: await buildsOf(ports.folder, project, chosen(terminal), terminalEnv),
    gos,
    project,
  };
}

/** Of the project alone: below any other folder, such as the home, there is too much that is not meant. */
async function buildsOf(folder: string | null, project: ProjectGo | null, wanted: WantedValues, env: Env) {
  if (folder === null) return [];
  return imageBuilds(project === null ? folder : dirname(project.file), project !== null, wanted, env);
}

/** What someone set, as opposed to the defaults of this `go`. */
function chosen(values: readonly EffectiveValue[]): WantedValues {
  return Object.fromEntries(
    values.flatMap(({ name, value, layers: [winner] }) =>
      isProfileVariable(name) && (winner?.layer === 'environment' || winner?.layer === 'go-env-file')
        ? [[name, value]]
        : [],
    ),
  );
}

function isProfileVariable(name: string): name is ProfileVariable {
  return PROFILE_VARIABLES.some((one) => one === name);
}

function compared(
  context: EffectiveContext,
  places: ContextPlaces,
  terminal: readonly EffectiveValue[],
): EffectiveContext {
  if (!isCompared(context.id)) return context;
  // What cannot be read cannot be compared: how to pass the terminal's values is worth knowing all the same.
  const names = Object.keys(chosen(terminal)).filter(isProfileVariable);
  const differs = differing(context.values, terminal);
  const remedy = contextRemedy(context.problem === 'unreadable' ? names : differs, terminal, places);
  return { ...context, differs, remedy };
}

async function lookAt(id: (typeof BASIC_IDS)[number], ports: EffectivePorts, gui: Env | null): Promise<Looked> {
  const { env } = ports;
  if (id === 'app') return { ...OWN, id, shell: null, problem: null, env };
  if (id === 'gui') {
    const places = new Map(EFFECTIVE_NAMES.map((name) => [name, { file: 'launchctl', line: null }]));
    return gui === null
      ? { ...OWN, id, shell: null, problem: 'not-here', env: {} }
      : { ...OWN, id, shell: null, problem: null, env: { ...personOf(env), ...gui }, places };
  }
  const shell = shellOf(env);
  if (shell === null) return { ...OWN, id, shell, problem: 'no-shell', env: {} };
  const base = { ...personOf(env), SHELL: shell, ...gui };
  const seen = await shellEnvironment(ports.runner, base, shell, id === 'interactive-shell', EFFECTIVE_NAMES);
  if (seen === null) return { ...OWN, id, shell, problem: 'shell-silent', env: {} };
  return { ...OWN, id, shell, problem: null, ...seen };
}

/** The environment of launchd, without anything that our own process was started with. */
function personOf({ HOME, USER, LOGNAME }: Env): Env {
  return { HOME, USER, LOGNAME, LANG: 'C.UTF-8', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
}

interface Judged {
  readonly context: EffectiveContext;
  readonly places: ContextPlaces;
}

async function judge(looked: Looked, gos: readonly InstalledGo[], ports: EffectivePorts): Promise<Judged> {
  const { id, shell, problem, env, places, sources } = looked;
  const base = { id, shell, problem, sources, differs: [], remedy: null } as const;
  const at = { id, sources, go: 'go', ownDefaults: null };
  if (problem !== null) return { context: { ...base, go: null, values: [] }, places: at };
  const go = await goInPath(env.PATH, gos);
  // A context without a `go` of its own gets what the first `go` found would use.
  const asked = go ?? gos[0] ?? null;
  const said = asked === null ? null : await ask(asked, env, ports.runner);
  const envFile = await envFileOf(said?.GOENV ?? env.GOENV ?? '');
  const goroot = said === null ? null : await textOf(join(said.GOROOT ?? '', 'go.env'));
  const unknown = asked === null ? [] : unknownTo(asked.version);
  const facts = { id, env, places, envFile, goroot, unknown, said };
  const values = EFFECTIVE_NAMES.map((name) => resolveValue(name, facts));
  const ownDefaults = ownDefaultsOf(asked, said?.GOROOT);
  return { context: { ...base, go, values }, places: { ...at, go: asked?.path ?? 'go', ownDefaults } };
}

/** `go env -json` with that context's environment, in an empty folder and without downloading a toolchain. */
async function ask(go: InstalledGo, env: Env, runner: ProcessRunner): Promise<Record<string, string> | null> {
  try {
    const names = ['GOROOT', 'GOENV', ...EFFECTIVE_NAMES.filter((name) => name.startsWith('GO') && name !== 'GOENV')];
    const outcome = await runner.run({
      file: go.path,
      args: ['env', '-json', ...names],
      env: { ...env, GOTOOLCHAIN: 'local', GOFLAGS: '' },
      cwd: emptyFolder(),
      timeoutMs: 20_000,
    });
    if (outcome.ended !== 'exited' || outcome.exitCode !== 0) return null;
    return JSON.parse(outcome.stdout) as Record<string, string>;
  } catch {
    return null;
  }
}

async function envFileOf(path: string): Promise<EnvFileText | null> {
  return path === '' || path === 'off' || !isAbsolute(path) ? null : textOf(path);
}

/** An env file has a few lines; larger ones are not read. */
const MAX_ENV_FILE_BYTES = 1024 * 1024;

async function textOf(path: string): Promise<EnvFileText | null> {
  const text = await readTextIfRegular(path, MAX_ENV_FILE_BYTES);
  return text === null ? null : { path, text };
}

/** The table without passwords, safe to show and to paste into a report. */
export function redactTable(table: EffectiveTable): EffectiveTable {
  const contexts = table.contexts.map((context) => ({
    ...context,
    values: context.values.map((value) => ({
      ...value,
      value: redactUrls(value.value),
      layers: value.layers.map((layer) => ({ ...layer, value: redactUrls(layer.value) })),
    })),
  }));
  const builds = table.builds.map((build) => ({
    ...build,
    values: build.values.map((one) => ({
      ...one,
      wanted: redactUrls(one.wanted),
      value: one.value === null ? null : redactUrls(one.value),
    })),
  }));
  return { ...table, contexts, builds };
}
