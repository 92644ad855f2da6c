/**
 * The canary: a real `go mod download` of one module version into an empty cache, in exactly the environment that `go`
 * has (or would have with another profile). A probe gives speed and phases; this has the last word.
 */
import { chmod, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { CAUSES, type Layer } from '../../shared/domain/cause.ts';
import { redactUrl } from '../../shared/domain/goproxy-list.ts';
import { isModuleVersion } from '../../shared/domain/module-path.ts';
import type { Failure, Phase, ProbeResult, ProbeStep } from '../../shared/domain/result.ts';
import { MINUTE_MS } from '../../shared/domain/units.ts';
import { explain } from '../explain/explain.ts';
import { errorCode } from '../system/error-facts.ts';
import type { Env } from '../system/files.ts';
import type { CommandOutcome, ProcessRunner } from '../system/process-runner.ts';
import type { FindGoOutcome, FoundGo } from '../toolchain/find-go.ts';
import { envCalls, GoCommand } from '../toolchain/go-env.ts';
import type { ProbeContext } from './probe-context.ts';
import type { ProbeNetwork, ProbeRequest } from './probe-pool.ts';
import { type ResultBase, unreached } from './result-of-steps.ts';

export interface CanaryTools {
  readonly runner: ProcessRunner;
  /** The environment that `go` runs in. */
  readonly env: Env;
  readonly findGo: () => Promise<FindGoOutcome>;
}

/** A module of a few megabytes over a slow line; the endpoint's own limits win. */
const DEFAULT_HARD_MS = 2 * MINUTE_MS;
const DEFAULT_SOFT_MS = MINUTE_MS / 2;

/** No one is there to answer a question: git and its helpers must fail instead of asking. */
const NEVER_ASK = {
  GIT_TERMINAL_PROMPT: '0',
  GCM_INTERACTIVE: 'never',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes',
};

/** Downloads the endpoint's module. Never rejects; the scratch folder is gone afterwards. */
export async function probeModule(
  request: ProbeRequest,
  { clock, signal }: ProbeContext,
  tools: CanaryTools,
): Promise<ProbeResult> {
  const { endpoint, depth } = request;
  const base: ResultBase = { kind: 'module', url: endpoint.url, depth, startedAt: clock.now() };
  const { module } = endpoint;
  if (module === undefined || !isModuleVersion(module)) {
    const message =
      module === undefined ? 'no module is named' : `${module.path}@${module.version} is not a module version`;
    return unreached(base, { cause: 'module-path-malformed', phase: 'request', message });
  }
  const found = await tools.findGo();
  if (!found.ok) {
    return unreached(base, { cause: 'go-tool-missing', phase: 'request', message: found.problem.key });
  }
  const scratch = await mkdtemp(join(tmpdir(), 'gopherbar-canary-'));
  try {
    const env = await canaryEnvironment(tools, found.go, scratch, request);
    const hardMs = endpoint.limits?.hard?.totalMs ?? DEFAULT_HARD_MS;
    const began = clock.monotonic();
    const outcome = await tools.runner.run({
      file: found.go.path,
      args: ['mod', 'download', '-json', '-modcacherw', `${module.path}@${module.version}`],
      env,
      cwd: scratch,
      timeoutMs: hardMs,
      signal,
    });
    const totalMs = clock.monotonic() - began;
    if (outcome.ended === 'killed' && outcome.by === 'cancel') return { ...base, outcome: 'cancelled' };
    const { failure, hash } = read(outcome, hardMs);
    const step: ProbeStep = {
      name: 'download',
      url: endpoint.url,
      outcome: failure === null ? 'ok' : 'failed',
      durationMs: totalMs,
      cause: failure?.cause,
      phase: failure?.phase,
      hash,
    };
    const measured = { ...base, phases: {}, totalMs, steps: [step], evidence: { url: base.url } };
    if (failure !== null) return { ...measured, outcome: 'failed', failure };
    const softMs = endpoint.limits?.soft?.totalMs ?? DEFAULT_SOFT_MS;
    return { ...measured, outcome: 'ok', slow: totalMs > softMs ? ['total'] : [] };
  } finally {
    await removeCache(scratch);
  }
}

/** The environment of `go` with a cache of its own; with other variables in a copy of the person's env file. */
async function canaryEnvironment(
  { runner, env }: CanaryTools,
  go: FoundGo,
  scratch: string,
  { endpoint: { variables }, network }: ProbeRequest,
): Promise<Env> {
  const own = { GOMODCACHE: join(scratch, 'modcache'), GO111MODULE: 'on', GOWORK: 'off' };
  const base = { ...env, ...NEVER_ASK, ...own, GODEBUG: godebug(env.GODEBUG, network.changed) };
  if (variables === undefined) return base;
  const known = await new GoCommand(go, runner, env).readEnv();
  const envFile = join(scratch, 'goenv');
  if (known.ok) await copyIfThere(known.value.envFile, envFile);
  const silenced = Object.fromEntries(Object.keys(variables).map((name) => [name, undefined]));
  const tried = { ...base, ...silenced, GOENV: envFile };
  const command = new GoCommand(go, runner, tried);
  for (const args of envCalls(variables, command.unknown)) await command.change(args);
  return tried;
}

/** Without the person's own settings another download would be measured; so a file that cannot be read is an error. */
async function copyIfThere(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** What an experiment changes of go's own behaviour (https://go.dev/doc/godebug); the person's settings stay before it. */
function godebug(own: string | undefined, changed: ProbeNetwork['changed']): string | undefined {
  const wanted = [
    own,
    // Go 1.26 offers two more hybrids, with a switch of their own; an older go passes over a name that it does not know.
    changed?.smallHello === true ? 'tlsmlkem=0,tlssecpmlkem=0' : undefined,
    changed?.http1 === true ? 'http2client=0' : undefined,
  ].filter((one) => one !== undefined && one !== '');
  return wanted.length === 0 ? undefined : wanted.join(',');
}

/** What `go mod download -json` prints for a module (cmd/go/internal/modcmd, moduleJSON). */
const downloaded = v.object({
  Error: v.optional(v.string()),
  Sum: v.optional(v.string()),
  GoModSum: v.optional(v.string()),
});

function read(outcome: CommandOutcome, hardMs: number): { failure: Failure | null; hash?: string | undefined } {
  if (outcome.ended === 'not-started') {
    return { failure: { cause: 'go-tool-missing', phase: 'request', message: outcome.message, code: outcome.code } };
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), downloaded), outcome.stdout);
  const { Error: said, Sum } = parsed.success ? parsed.output : {};
  if (outcome.ended === 'exited' && outcome.exitCode === 0 && said === undefined) return { failure: null, hash: Sum };
  const text = [said, outcome.stderr].filter((one) => one !== undefined && one.trim() !== '').join('\n');
  const [finding] = explain(text);
  if (outcome.ended === 'killed' && finding === undefined) {
    // go has no limit for an answer: it waits indefinitely and prints nothing.
    const message = `go said nothing within ${Math.round(hardMs / 1_000)} s`;
    return { failure: { cause: 'response-timeout', phase: 'response', message } };
  }
  const cause = finding?.underlying ?? finding?.cause ?? 'unknown';
  return { failure: { cause, phase: PHASE_OF[CAUSES[cause].layer], message: redactText(finding?.text ?? text) } };
}

const PHASE_OF: Readonly<Record<Layer, Phase>> = {
  dns: 'dns',
  connect: 'connect',
  tls: 'tls',
  request: 'request',
  response: 'response',
  body: 'body',
  checksum: 'verify',
  vcs: 'response',
  config: 'request',
  auth: 'response',
};

function redactText(text: string): string {
  return text.replace(/https?:\/\/[^\s"']+/g, (url) => redactUrl(url)).slice(0, 500);
}

/** `go` may leave read-only folders behind (a git checkout, an old go without -modcacherw). */
async function removeCache(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}
