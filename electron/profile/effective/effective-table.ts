/** The truth table: reads every layer of every context, and finally what the real `go` reports. */
import { isAbsolute, join } from 'node:path';
import {
  CONTEXT_IDS,
  type ContextId,
  EFFECTIVE_NAMES,
  type EffectiveContext,
  type EffectiveTable,
  type InstalledGo,
  type Place,
} from '../../../shared/domain/effective.ts';
import { redactUrls } from '../../../shared/domain/goproxy-list.ts';
import { unknownTo } from '../../../shared/domain/profile.ts';
import { emptyFolder } from '../../system/empty-folder.ts';
import type { Env } from '../../system/files.ts';
import type { ProcessRunner } from '../../system/process-runner.ts';
import { readTextIfRegular } from '../../system/read-file.ts';
import type { EffectivePorts } from './effective-ports.ts';
import { goInPath, installedGos } from './installed-gos.ts';
import { guiEnvironment } from './launchctl.ts';
import { projectGo } from './project-go.ts';
import { type EnvFileText, resolveValue } from './resolve.ts';
import { shellEnvironment, shellOf } from './shell-environment.ts';

interface Looked {
  readonly id: ContextId;
  readonly shell: string | null;
  readonly problem: EffectiveContext['problem'];
  readonly env: Env;
  readonly places: ReadonlyMap<string, Place>;
}

const NOWHERE: ReadonlyMap<string, Place> = new Map();

/** Reads everything; takes as long as starting the user's shell twice. Never rejects because of a broken shell. */
export async function effectiveTable(ports: EffectivePorts): Promise<EffectiveTable> {
  const gui = await guiEnvironment(ports);
  const looked = await Promise.all(CONTEXT_IDS.map((id) => lookAt(id, ports, gui)));
  const gos = await installedGos(
    ports.runner,
    ports.env,
    looked.map(({ env }) => env.PATH),
  );
  const contexts = await Promise.all(looked.map((one) => judge(one, gos, ports)));
  return { contexts, gos, project: await projectGo(ports.folder) };
}

async function lookAt(id: ContextId, ports: EffectivePorts, gui: Env | null): Promise<Looked> {
  const { env } = ports;
  if (id === 'app') return { id, shell: null, problem: null, env, places: NOWHERE };
  if (id === 'gui') {
    const places = new Map(EFFECTIVE_NAMES.map((name) => [name, { file: 'launchctl', line: null }]));
    return gui === null
      ? { id, shell: null, problem: 'not-here', env: {}, places }
      : { id, shell: null, problem: null, env: { ...personOf(env), ...gui }, places };
  }
  const shell = shellOf(env);
  if (shell === null) return { id, shell, problem: 'no-shell', env: {}, places: NOWHERE };
  const base = { ...personOf(env), SHELL: shell, ...gui };
  const seen = await shellEnvironment(ports.runner, base, shell, id === 'interactive-shell', EFFECTIVE_NAMES);
  if (seen === null) return { id, shell, problem: 'shell-silent', env: {}, places: NOWHERE };
  return { id, shell, problem: null, ...seen };
}

/** The environment of launchd, without anything that our own process was started with. */
function personOf({ HOME, USER, LOGNAME }: Env): Env {
  return { HOME, USER, LOGNAME, LANG: 'C.UTF-8', PATH: '/usr/bin:/bin:/usr/sbin:/sbin' };
}

async function judge(looked: Looked, gos: readonly InstalledGo[], ports: EffectivePorts): Promise<EffectiveContext> {
  const { id, shell, problem, env, places } = looked;
  if (problem !== null) return { id, shell, problem, go: null, values: [] };
  const go = await goInPath(env.PATH, gos);
  // A context without a `go` of its own gets what the first `go` found would use.
  const asked = go ?? gos[0] ?? null;
  const said = asked === null ? null : await ask(asked, env, ports.runner);
  const envFile = await envFileOf(said?.GOENV ?? env.GOENV ?? '');
  const goroot = said === null ? null : await textOf(join(said.GOROOT ?? '', 'go.env'));
  const unknown = asked === null ? [] : unknownTo(asked.version);
  const facts = { id, env, places, envFile, goroot, unknown, said };
  return { id, shell, problem, go, values: EFFECTIVE_NAMES.map((name) => resolveValue(name, facts)) };
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
  return { ...table, contexts };
}
