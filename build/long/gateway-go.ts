/** The real `go` behind a gateway process: projects in scratch folders, builds with time and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

/** A gateway process that is listening. */
export interface RunningGateway {
  readonly url: string;
  readonly goproxy: string;
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
  /** What it has printed so far, one event a line, without the first line. */
  events(): readonly Readonly<Record<string, unknown>>[];
  readonly child: ChildProcess;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts `gopherbar gateway --json` with a home of its own. Rejects with what it printed when it does not listen. */
export async function startGateway(
  args: readonly string[],
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningGateway> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'electron/cli/main.ts', 'gateway', '--json', ...args],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: home, GOENV: join(home, 'goenv'), GOTOOLCHAIN: 'local', LANG: 'C', ...env },
    },
  );
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes) => (out += bytes));
  child.stderr.on('data', (bytes) => (err += bytes));
  const exited = once(child, 'exit');
  while (!out.includes('\n')) {
    const isOver = await Promise.race([exited.then(() => true), once(child.stdout, 'data').then(() => false)]);
    if (isOver && !out.includes('\n')) throw new Error(`the gateway did not listen: ${out}${err}`);
  }
  const first = JSON.parse(out.slice(0, out.indexOf('\n'))) as {
    listening: string;
    goproxy: string;
    pid: number;
    env: Record<string, string>;
  };
  return {
    url: first.listening,
    goproxy: first.goproxy,
    pid: first.pid,
    env: first.env,
    child,
    events: () =>
      out
        .split('\n')
        .slice(1, -1)
        .map((line) => JSON.parse(line)),
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
  };
}

/** One run of `go`. */
export interface GoRun {
  readonly code: number | null;
  readonly output: string;
  readonly ms: number;
  /** The go.sum that it left; '' for none. */
  readonly goSum: string;
}

/** Runs `go` in a new folder with these files and an empty module cache; all that it makes is removed afterwards. */
export async function runGo(
  go: string,
  args: readonly string[],
  files: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string>>,
  timeoutMs = 120_000,
): Promise<GoRun> {
  const folder = mkdtempSync(join(tmpdir(), 'gopherbar-go-'));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, 'project', name)), { recursive: true });
      writeFileSync(join(folder, 'project', name), text);
    }
    mkdirSync(join(folder, 'project'), { recursive: true });
    const began = performance.now();
    const child = spawn(go, args, {
      cwd: join(folder, 'project'),
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GOPATH: join(folder, 'gopath'),
        GOCACHE: join(folder, 'build'),
        GOENV: 'off',
        GOFLAGS: '-modcacherw -mod=mod',
        GOTOOLCHAIN: 'local',
        GIT_TERMINAL_PROMPT: '0',
        // Names of modules lead nowhere: what is fetched directly fails at once.
        HTTPS_PROXY: 'http://127.0.0.1:9',
        ...env,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    await once(child, 'close');
    clearTimeout(timer);
    let goSum = '';
    try {
      goSum = readFileSync(join(folder, 'project', 'go.sum'), 'utf8');
    } catch {
      // None was written.
    }
    return { code: child.exitCode, output, ms: performance.now() - began, goSum };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
