/**
 * Fragments for pipelines around the settings in force: proxy, cache, gate, retries, time limits. Pure. Sources: GitHub's
 * "Workflow syntax", GitLab's "CI/CD YAML syntax", Jenkins' "Pipeline Syntax", Docker's "Dockerfile reference".
 */

/** What there is a fragment for. */
export const FRAGMENTS = ['github', 'gitlab', 'jenkins', 'dockerfile'] as const;
export type FragmentName = (typeof FRAGMENTS)[number];

/** What goes into a fragment. */
export interface FragmentFacts {
  /** Go's variables without passwords. */
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Of gopherbar, pinned. */
  readonly version: string;
  /** A comment of the reader's language, by its key. */
  readonly say: (key: FragmentComment) => string;
  /** Whether a value was left out, because it holds a password. */
  readonly hasSecrets: boolean;
}

export type FragmentComment =
  | 'head'
  | 'settings'
  | 'no-secrets'
  | 'cache'
  | 'node'
  | 'gate'
  | 'step'
  | 'build-arg'
  | 'layer';

/** The text of a fragment. */
export function fragment(name: FragmentName, facts: FragmentFacts): string {
  const lines = { github, gitlab, jenkins, dockerfile }[name](facts);
  return `${lines.join('\n')}\n`;
}

function github({ variables, version, say, hasSecrets }: FragmentFacts): readonly string[] {
  return [
    `# ${say('head')}`,
    'name: Go',
    'on: [push, pull_request]',
    'permissions:',
    '  contents: read',
    'jobs:',
    '  build:',
    '    runs-on: ubuntu-latest',
    '    timeout-minutes: 30',
    ...(variables.length === 0 && !hasSecrets ? [] : [`    # ${say('settings')}`]),
    ...(hasSecrets ? [`    # ${say('no-secrets')}`] : []),
    ...(variables.length === 0 ? [] : ['    env:', ...variables.map((one) => `      ${yaml(one)}`)]),
    '    steps:',
    '      - uses: actions/checkout@v4',
    `      # ${say('cache')}`,
    '      - uses: actions/setup-go@v5',
    '        with:',
    '          go-version-file: go.mod',
    `      # ${say('node')}`,
    '      - uses: actions/setup-node@v4',
    '        with:',
    '          node-version: 24',
    `      # ${say('gate')}`,
    `      - run: npx --yes gopherbar@${version} lint`,
    `      # ${say('step')}`,
    `      - run: npx --yes gopherbar@${version} ci --budget 600 -- go mod download`,
    `      - run: npx --yes gopherbar@${version} ci --budget 900 -- go test ./...`,
  ];
}

function gitlab({ variables, version, say, hasSecrets }: FragmentFacts): readonly string[] {
  return [
    `# ${say('head')}`,
    'go:',
    '  image: golang:latest',
    '  timeout: 30m',
    `  # ${say('settings')}`,
    ...(hasSecrets ? [`  # ${say('no-secrets')}`] : []),
    '  variables:',
    '    GOMODCACHE: $CI_PROJECT_DIR/.cache/go-mod',
    ...variables.map((one) => `    ${yaml(one)}`),
    `  # ${say('cache')}`,
    '  cache:',
    '    key:',
    '      files: [go.sum]',
    '    paths: [.cache/go-mod]',
    '  before_script:',
    `    # ${say('node')}`,
    '    - apt-get update && apt-get install -y --no-install-recommends npm',
    '    - npm install --global n && n 24 && hash -r',
    '  script:',
    `    # ${say('gate')}`,
    `    - npx --yes gopherbar@${version} lint --code-quality gopherbar-quality.json`,
    `    # ${say('step')}`,
    `    - npx --yes gopherbar@${version} ci --budget 600 -- go mod download`,
    `    - npx --yes gopherbar@${version} ci --budget 900 -- go test ./...`,
    '  artifacts:',
    '    when: always',
    '    reports:',
    '      codequality: gopherbar-quality.json',
    '  allow_failure:',
    '    exit_codes: [75]',
  ];
}

function jenkins({ variables, version, say, hasSecrets }: FragmentFacts): readonly string[] {
  return [
    `// ${say('head')}`,
    'pipeline {',
    '  agent any',
    "  options { timeout(time: 30, unit: 'MINUTES') }",
    `  // ${say('settings')}`,
    ...(hasSecrets ? [`  // ${say('no-secrets')}`] : []),
    ...(variables.length === 0
      ? []
      : ['  environment {', ...variables.map(([name, value]) => `    ${name} = ${groovy(value)}`), '  }']),
    '  stages {',
    "    stage('Go') {",
    '      steps {',
    `        // ${say('node')}`,
    `        // ${say('gate')}`,
    `        sh 'npx --yes gopherbar@${version} lint'`,
    `        // ${say('step')}`,
    `        sh 'npx --yes gopherbar@${version} ci --budget 600 -- go mod download'`,
    `        sh 'npx --yes gopherbar@${version} ci --budget 900 -- go test ./...'`,
    '      }',
    '    }',
    '  }',
    '}',
  ];
}

function dockerfile({ variables, version, say, hasSecrets }: FragmentFacts): readonly string[] {
  return [
    `# ${say('head')}`,
    `# ${say('build-arg')}`,
    `# ${say('node')}`,
    'FROM node:24-slim AS node',
    'FROM golang:latest AS build',
    'COPY --from=node /usr/local /usr/local',
    `# ${say('settings')}`,
    ...(hasSecrets ? [`# ${say('no-secrets')}`] : []),
    ...variables.map(([name, value]) => `ARG ${name}=${shell(value)}`),
    'WORKDIR /src',
    `# ${say('layer')}`,
    'COPY go.mod go.sum ./',
    `# ${say('step')}`,
    'RUN --mount=type=cache,target=/go/pkg/mod \\',
    `    npx --yes gopherbar@${version} ci --budget 600 -- go mod download`,
    'COPY . .',
    'RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \\',
    `    npx --yes gopherbar@${version} ci --budget 900 -- go build ./...`,
  ];
}

/** A double-quoted scalar: JSON strings are YAML. `$` would begin a variable of GitLab. */
function yaml([name, value]: readonly [string, string]): string {
  return `${name}: ${JSON.stringify(value)}`;
}

/** Single quotes: Groovy puts nothing into them. */
function groovy(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** For ARG: a word in double quotes without substitution. */
function shell(value: string): string {
  return `"${value.replace(/["\\$]/g, (letter) => `\\${letter}`)}"`;
}
