/** Made-up answers for pictures of the pages of profiles, of what is in effect, and of a project. */

import type { EffectiveContext, EffectiveTable, EffectiveValue } from '../../shared/domain/effective.ts';
import type { LintFinding } from '../../shared/domain/lint.ts';
import type { Preflight } from '../../shared/domain/preflight.ts';
import { shellCommand } from '../../shared/domain/shell-command.ts';
import type { Snapshot } from '../../shared/domain/snapshot.ts';
import type { SwitchPlan } from '../../shared/domain/switch-plan.ts';
import type { ProfileRoute } from '../../shared/domain/verdict.ts';

/** A switch away from a comma list. */
export const PLAN: SwitchPlan = {
  variables: [
    {
      name: 'GOPROXY',
      from: 'https://goproxy.cn,https://proxy.golang.org,direct',
      to: 'https://goproxy.cn|https://proxy.golang.org|direct',
    },
  ],
  git: [{ key: 'http.proxy', from: ['http://127.0.0.1:7890'], to: [] }],
  commands: [
    { tool: 'go', args: ['env', '-w', 'GOPROXY=https://goproxy.cn|https://proxy.golang.org|direct'] },
    { tool: 'git', args: ['config', '--global', '--unset-all', 'http.proxy'] },
  ],
  leftOut: [],
};

/** The ways that the snapshot's profiles have anyway. */
export function routesOf({ profiles }: Snapshot): readonly ProfileRoute[] {
  return profiles.map(({ profile, walk }) => ({ profileId: profile.id, walk, isPrivate: false }));
}

/** One finding of each severity. */
export const FINDINGS: readonly LintFinding[] = [
  {
    rule: 'comma-after-flaky',
    severity: 'error',
    subject: 'GOPROXY',
    params: { entry: 'https://goproxy.cn' },
    fix: { variables: { GOPROXY: 'https://goproxy.cn|https://proxy.golang.org,direct' }, git: [] },
    command: null,
  },
  {
    rule: 'proxy-env-dead',
    severity: 'warning',
    subject: 'http_proxy',
    params: { name: 'http_proxy', value: 'http://127.0.0.1:7890' },
    fix: null,
    command: shellCommand('unset', ['http_proxy']),
  },
  { rule: 'direct-missing', severity: 'hint', subject: 'GOPROXY', params: {}, fix: null, command: null },
];

const value = (name: EffectiveValue['name'], text: string, layers: EffectiveValue['layers']): EffectiveValue => ({
  name,
  value: text,
  layers,
  unexplained: false,
  remedy:
    layers[0]?.layer === 'environment' ? shellCommand('sed', ['-i.bak', '--', '12s/^/# /', '/Users/me/.zshrc']) : null,
});
const GO = { path: '/usr/local/go/bin/go', version: 'go1.26.10', installer: 'go.dev' } as const;
const PIPE = 'https://goproxy.cn|https://proxy.golang.org|direct';
const TERMINAL = 'https://goproxy.io,direct';
const DEFAULT = 'https://proxy.golang.org,direct';
const VSCODE = '/Users/me/Library/Application Support/Code/User/settings.json';
const BREW_GO_ENV = '/opt/homebrew/opt/go/libexec/go.env';
const quiet: EffectiveContext = {
  id: 'gui',
  shell: null,
  problem: null,
  sources: [],
  differs: [],
  remedy: null,
  go: GO,
  values: [
    value('GOPROXY', PIPE, [
      { layer: 'go-env-file', value: PIPE, place: { file: '/Users/me/Library/Application Support/go/env', line: 2 } },
    ]),
    value('GOSUMDB', 'sum.golang.org', [
      { layer: 'goroot', value: 'sum.golang.org', place: { file: '/usr/local/go/go.env', line: 8 } },
    ]),
  ],
};

export const TABLE: EffectiveTable = {
  contexts: [
    {
      ...quiet,
      id: 'interactive-shell',
      shell: '/bin/zsh',
      values: [
        value('GOPROXY', TERMINAL, [
          { layer: 'environment', value: TERMINAL, place: { file: '/Users/me/.zshrc', line: 12 } },
          { layer: 'go-env-file', value: PIPE, place: null },
        ]),
        ...quiet.values.slice(1),
      ],
    },
    { ...quiet, id: 'login-shell', shell: '/bin/zsh' },
    quiet,
    { ...quiet, id: 'app', problem: 'not-here', values: [] },
    { ...quiet, id: 'editor', shell: 'VS Code', sources: [VSCODE] },
    {
      ...quiet,
      id: 'homebrew',
      differs: ['GOPROXY'],
      values: [value('GOPROXY', DEFAULT, [{ layer: 'built-in', value: DEFAULT, place: null }])],
      remedy: {
        commands: [
          shellCommand('env', [`GOENV=${BREW_GO_ENV}`, '/opt/homebrew/bin/go', 'env', '-w', `GOPROXY=${TERMINAL}`]),
        ],
        lines: [],
        file: BREW_GO_ENV,
      },
    },
    {
      ...quiet,
      id: 'cron',
      differs: ['GOPROXY'],
      values: [
        value('GOPROXY', 'direct', [
          { layer: 'environment', value: 'direct', place: { file: 'crontab -l', line: null } },
        ]),
      ],
      remedy: { commands: [], lines: [`GOPROXY=${TERMINAL}`], file: null },
    },
    { ...quiet, id: 'sudo', problem: 'unreadable', values: [] },
  ],
  builds: [
    {
      file: 'deploy/Dockerfile',
      service: 'compose.yaml: api',
      stage: 'build',
      line: 7,
      command: 'go build ./cmd/api',
      values: [
        { name: 'GOPROXY', wanted: TERMINAL, value: null, by: 'undeclared' },
        { name: 'GOSUMDB', wanted: 'sum.golang.org', value: 'off', by: 'env' },
        { name: 'GOPRIVATE', wanted: 'git.corp.example', value: 'git.corp.example', by: 'arg' },
      ],
      insert: { after: 1, lines: ['ARG GOPROXY'] },
      build: null,
      composeArgs: ['- GOPROXY'],
    },
  ],
  gos: [GO, { path: '/opt/homebrew/bin/go', version: 'go1.25.4', installer: 'homebrew' }],
  project: null,
};

export const PREFLIGHT: Preflight = {
  file: '/Users/me/work/shop/go.mod',
  modules: ['git.corp.example/shop'],
  cached: 118,
  missing: [
    {
      path: 'git.corp.example/shop/auth',
      version: 'v1.4.0',
      part: 'zip',
      fate: 'fails',
      from: 'https://goproxy.cn',
      cause: 'connection-reset',
      leaksTo: 'proxy',
    },
    {
      path: 'golang.org/x/net',
      version: 'v0.47.0',
      part: 'zip',
      fate: 'falls-back',
      from: 'https://proxy.golang.org',
      cause: null,
      leaksTo: null,
    },
  ],
  problems: [
    {
      key: 'leak',
      severity: 'error',
      params: { count: 1, hosts: 'git.corp.example' },
      command: shellCommand('go', ['env', '-w', 'GOPRIVATE=git.corp.example']),
    },
    {
      key: 'fails',
      severity: 'error',
      params: { count: 1, from: 'https://goproxy.cn', cause: 'connection-reset' },
      command: null,
    },
  ],
  seconds: { from: 1.2, to: 3.6 },
  walk: { steps: [], outcome: 'fell-back', endsAt: 1, latencyMs: 180 },
};
