import fc from 'fast-check';
import { expect, it } from 'vitest';
import { goStages } from './dockerfile.ts';

const without = (text: string) =>
  goStages(text)
    .filter(({ variables }) => !variables.has('GOPROXY'))
    .map(({ name, line }) => `${name}:${line}`);

it.each<[string, string, string[]]>([
  ['a build without it', 'FROM golang:1.26 AS build\nCOPY . .\nRUN go build ./...\n', ['build:3']],
  ['ARG before FROM is for FROM alone', 'ARG GOPROXY\nFROM golang\nRUN go mod download\n', ['0:3']],
  ['ARG in the stage', 'FROM golang\nARG GOPROXY\nRUN go mod download\n', []],
  ['ARG with a default', 'FROM golang\nARG GOPROXY=https://goproxy.cn,direct\nRUN go build\n', []],
  ['ARG after the command', 'FROM golang\nRUN go build\nARG GOPROXY\n', ['0:2']],
  ['ENV', 'FROM golang\nENV CGO_ENABLED=0 GOPROXY="https://a,direct"\nRUN go build\n', []],
  ['ENV in the old form', 'FROM golang\nENV GOPROXY https://a,direct\nRUN go build\n', []],
  ['in the command', 'FROM golang\nRUN GOPROXY=https://a go build\n', []],
  ['by export', 'FROM golang\nRUN export GOPROXY=https://a && go build\n', []],
  ['a base stage that has it', 'FROM golang AS base\nENV GOPROXY=a\nFROM base AS build\nRUN go build\n', []],
  ['a base stage by number', 'FROM golang\nENV GOPROXY=a\nFROM 0\nRUN go build\n', []],
  ['the other stage has it', 'FROM golang AS a\nENV GOPROXY=a\nFROM golang AS b\nRUN go build\n', ['b:4']],
  [
    'continued lines with a comment',
    'FROM golang\nRUN apt-get update && \\\n  # tools\n  go \\\n  install x@latest\n',
    ['0:2'],
  ],
  ['mounts and -C', 'FROM golang\nRUN --mount=type=cache,target=/go/pkg/mod go -C cmd build\n', ['0:2']],
  ['exec form', 'FROM golang\nRUN ["go", "build", "./..."]\n', ['0:2']],
  ['a here-document', 'FROM golang\nRUN <<EOF\nset -e\ngo build\nEOF\nCMD x\n', ['0:2']],
  ['only go version', 'FROM golang\nRUN go version && go env\n', []],
  ['another program', 'FROM alpine\nRUN mango build && cargo build && ergo get\n', []],
  ['CRLF and a BOM', '\uFEFFFROM golang\r\nRUN go build\r\n', ['0:2']],
  ['lower case', 'from golang as b\nrun go test ./...\n', ['b:2']],
  ['platform', 'FROM --platform=$BUILDPLATFORM golang AS b\nRUN go build\n', ['b:2']],
  ['escape directive', '# escape=`\nFROM golang\nRUN dir & `\n go build\n', ['0:3']],
  ['no stage', 'RUN go build\n', []],
])('%s', (_, text, expected) => expect(without(text)).toEqual(expected));

it('reads anything, in bounded time', () => {
  fc.assert(fc.property(fc.string(), (text) => void goStages(text)));
  expect(goStages(`FROM golang\nRUN ${'go '.repeat(100_000)}\\\n`).length).toBe(0);
  expect(goStages(`FROM golang\n${'RUN true \\\n'.repeat(30_000)}`).length).toBe(0);
});
