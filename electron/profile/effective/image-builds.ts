/** What reaches `go` inside the images that a folder builds: Dockerfiles alone, and as Compose services build them. */
import { join, normalize, relative } from 'node:path';
import type { BuildValue, ImageBuild } from '../../../shared/domain/effective.ts';
import { PROFILE_VARIABLES, type ProfileVariable } from '../../../shared/domain/profile.ts';
import { hideSecrets } from '../../../shared/domain/secrets.ts';
import { type ShellCommand, shellCommand } from '../../../shared/domain/shell-command.ts';
import type { Env } from '../../system/files.ts';
import { readTextIfRegular } from '../../system/read-file.ts';
import { type GoStage, goStages } from '../dockerfile.ts';
import { type Dockerfile, readDockerfiles } from '../read-dockerfiles.ts';
import { type ComposeBuild, composeBuilds } from './compose.ts';

/** Names in the order in which Compose looks for them. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const MAX_COMPOSE_BYTES = 1024 * 1024;

/** Values of the terminal that were set by the person: what an image should use, too. */
export type WantedValues = Readonly<Partial<Record<ProfileVariable, string>>>;

/**
 * Reads the folder, and those below it when it is a project's. Nothing is wanted = nothing can be missing. `env` is that of
 * the terminal.
 */
export async function imageBuilds(
  folder: string,
  isProject: boolean,
  wanted: WantedValues,
  env: Env,
): Promise<readonly ImageBuild[]> {
  if (Object.keys(wanted).length === 0) return [];
  const [dockerfiles, compose] = await Promise.all([
    readDockerfiles(folder, isProject ? undefined : 0),
    readCompose(folder, env),
  ]);
  return judgeBuilds(dockerfiles, compose, wanted);
}

interface ComposeFile {
  readonly name: string;
  readonly builds: readonly ComposeBuild[];
}

async function readCompose(folder: string, env: Env): Promise<ComposeFile | null> {
  for (const name of COMPOSE_FILES) {
    const text = await readTextIfRegular(join(folder, name), MAX_COMPOSE_BYTES);
    if (text !== null) return { name, builds: composeBuilds(text, env) };
  }
  return null;
}

/** Each Dockerfile as its Compose services build it; by hand where none does. Pure. */
export function judgeBuilds(
  dockerfiles: readonly Dockerfile[],
  compose: ComposeFile | null,
  wanted: WantedValues,
): readonly ImageBuild[] {
  return dockerfiles.flatMap(({ file, text }) => {
    const services = (compose?.builds ?? []).filter((one) => fileOf(one) === normalize(file));
    if (compose === null || services.length === 0)
      return goStages(text).map((stage) => imageBuild(file, stage, null, {}, wanted));
    return services.flatMap((one) => {
      const given = Object.fromEntries(
        Object.entries(one.args).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      );
      const service = `${compose.name}: ${one.service}`;
      return goStages(text, given).map((stage) => imageBuild(file, stage, service, one.args, wanted));
    });
  });
}

function fileOf({ context, dockerfile }: ComposeBuild): string {
  return relative('.', join(context, dockerfile));
}

function imageBuild(
  file: string,
  stage: GoStage,
  service: string | null,
  args: ComposeBuild['args'],
  wanted: WantedValues,
): ImageBuild {
  const names = PROFILE_VARIABLES.filter((name) => wanted[name] !== undefined);
  const values = names.map((name): BuildValue => {
    const variable = stage.variables.get(name);
    const value = variable?.value ?? null;
    return { name, wanted: wanted[name] ?? '', value, by: variable?.by ?? 'undeclared' };
  });
  const undeclared = values.filter(({ by }) => by === 'undeclared');
  // What ENV or the command sets is the project's decision; an argument would not change it.
  const open = values.filter(({ by, value, wanted: want }) => (by === 'arg' || by === 'undeclared') && value !== want);
  const lines = undeclared.map(({ name }) => `ARG ${name}`);
  return {
    file,
    service,
    stage: stage.name,
    line: stage.line,
    command: hideSecrets(stage.command),
    values,
    insert: lines.length === 0 ? null : { after: stage.fromLine, lines },
    build: service === null ? buildCommand(file, open) : null,
    // Without a value Compose takes it from the environment: no address stands in the file.
    composeArgs: service === null ? [] : open.flatMap(({ name }) => (name in args ? [] : [`- ${name}`])),
  };
}

/** null where nothing is missing, or a value holds a secret: build arguments stay in the image's history. */
function buildCommand(file: string, open: readonly BuildValue[]): ShellCommand | null {
  const safe = open.filter(({ wanted }) => hideSecrets(wanted) === wanted);
  if (safe.length === 0) return null;
  const args = safe.flatMap(({ name, wanted }) => ['--build-arg', `${name}=${wanted}`]);
  return shellCommand('docker', ['build', ...args, ...(file === 'Dockerfile' ? [] : ['-f', file]), '.']);
}
