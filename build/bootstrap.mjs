/**
 * Makes a fresh machine ready: npm packages, on Debian-like Linux the system packages, and the Electron runtime.
 * Runs before `npm start` and `npm test`. Built-ins only and Node >= 20, because nothing is installed yet.
 *
 *   node build/bootstrap.mjs             npm packages only
 *   node build/bootstrap.mjs --runtime   also what running and testing the app needs
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NEWER_GO, newerGo, newerGoFolder } from './cache.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wantsRuntime = process.argv.includes('--runtime');

/** Libraries Electron links against, a display and a message bus for tests, and the tools Gopherbar drives. */
const APT_PACKAGES = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libnotify4',
  'xvfb',
  'xauth',
  'dbus',
  'iproute2',
  'util-linux',
  'curl',
  'golang-go',
  'git',
  'fonts-noto-cjk',
  // Stands in for the Mac's system font, so that pictures do not take Latin letters from the Chinese one.
  'fonts-inter',
  'zsh',
  'fish',
  // Presses keys on the display, as a person does.
  'strace',
  'xdotool',
  // Check the manual page and the scripts of fragments for pipelines.
  'mandoc',
  'shellcheck',
  // Reads JUnit reports as strictly as their consumers.
  'libxml2-utils',
  // What the gateway's cost is measured beside.
  'nginx-light',
];

installNpmPackages();
if (wantsRuntime) {
  if (process.platform === 'linux') installSystemPackages();
  await installElectron();
  if (process.platform === 'linux') getNewerGo();
}

/** Installs exactly the lockfile, once per lockfile and platform. */
function installNpmPackages() {
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
  const marker = join(root, 'node_modules', '.installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === stamp) return;
  say('installing npm packages (about half a minute)');
  // Through the shell's npm on PATH: npm.cmd does not matter, the app is for macOS and Linux.
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (npm.status !== 0) fail('npm ci failed', 'run `npm ci` and read its message');
  writeFileSync(marker, stamp);
}

/** Installs missing Debian packages as root; otherwise names the command that would. */
function installSystemPackages() {
  if (spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).status !== 0) {
    say(`not a Debian-like system: make sure you have the equivalents of ${APT_PACKAGES.join(' ')}`);
    return;
  }
  const missing = APT_PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = ['apt-get', 'install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) fail(`missing system packages: ${missing.join(' ')}`, `run: sudo ${command.join(' ')}`);
  say(`installing system packages: ${missing.join(' ')}`);
  if (aptGet(command.slice(1)) || (aptGet(['update']) && aptGet(command.slice(1)))) return;
  fail('apt-get could not install them', `run: ${command.join(' ')}`);
}

/** @param {string} name */
function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholder
  const query = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.endsWith('ok installed');
}

/** @param {string[]} args */
function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

/** The tests drive an old `go` (the system's) and a newer one, which Debian's later releases carry. */
function getNewerGo() {
  if (existsSync(newerGo()) || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return;
  say(`getting go ${NEWER_GO} for the tests, beside yours (283 MB unpacked)`);
  const script = join(root, 'build', 'get-go.sh');
  const got = spawnSync('bash', [script, NEWER_GO, newerGoFolder()], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (got.status !== 0) say(`it could not be had: the tests that drive go ${NEWER_GO} will fail`);
}

/** macOS: the official Electron of the lockfile. Linux: the runtime that tests and the demo use. */
async function installElectron() {
  if (process.platform === 'linux') {
    const { ensureRuntime } = await import('./electron-runtime.mjs');
    await ensureRuntime();
    return;
  }
  if (existsSync(join(root, 'node_modules', 'electron', 'dist'))) return;
  say('downloading Electron');
  const install = spawnSync(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
    stdio: 'inherit',
  });
  if (install.status !== 0) fail('Electron could not be downloaded', 'run: node node_modules/electron/install.js');
}

/** @param {string} text */
function say(text) {
  console.error(`bootstrap: ${text}`);
}

/**
 * @param {string} what
 * @param {string} remedy
 */
function fail(what, remedy) {
  console.error(`bootstrap: ${what}\n           ${remedy}`);
  process.exit(1);
}
