/**
 * Packs the app. On a Mac: the universal dmg and zip, signed and notarized when the environment holds the means. On
 * Linux: a folder that runs in place, or with --release AppImages; with only the tests' runtime at hand, the packaged app
 * of the tests (dist-e2e).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Arch, Platform, build as pack } from 'electron-builder';
import { build } from './build.mjs';
import { ensureRuntime } from './electron-runtime.mjs';
import { packedAppProblems } from './packed-app.ts';
import { ownNotes } from './release.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Packs for the platform at hand. Returns the executable of the unpacked app.
 * @returns {Promise<string>}
 */
export async function packageApp() {
  return process.platform === 'darwin' ? packageForMac() : packageForLinux();
}

async function packageForMac() {
  const { default: config } = await import('../electron-builder.config.mjs');
  if (!process.env.CSC_LINK && !process.env.CSC_NAME && !hasIdentity()) {
    say('no Developer ID at hand (CSC_LINK or CSC_NAME): the app is for this Mac only');
  }
  if (!config.mac?.notarize) {
    say('not notarized: set APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER to have it done');
  }
  await build({ e2e: false });
  await pack({ projectDir: root, targets: Platform.MAC.createTarget(), publish: 'never', config: withNotes(config) });
  const app = join(root, 'dist', 'mac-universal', 'Gopherbar.app');
  const problems = await packedAppProblems(app);
  if (problems.length > 0) throw new Error(`the packed app is not as it must be:\n${problems.join('\n')}`);
  return join(app, 'Contents', 'MacOS', 'Gopherbar');
}

async function packageForLinux() {
  const runtime = await ensureRuntime();
  process.env.ELECTRON_OVERRIDE_DIST_PATH = runtime.dist;
  const { default: config } = runtime.official
    ? await import('../electron-builder.config.mjs')
    : await import('../electron-builder.e2e.config.mjs');
  if (!runtime.official) say('only the runtime of the tests is at hand: packing the app of the tests');
  await build({ e2e: !runtime.official });
  const targets = process.argv.includes('--release')
    ? Platform.LINUX.createTarget('AppImage', Arch.x64, Arch.arm64)
    : Platform.LINUX.createTarget('dir', Arch.x64);
  await pack({ projectDir: root, targets, publish: 'never', config: withNotes(config) });
  return join(root, config.directories?.output ?? 'dist', 'linux-unpacked', 'gopherbar');
}

/**
 * The update information shows what is new in this version.
 * @param {import('electron-builder').Configuration} config
 */
function withNotes(config) {
  return { ...config, releaseInfo: { releaseNotes: ownNotes() } };
}

function hasIdentity() {
  const { stdout } = spawnSync('/usr/bin/security', ['find-identity', '-v', '-p', 'codesigning'], { encoding: 'utf8' });
  return /Developer ID Application/.test(stdout ?? '');
}

function say(/** @type {string} */ text) {
  console.error(`package: ${text}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  say(`done: ${await packageApp()}`);
}
