/**
 * What `npm start`, `demo`, `check`, `test`, `long`, `screenshots` and `package` do, with plain words about each step.
 * Every command started here runs in its own process group, so that Ctrl-C and SIGTERM leave nothing behind.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** @param {string} name */
const bin = (name) => join(root, 'node_modules', '.bin', name);
const results = join(root, 'test-results');
const isLinux = process.platform === 'linux';

/** Rounds of the long-running suites: `short` is what every CI run plays, `full` what `npm run long` does. */
/** @type {Record<string, { file: string, short: string[], full: string[] }>} */
const LONG = {
  kill: { file: 'build/long/kill.ts', short: ['--rounds', '5'], full: ['--rounds', '50'] },
  bench: { file: 'build/bench/main.ts', short: ['probe', '--quick'], full: ['probe'] },
  accuracy: { file: 'build/long/accuracy.ts', short: ['--only', '3'], full: [] },
  open: { file: 'build/bench/main.ts', short: ['open', '--quick'], full: ['open'] },
  idle: { file: 'build/bench/main.ts', short: ['idle', '--quick'], full: ['idle'] },
  switch: { file: 'build/bench/main.ts', short: ['switch', '--quick'], full: ['switch'] },
  texts: { file: 'build/long/texts.ts', short: ['--no-figures'], full: [] },
  fuzz: {
    file: 'build/long/fuzz.ts',
    short: ['--seconds', '10', '--log-mb', '10', '--capture-mb', '10', '--no-figures'],
    full: [],
  },
  explain: { file: 'build/bench/main.ts', short: ['explain', '--quick'], full: ['explain'] },
  cli: { file: 'build/bench/main.ts', short: ['cli', '--quick'], full: ['cli'] },
  bundle: { file: 'build/bench/main.ts', short: ['bundle', '--quick'], full: ['bundle'] },
  history: { file: 'build/bench/main.ts', short: ['history', '--quick'], full: ['history'] },
  walker: { file: 'build/long/walker.ts', short: ['--every', '12'], full: [] },
  gateway: {
    file: 'build/long/gateway.ts',
    short: ['--builds', '2', '--hard', '1', '--rude', '1', '--plain', '0', '--kills', '5', '--no-figures'],
    full: [],
  },
  'gateway-cost': { file: 'build/bench/main.ts', short: ['gateway', '--quick'], full: ['gateway'] },
  redos: { file: 'build/long/redos.ts', short: ['--seconds', '15', '--seed', '1', '--no-figures'], full: [] },
  attack: { file: 'build/long/attack.ts', short: ['--short'], full: [] },
  faults: { file: 'build/long/faults.ts', short: ['--short'], full: [] },
  'ci-logs': { file: 'build/long/ci-logs.ts', short: ['--every', '9', '--no-figures'], full: [] },
  soak: { file: 'build/long/soak.ts', short: ['--days', '4', '--seeds', '2'], full: [] },
  'app-soak': {
    file: 'build/long/app-soak.ts',
    short: ['--minutes', '1', '--sleeps', '5', '--switches', '5', '--opens', '3', '--kills', '1', '--no-figures'],
    full: [],
  },
  dashboards: { file: 'build/long/dashboards.ts', short: ['--opens', '20', '--no-figures'], full: [] },
  crowd: { file: 'build/bench/main.ts', short: ['crowd', '--quick'], full: ['crowd'] },
  endpoints: { file: 'build/bench/main.ts', short: ['endpoints', '--quick'], full: ['endpoints'] },
  timing: { file: 'build/bench/main.ts', short: ['timing', '--quick'], full: ['timing'] },
};

const [, , command = '', ...args] = process.argv;
/** @type {Record<string, () => Promise<number>>} */
const commands = { start: () => start(), demo, check, test, interop, long, screenshots, package: pack };
const chosen = commands[command];
if (chosen === undefined) {
  console.error(`usage: node build/run.mjs ${Object.keys(commands).join('|')}`);
  process.exit(2);
}
process.exitCode = await chosen();

