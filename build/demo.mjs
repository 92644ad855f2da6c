/**
 * The demo's surroundings: the lab as a separate process, a settings file that points at it, and a scratch home so
 * that switching acts on a Go environment of its own. Everything is removed at the end.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs `act` with the demo's environment variables; resolves with what it resolves with, after cleaning up.
 * @param {string} root
 * @param {(env: Record<string, string | undefined>) => Promise<number>} act
 */
export async function withDemo(root, act) {
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-demo-'));
  const dataHome = join(scratch, 'data');
  mkdirSync(dataHome);
  const lab = await startLab(root, dataHome, join(scratch, 'goenv'));
  if (lab === null) {
    rmSync(scratch, { recursive: true, force: true });
    return 1;
  }
  console.error(`demo: the lab answers on loopback; the Go environment in use is ${join(scratch, 'goenv')}, not yours`);
  try {
    return await act(scratchEnvironment(scratch, dataHome));
  } finally {
    lab.kill('SIGTERM');
    // Go marks its module cache read-only; rm needs no such permission as its owner once the folders are writable.
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Runs `act` with a home of its own and settings as after a first start; everything is removed at the end.
 * @param {(env: Record<string, string | undefined>) => Promise<number>} act
 */
export async function withScratchHome(act) {
  const scratch = mkdtempSync(join(tmpdir(), 'gopherbar-scratch-'));
  const dataHome = join(scratch, 'data');
  mkdirSync(dataHome);
  try {
    return await act(scratchEnvironment(scratch, dataHome));
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * @param {string} scratch
 * @param {string} dataHome
 */
function scratchEnvironment(scratch, dataHome) {
  return {
    HOME: scratch,
    XDG_DATA_HOME: dataHome,
    XDG_CONFIG_HOME: join(scratch, 'config'),
    XDG_CACHE_HOME: join(scratch, 'cache'),
    GOENV: join(scratch, 'goenv'),
    GOPATH: join(scratch, 'go'),
    GOCACHE: join(scratch, 'gocache'),
    GOMODCACHE: join(scratch, 'gomodcache'),
    GOFLAGS: '-modcacherw',
    GIT_CONFIG_GLOBAL: join(scratch, 'gitconfig'),
    // What the person's own shell exports would win over every profile.
    ...Object.fromEntries(
      ['GOPROXY', 'GOSUMDB', 'GOPRIVATE', 'GONOPROXY', 'GONOSUMDB'].map((name) => [name, undefined]),
    ),
  };
}

/**
 * Starts the lab and waits for its ready line; null (and why, on stderr) when it ends before that.
 * @param {string} root
 * @param {string} dataHome
 * @param {string} goEnv
 * @returns {Promise<import('node:child_process').ChildProcess | null>}
 */
function startLab(root, dataHome, goEnv) {
  const lab = spawn(process.execPath, [join(root, 'e2e/lab/main.ts'), '--data-folder', dataHome, '--go-env', goEnv], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((resolve) => {
    let heard = '';
    lab.stdout.on('data', (chunk) => {
      heard += chunk;
      if (heard.includes('"ready":true')) resolve(lab);
    });
    lab.on('error', (error) => {
      console.error(`demo: the lab could not be started: ${error.message}`);
      resolve(null);
    });
    lab.on('exit', () => resolve(null));
  });
}
