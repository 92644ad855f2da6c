/**
 * What reaches go in an image, for ten shapes of Dockerfile and Compose file: our reading agrees with what the real `go env`
 * says when a shell applies Docker's rules to the same lines, and the remedy makes the terminal's value arrive.
 */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { goToolchains } from '../../../build/go-toolchains.ts';
import type { ImageBuild } from '../../../shared/domain/effective.ts';
import { composeBuilds } from './compose.ts';
import { judgeBuilds } from './image-builds.ts';

const WANTED = { GOPROXY: 'https://mirror.test|direct', GOPRIVATE: 'git.corp.test' };
const go = goToolchains().at(-1)?.path ?? 'go';

/** `go env` of the stage: `steps` are its ENV and ARG lines as a shell would carry them out, with the build's arguments. */
function goproxyOf(steps: readonly string[], args: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(args).map(([name, value]) => `BUILD_${name}=${value}`);
  const script = [...steps, `exec ${go} env GOPROXY`].join('\n');
  const env = ['PATH=/usr/bin:/bin', 'HOME=/nonexistent', 'GOTOOLCHAIN=local', ...given];
  return execFileSync('env', ['-i', ...env, 'sh', '-c', script], { encoding: 'utf8' }).trim();
}

const DEFAULT = goproxyOf([]);
/** ARG in a shell: set and exported where the build passes a value or there is a default. */
const arg = (name: string, preset?: string) =>
  preset === undefined
    ? `[ -n "\${BUILD_${name}+x}" ] && export ${name}="$BUILD_${name}"`
    : `export ${name}="\${BUILD_${name}-${preset}}"`;

interface Shape {
  readonly name: string;
  readonly dockerfile: readonly string[];
  readonly compose?: string;
  readonly steps: readonly string[];
  readonly args?: Readonly<Record<string, string>>;
}

const SERVICE = (args: string) => `services:\n  api:\n    build:\n      context: .\n      args: ${args}\n`;

const SHAPES: readonly Shape[] = [
  { name: 'nothing', dockerfile: ['FROM golang', 'RUN go build'], steps: [] },
  { name: 'ARG alone', dockerfile: ['FROM golang', 'ARG GOPROXY', 'RUN go build'], steps: [arg('GOPROXY')] },
  {
    name: 'ARG with a default',
    dockerfile: ['FROM golang', 'ARG GOPROXY=https://a.test', 'RUN go build'],
    steps: [arg('GOPROXY', 'https://a.test')],
  },
  {
    name: 'ENV',
    dockerfile: ['FROM golang', 'ENV GOPROXY="https://b.test,direct"', 'RUN go mod download'],
    steps: ['export GOPROXY="https://b.test,direct"'],
  },
  {
    name: 'ENV over ARG',
    dockerfile: ['FROM golang', 'ENV GOPROXY=https://b.test', 'ARG GOPROXY=https://c.test', 'RUN go build'],
    steps: ['export GOPROXY=https://b.test'],
  },
  {
    name: 'ENV from an ARG of another name',
    dockerfile: ['FROM golang', 'ARG MIRROR=https://d.test', 'ENV GOPROXY=$MIRROR,direct', 'RUN go build'],
    steps: [arg('MIRROR', 'https://d.test'), 'export GOPROXY=$MIRROR,direct'],
  },
  {
    name: 'the command itself',
    dockerfile: ['FROM golang', 'ENV GOPROXY=https://b.test', 'RUN GOPROXY=off go build'],
    steps: ['export GOPROXY=https://b.test', 'export GOPROXY=off'],
  },
  {
    name: 'a base stage',
    dockerfile: ['FROM golang AS base', 'ENV GOPROXY=https://e.test', 'FROM base AS build', 'RUN go build'],
    steps: ['export GOPROXY=https://e.test'],
  },
  {
    name: 'a Compose service with a value',
    dockerfile: ['FROM golang', 'ARG GOPROXY', 'RUN go build'],
    compose: SERVICE('{GOPROXY: https://f.test}'),
    steps: [arg('GOPROXY')],
    args: { GOPROXY: 'https://f.test' },
  },
  {
    name: 'a Compose service that takes it from the environment',
    dockerfile: ['FROM golang', 'ARG GOPROXY', 'RUN go build'],
    compose: SERVICE('[GOPROXY]'),
    steps: [arg('GOPROXY')],
    args: { GOPROXY: WANTED.GOPROXY },
  },
];

function buildOf(dockerfile: readonly string[], compose?: string): ImageBuild {
  const files = [{ file: 'Dockerfile', text: `${dockerfile.join('\n')}\n` }];
  const services = compose === undefined ? null : { name: 'compose.yaml', builds: composeBuilds(compose, WANTED) };
  const [build, ...others] = judgeBuilds(files, services, WANTED);
  if (build === undefined || others.length > 0) throw new Error('not one build');
  return build;
}

const goproxyIn = ({ values }: ImageBuild) => values.find(({ name }) => name === 'GOPROXY');

it.each(SHAPES)('an image with $name sees the value that go says', ({ dockerfile, compose, steps, args }) => {
  expect(goproxyIn(buildOf(dockerfile, compose))?.value ?? DEFAULT).toBe(goproxyOf(steps, args) || DEFAULT);
});

describe('the remedy', () => {
  const ARRIVED = [
    { name: 'GOPROXY', value: WANTED.GOPROXY },
    { name: 'GOPRIVATE', value: WANTED.GOPRIVATE },
  ];
  const inserted = (lines: readonly string[], { insert }: ImageBuild) =>
    insert === null ? lines : [...lines.slice(0, insert.after), ...insert.lines, ...lines.slice(insert.after)];

  it('of docker build makes the terminal’s values arrive', () => {
    const dockerfile = ['FROM golang AS build', 'WORKDIR /src', 'RUN go build'];
    const build = buildOf(dockerfile);
    expect(build.build).toBe(
      "docker build --build-arg 'GOPROXY=https://mirror.test|direct' --build-arg GOPRIVATE=git.corp.test .",
    );
    const passed = SERVICE(`{GOPROXY: "${WANTED.GOPROXY}", GOPRIVATE: ${WANTED.GOPRIVATE}}`);
    expect(buildOf(inserted(dockerfile, build), passed).values).toMatchObject(ARRIVED);
  });

  it('of a Compose service names no value: Compose takes it from the environment', () => {
    const dockerfile = ['FROM golang', 'ARG GOPROXY', 'RUN go build'];
    const build = buildOf(dockerfile, SERVICE('[VERSION=1]'));
    expect(build).toMatchObject({ build: null, composeArgs: ['- GOPROXY', '- GOPRIVATE'] });
    const args = ['VERSION=1', ...build.composeArgs.map((one) => one.replace('- ', ''))];
    expect(buildOf(inserted(dockerfile, build), SERVICE(`[${args.join()}]`)).values).toMatchObject(ARRIVED);
  });

  it.each(['ENV', 'the command itself'])('leaves alone what is set by %s', (name) => {
    const { insert, build } = buildOf(SHAPES.find((one) => one.name === name)?.dockerfile ?? []);
    expect(`${insert?.lines} ${build}`).not.toContain('GOPROXY');
  });

  it('puts no password into a build argument', () => {
    const text = 'FROM golang\nARG GOPROXY\nRUN go build\n';
    const [build] = judgeBuilds([{ file: 'Dockerfile', text }], null, { GOPROXY: 'https://me:secret@m.test' });
    expect(build).toMatchObject({ build: null });
  });
});