/** The menu-bar app; in a terminal without any display the same engine as a live table. */
async function start(/** @type {Record<string, string | undefined>} */ env = {}) {
  if (isLinux && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    console.error('no display: running the engine in this terminal (gopherbar watch); q quits');
    return run(process.execPath, ['electron/cli/main.ts', 'watch', ...args], env);
  }
  const app = await prepareApp();
  if (app === null) return 1;
  /** @param {Record<string, string | undefined>} home */
  const launch = (home) => run(app.file, [...app.args, ...args], { ...app.env, ...home });
  if (app.official || env.HOME !== undefined || (await mayUseRealSettings())) return launch(env);
  console.error('running with scratch settings; your Go environment, git settings and app data are not touched');
  const { withScratchHome } = await import('./demo.mjs');
  return withScratchHome(launch);
}

/** The tests' runtime is an old Electron: before it may touch real settings, someone must say so. */
async function mayUseRealSettings() {
  console.error('Only the Electron for tests is available here. Its Chromium gets no security fixes any more.');
  if (process.env.GOPHERBAR_REAL_SETTINGS === '1') return true;
  if (!process.stdin.isTTY) {
    console.error('Set GOPHERBAR_REAL_SETTINGS=1 to run it with your own settings all the same.');
    return false;
  }
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question('Run it with your own settings all the same? [y/N] ');
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** The same against the lab: servers on loopback that are healthy, slow, failing and lying; a scratch `go env`. */
async function demo() {
  const { withDemo } = await import('./demo.mjs');
  return withDemo(root, start);
}

/**
 * @param {string} name
 * @returns {[string, string, string[]]}
 */
function typesOf(name) {
  return [`types ${name}`, bin('tsc'), ['-p', name]];
}

/** Everything static, in parallel; prints each tool's words, fails when any fails. */
async function check() {
  /** @type {[string, string, string[]][]} */
  const steps = [
    ...['.', 'shared', 'electron', 'renderer', 'e2e', 'build'].map(typesOf),
    ['lint and format', bin('biome'), ['ci', '--error-on-warnings', '.']],
    ['layers', process.execPath, ['build/check-layers.mjs']],
    ['lockfile', process.execPath, ['build/check-lockfile.mjs']],
    ['docs', process.execPath, ['build/check-docs.mjs']],
    ['length of files', process.execPath, ['build/code-figures.ts', '--check']],
    ['messages', process.execPath, ['--disable-warning=ExperimentalWarning', 'build/check-messages.mjs']],
    ['dead code', bin('knip'), ['--no-progress']],
    ['dead code of the product', bin('knip'), ['--no-progress', '--production', '--include', 'files,exports,types']],
  ];
  const outcomes = await Promise.all(steps.map(([name, file, argv]) => runQuietly(name, file, argv)));
  for (const { name, code, output } of outcomes) {
    console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
    if (code !== 0) console.log(output.trimEnd());
  }
  return outcomes.every(({ code }) => code === 0) ? 0 : 1;
}

/** Unit and integration tests, then the real app in a real Electron. Ends with one line of counts. */
async function test() {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const unitReport = join(results, 'unit.json');
  const unit = await run(bin('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${unitReport}`,
  ]);
  const runs = await endToEndRuns();
  const counts = [vitestCounts(unitReport), ...runs.map((one) => one.counts)];
  /** @param {'passed' | 'failed' | 'skipped'} key */
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return [unit, ...runs.map((one) => one.code)].every((code) => code === 0) ? 0 : 1;
}

/**
 * The specs: the stories in the built app alone, because its timings are part of them; then those in the packaged app and,
 * beside them, the gallery's pages, which wait for nothing but themselves.
 */
async function endToEndRuns() {
  const app = await prepareApp();
  if (app === null) return [{ code: 1, counts: playwrightCounts('') }];
  const stories = await endToEnd('stories', app.env, 99);
  // On a Mac only the built app: the packaged one cannot be driven by tests.
  if (!isLinux) return [stories, await endToEnd('gallery', app.env, 99)];
  const { packageApp } = await import('./package.mjs');
  const packaged = { ...app.env, GOPHERBAR_PACKAGED: await packageApp() };
  return [stories, ...(await Promise.all([endToEnd('packaged', packaged, 99), endToEnd('gallery', app.env, 199)]))];
}

/**
 * @param {string} part of the specs, see e2e/playwright.config.ts
 * @param {Record<string, string | undefined>} env
 * @param {number} display the first number that is tried
 */
async function endToEnd(part, env, display) {
  const report = join(results, `e2e-${part}.json`);
  const wrapped = inDisplay(bin('playwright'), ['test', '--config', 'e2e/playwright.config.ts'], display);
  const variables = { GOPHERBAR_E2E_PART: part, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const code = await run(wrapped.file, wrapped.args, { ...env, ...variables });
  return { code, counts: playwrightCounts(report) };
}

/** The command line against real servers of Debian. */
async function interop() {
  const { ensureInteropParts } = await import('./interop-parts.mjs');
  ensureInteropParts();
  return run(bin('vitest'), ['run', '--config', 'vitest.interop.config.ts', ...args]);
}

/** `long NAME` plays one long-running suite in full, `long --short` one short round of each. */
async function long() {
  const [name, ...rest] = args;
  if (name === '--short') {
    for (const [each, { file, short }] of Object.entries(LONG)) {
      console.log(`long, one short round: ${each}`);
      const code = await run(process.execPath, [file, ...short]);
      if (code !== 0) return code;
    }
    return 0;
  }
  const suite = LONG[name ?? ''];
  if (suite === undefined) {
    console.error(`usage: npm run long -- ${Object.keys(LONG).join('|')}|--short`);
    return 2;
  }
  return run(process.execPath, [suite.file, ...(rest.length > 0 ? rest : suite.full)]);
}

/** Pictures of every state, both languages and themes. */
async function screenshots() {
  const app = await prepareApp();
  if (app === null) return 1;
  const wrapped = inDisplay(process.execPath, ['build/screenshots.ts', ...args]);
  return run(wrapped.file, wrapped.args, app.env);
}

async function pack() {
  return run(process.execPath, ['build/package.mjs', ...args]);
}

/** Builds for the runtime at hand; null when there is none (why has been said). */
async function prepareApp() {
  /** @type {string[]} */
  const variant = [];
  /** @type {Record<string, string>} */
  const env = {};
  let official = true;
  if (isLinux) {
    const { ensureRuntime } = await import('./electron-runtime.mjs');
    const runtime = await ensureRuntime();
    env.ELECTRON_OVERRIDE_DIST_PATH = runtime.dist;
    official = runtime.official;
    if (!official) variant.push('--e2e');
  } else if (command === 'test') {
    variant.push('--e2e');
  }
  const built = await run(process.execPath, ['build/build.mjs', ...variant]);
  if (built !== 0) return null;
  // Chromium's sandbox refuses to run as root; only then is it left out.
  const sandbox = isLinux && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return { file: bin('electron'), args: ['.', ...sandbox], env, official };
}

/**
 * Wraps a command in a private session bus and a virtual display.
 * @param {string} file
 * @param {string[]} argv
 */
function inDisplay(file, argv, display = 99) {
  if (!isLinux) return { file, args: argv };
  const screen = ['xvfb-run', '-a', '-n', String(display), '-s', '-screen 0 1440x900x24'];
  return { file: 'dbus-run-session', args: ['--', ...screen, file, ...argv] };
}

/**
 * Runs a command with our terminal; resolves with its exit code.
 * @param {string} file
 * @param {string[]} argv
 * @param {Record<string, string | undefined>} env
 * @returns {Promise<number>}
 */
function run(file, argv, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, argv, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
      detached: !process.stdin.isTTY,
    });
    /** @param {NodeJS.Signals} signal */
    const forward = (signal) => kill(child, signal);
    const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
    for (const signal of signals) process.on(signal, forward);
    /** @param {number} code */
    const end = (code) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`cannot run ${file}: ${error.message}`);
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function kill(child, signal) {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    // The group when it has one of its own: a signal to xvfb-run alone would leave the app running.
    process.kill(process.stdin.isTTY ? pid : -pid, signal);
  } catch {
    // Already gone.
  }
}

/**
 * @param {string} name
 * @param {string} file
 * @param {string[]} argv
 * @returns {Promise<{ name: string, code: number, output: string }>}
 */
function runQuietly(name, file, argv) {
  return new Promise((resolve) => {
    const child = spawn(file, argv, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve({ name, code: 1, output: error.message }));
    child.on('close', (code) => resolve({ name, code: code ?? 1, output }));
  });
}

/** @param {string} file */
function vitestCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const brokenFiles = report.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ one) =>
      one.status === 'failed' && one.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  };
}

/** @param {string} file */
function playwrightCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8'));
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length, skipped: stats.skipped };
}
